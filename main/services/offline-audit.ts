import { resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { FirebreakError } from '../../shared/errors.ts';
import type { Address } from '../../shared/net/address.ts';
import { auditInSteps } from '../../shared/offline-audit/audit-hosts.ts';
import type { LogRead, OfflineAudit, OfflineFlow, OfflineHost } from '../../shared/offline-audit/offline-audit.ts';
import { inert } from '../../shared/text/inert.ts';
import { readAnsibleFleet } from '../imports/ansible/read-fleet.ts';
import { isAnsibleFleet } from '../imports/ansible/fleet-files.ts';
import { openLog } from '../imports/log-file.ts';
import { readFlowLog } from '../imports/read-flow-log.ts';
import { type CarriedHosts, toOfflineFlow } from './offline-carried.ts';
import { listRuleFiles, readHostList, readRulesOf } from './offline-files.ts';

/**
 * `paths`: files of rules, folders of them, or an Ansible inventory; `logs`: flow logs; `hostsPath`: which addresses hosts have; `templatesPath`: the templates of an inventory’s role.
 * `carried`: hosts and flows that a workspace has of imported bundles and logs.
 */
export type OfflineOrder = {
  paths: readonly string[];
  logs: readonly string[];
  hostsPath: string | null;
  templatesPath: string | null;
  carried?: CarriedHosts | null;
  nowMs: number;
  signal?: AbortSignal | undefined;
};
export type OfflineEvent = { type: 'progress'; text: string; done: number; total: number } | { type: 'done'; audit: OfflineAudit };

/** Hosts are judged without a pause for so long, then others get their turn. */
const SLICE_MS = 50;

/** `auditOffline` without its progress. @throws as it does */
export async function auditAtOnce(order: OfflineOrder): Promise<OfflineAudit> {
  for await (const event of auditOffline(order)) if (event.type === 'done') return event.audit;
  throw new Error('the audit ended without a result');
}

/**
 * Audits from files alone: no agent, no connection, nothing is written. What cannot be read as rules is listed and ends nothing.
 * @throws FILE_NOT_READABLE · INPUT_INVALID where the files hold neither rules nor flows · ABORTED between two files or hosts
 */
export async function* auditOffline(order: OfflineOrder): AsyncGenerator<OfflineEvent, void, void> {
  const carried = order.carried ?? null;
  const named = order.hostsPath === null ? new Map<string, Address[]>() : await readHostList(order.hostsPath);
  const hosts = new Map<string, OfflineHost>((carried?.hosts ?? []).map((host) => [host.name, host]));
  const unread: OfflineAudit['unread'] = [];
  const limits: string[] = [...(carried?.limits ?? [])];
  const files = order.paths.length + order.logs.length;
  const reading = (path: string, done: number): OfflineEvent => {
    stopIfAborted(order);
    return { type: 'progress', text: `reading ${inert(path)}`, done, total: files };
  };
  for (const [done, path] of order.paths.map((one) => resolve(one)).entries()) {
    yield reading(path, done);
    if (await isAnsibleFleet(path)) {
      const fleet = await readAnsibleFleet(path, order.templatesPath);
      for (const host of fleet.hosts) hosts.set(host.name, merge(hosts.get(host.name), host));
      unread.push(...fleet.unread);
      limits.push(...fleet.limits);
      continue;
    }
    for (const file of await listRuleFiles(path)) {
      const read = await readRulesOf(file);
      if (read.host === null) unread.push({ path: file, reason: read.reason });
      else hosts.set(read.host.name, merge(hosts.get(read.host.name), read.host));
    }
  }
  for (const [name, addresses] of named) hosts.set(name, merge(hosts.get(name), { name, addresses, labels: {}, files: [] }));
  const flows: OfflineFlow[] = [...(carried?.flows ?? [])];
  const logs: LogRead[] = [...(carried?.logs ?? [])];
  for (const [done, path] of order.logs.entries()) {
    yield reading(path, order.paths.length + done);
    const read = await readLog(path, order);
    flows.push(...read.flows);
    logs.push(read.log);
  }
  if (hosts.size === 0) throw new FirebreakError('INPUT_INVALID', { issues: [{ path: 'paths', message: unread[0] === undefined ? nothingGiven(carried) : `${unread[0].path}: ${unread[0].reason}` }] });
  const steps = auditInSteps([...hosts.values()], flows);
  for (let [done, last] = [0, 0]; ; done += 1) {
    const step = steps.next();
    if (step.done === true) {
      yield { type: 'done', audit: { ...step.value, logs, unread, limits: [...limits, ...limitsOf(step.value, logs)] } };
      return;
    }
    if (performance.now() - last < SLICE_MS) continue;
    await setImmediate();
    stopIfAborted(order);
    last = performance.now();
    yield { type: 'progress', text: `judging ${step.value}`, done, total: hosts.size };
  }
}

function stopIfAborted({ signal }: OfflineOrder): void {
  if (signal?.aborted === true) throw new FirebreakError('ABORTED', { doing: 'auditing files' });
}

const nothingGiven = (carried: CarriedHosts | null): string =>
  carried === null ? 'no file of rules was given; give what “nft list ruleset” or “iptables-save” printed, one file a host, named after it' : 'no bundle was imported into this workspace, and no file of rules was given';

/** A host may have several files (IPv4, IPv6), and its addresses from a list. */
function merge(known: OfflineHost | undefined, more: OfflineHost): OfflineHost {
  if (known === undefined) return more;
  return { ...known, addresses: [...new Map([...known.addresses, ...more.addresses].map((one) => [`${one.family} ${one.value}`, one])).values()], labels: { ...known.labels, ...more.labels }, files: [...known.files, ...more.files] };
}

async function readLog(path: string, { nowMs, signal }: OfflineOrder): Promise<{ flows: OfflineFlow[]; log: LogRead }> {
  const flows: OfflineFlow[] = [];
  for await (const event of readFlowLog(await openLog(resolve(path)), { format: null, nowMs, isListening: () => false, ...(signal === undefined ? {} : { signal }) })) {
    if (event.kind !== 'done') continue;
    for (const conversation of event.book.conversations()) flows.push(...toOfflineFlow(conversation));
    return { flows, log: { path, format: event.figures.format, rows: event.figures.read, taken: event.figures.taken, leftOut: event.figures.leftOut.map(({ kind, reason, rows }) => ({ kind, reason, rows })) } };
  }
  throw new Error('the log ended without figures');
}

function limitsOf({ hosts, flows, flowsToHosts }: Pick<OfflineAudit, 'hosts' | 'flows' | 'flowsToHosts'>, logs: readonly LogRead[]): string[] {
  const [unplaced, ruleless] = [hosts.filter(({ addresses }) => addresses.length === 0).length, hosts.filter(({ files }) => files.length === 0).length];
  return [
    'Rules are read as files say them. Whether a host runs them, and what else stands between (other firewalls, routers, clouds), is not known.',
    'Only connections to the hosts themselves are judged: what they open, and what they pass on to containers or networks, is not.',
    ...(logs.length === 0 ? ['No flow log was given: nothing is known about what is used.'] : [`Logs show what they saw while they were written, and no more. ${flowsToHosts} of ${flows} flows end at one of these hosts.`]),
    ...(unplaced > 0 ? [`The addresses of ${unplaced} of ${hosts.length} hosts are not known: no flow can be theirs, and rules for one of their addresses are uncertain. Give them with --hosts FILE (lines such as “10.0.0.5 web1”).`] : []),
    ...(ruleless > 0 ? [`There are no rules of ${ruleless} of ${hosts.length} hosts.`] : []),
  ];
}
