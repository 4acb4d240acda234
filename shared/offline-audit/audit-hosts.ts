import { printAddress } from '../net/address.ts';
import { type Grants, listGrants, questionsOf } from '../rule-files/list-grants.ts';
import { describeGrants } from './admitted.ts';
import { findInFlows } from './flow-findings.ts';
import { type FlowUse, holdFlows } from './flow-use.ts';
import { describeListeners, findUnusedListeners } from './listeners.ts';
import { type HostAudit, OFFLINE_CODES, type OfflineAudit, type OfflineFinding, type OfflineFlow, type OfflineHost } from './offline-audit.ts';
import { findReach } from './reach-findings.ts';
import { findInRules, isCatchAll } from './rule-findings.ts';

/** Flows of one host times what its rules ask; about twenty seconds. */
const MAX_FLOW_STEPS = 500_000_000;

type Judged = Pick<OfflineAudit, 'hosts' | 'findings' | 'flows' | 'flowsToHosts'>;

/** What the files say about these hosts, and the flows about their rules. Pure; findings in the order of `OFFLINE_CODES`, within one by connections, then as the hosts come. */
export function auditHosts(hosts: readonly OfflineHost[], flows: readonly OfflineFlow[]): Judged {
  const steps = auditInSteps(hosts, flows);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The same, host by host: gives the name of each before it is looked at, which may take seconds. */
export function* auditInSteps(hosts: readonly OfflineHost[], flows: readonly OfflineFlow[]): Generator<string, Judged, void> {
  const flowsTo = groupByHost(hosts, flows);
  const grantsOf = new Map<string, Grants>();
  const audits: HostAudit[] = [];
  const findings: OfflineFinding[] = [];
  for (const host of hosts) {
    yield host.name;
    const own = flowsTo.get(host.name) ?? [];
    const steps = own.length * questionsOf(host.files.map(({ rules }) => rules));
    const isTooMuch = steps > MAX_FLOW_STEPS;
    const use = holdFlows(host, isTooMuch ? [] : own, isCatchAll);
    const grants = listGrants(host.files.map(({ rules }) => rules), host.addresses);
    grantsOf.set(host.name, grants);
    const about = describeHost(host, grants, use);
    if (isTooMuch) about.blindSpots.push({ path: host.files[0]?.path ?? '', line: 1, text: '', reason: `${own.length} flows end at it, too many for so many rules: they were not held against its rules, and nothing is known about what is used` });
    audits.push(about);
    findings.push(...findInRules(host, grants, use), ...findUnusedListeners(host, about.listening, flows.length > 0 && !isTooMuch), ...findInFlows(host, grants, use));
  }
  findings.push(...findReach(hosts, grantsOf, flows));
  const order = new Map(OFFLINE_CODES.map((code, place) => [code, place]));
  findings.sort((a, b) => (order.get(a.code) ?? 0) - (order.get(b.code) ?? 0) || b.connections - a.connections);
  return { hosts: audits, findings, flows: flows.length, flowsToHosts: [...flowsTo.values()].reduce((sum, list) => sum + list.length, 0) };
}

function groupByHost(hosts: readonly OfflineHost[], flows: readonly OfflineFlow[]): Map<string, OfflineFlow[]> {
  const hostOf = new Map(hosts.flatMap(({ name, addresses }) => addresses.map((address) => [printAddress(address), name] as const)));
  const groups = new Map<string, OfflineFlow[]>();
  for (const flow of flows) {
    const host = hostOf.get(printAddress(flow.to));
    if (host === undefined) continue;
    const group = groups.get(host) ?? [];
    group.push(flow);
    groups.set(host, group);
  }
  return groups;
}

function describeHost(host: OfflineHost, grants: Grants, use: FlowUse): HostAudit {
  const blindSpots = host.files.flatMap(({ path, rules }) => rules.blindSpots.map((spot) => ({ path, ...spot })));
  const families = new Set(host.files.flatMap(({ rules }) => rules.families));
  for (const family of host.files.length === 0 ? [] : ([4, 6] as const)) {
    if (!families.has(family)) blindSpots.push({ path: host.files[0]?.path ?? '', line: 1, text: '', reason: `there is no file with the rules for IPv${family}: what comes by it is not known` });
  }
  if (!grants.isWhole) blindSpots.push({ path: host.files[0]?.path ?? '', line: 1, text: '', reason: `there are ${grants.combinations} combinations of addresses, protocols and ports, more than are looked at: what it lets in is not listed` });
  return {
    name: host.name,
    addresses: host.addresses.map(printAddress),
    labels: { ...host.labels },
    files: host.files.map(({ path, rules }) => ({ path, format: rules.format, chains: rules.chains.size, rules: rules.rules, exactRules: rules.exactRules })),
    origin: host.origin ?? null,
    admits: host.files.length === 0 || !grants.isWhole ? null : describeGrants(host, grants.grants),
    listening: describeListeners(host, grants, use),
    blindSpots,
    moreBlindSpots: host.files.reduce((sum, { rules }) => sum + rules.moreBlindSpots, 0),
    flows: use.flows,
    connections: use.connections,
  };
}
