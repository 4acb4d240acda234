import type { HostChoice } from '../../shared/contract/contract.ts';
import type { AgentStatus } from '../../shared/contract/agent-replies.ts';
import { FirebreakError } from '../../shared/errors.ts';
import type { FleetHost } from '../../shared/model/host.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { compileObserve } from '../../shared/policy/compile.ts';
import { clearAppliedBundle, findBundle, listAppliedHeads, saveBundle, setAppliedBundle } from '../db/bundle-store.ts';
import { saveStatus } from '../db/host-state-store.ts';
import type { HostRecord } from '../db/host-store.ts';
import { createAgentClient } from './agent-client.ts';
import { collectHost } from './agent-collect.ts';
import { installAgent } from './agent-install.ts';
import { overHosts, type ProgressEvent } from './agent-many.ts';
import { assertOurAgent, findAgent } from './agent-owner.ts';
import { type AgentPackage, readAgentPackage } from './agent-package.ts';
import { probeHost } from './agent-probe.ts';
import { recordConsole, recordFacts, recordStatus } from './agent-record.ts';
import type { BackendContext } from './backend-context.ts';
import { listChosenHosts } from './find-host.ts';
import { listFleet } from './fleet.ts';
import { describeClock } from './host-clock.ts';
import { resetDrain } from './ingest.ts';
import { toBundle } from './plan-bundles.ts';
import { printRulesetJson } from './plan-ruleset-json.ts';
import { assertNotInRunningPush } from './push-start.ts';
import { recordChange } from './record-change.ts';
import { resolveTarget } from './ssh-targets.ts';

type Events = AsyncGenerator<ProgressEvent, void, void>;

/**
 * Installs the agent on every chosen host, or repairs it; it only observes. A host is looked at first, and left untouched when it
 * cannot run the agent (NFT_MISSING, SUDO_REFUSED, HOST_UNSUPPORTED), or has another workspace's and `replace` is not set (AGENT_NOT_OURS).
 * @throws NOT_FOUND for an unknown host · FILE_NOT_READABLE; failures of single hosts are in the result
 */
export async function installAgents(ctx: BackendContext, choice: HostChoice, { replace = false }: { replace?: boolean } = {}): Promise<Events> {
  const agent = await readAgentPackage(ctx.agentDir);
  const stop = new AbortController();
  return overHosts(ctx, listChosenHosts(ctx, choice), (host, say) => installOn(ctx, host, { agent, replace, say, signal: stop.signal }), stop);
}

type InstallJob = { agent: AgentPackage; replace: boolean; say: (text: string) => void; signal: AbortSignal };

async function installOn(ctx: BackendContext, host: HostRecord, { agent, replace, say, signal }: InstallJob): Promise<string> {
  say('looking whether the agent can run there');
  const probe = await probeHost(ctx.sshPool, resolveTarget(ctx, host.name), signal);
  if (probe.clientAddress !== null) recordConsole(ctx, host.id, probe.clientAddress);
  const target = resolveTarget(ctx, host.name);
  const found = await findAgent(createAgentClient(ctx.sshPool), target, host.id, { signal });
  if (found.kind === 'not-ours' && !replace) throw new FirebreakError('AGENT_NOT_OURS', { host: host.name, otherId: found.otherId });
  const isFresh = found.kind === 'none' || found.kind === 'not-ours';
  const fleetHost = getFleetHost(ctx, host.id);
  // Facts are not known yet on a first install; the port that sshd listens on is.
  const known = probe.serverPort === null ? fleetHost : { ...fleetHost, management: { ...fleetHost.management, sshPort: probe.serverPort } };
  const observe = toBundle(known, compileObserve(known), 0);
  say('installing the agent');
  const status = await installAgent(ctx.sshPool, target, { host: host.id, agent, observeBundle: observe.text, replace, signal });
  const detail = `version ${status.agentVersion}${found.kind === 'not-ours' ? `, in place of the one of ${found.otherId}` : ''}`;
  recordChange(ctx, { action: 'agents.install', subject: host.name, detail, groups: ['hosts'] }, (tx) => {
    saveBundle(tx, {
      host: host.id, hash: observe.hash, version: findBundle(tx, host.id, observe.hash)?.version ?? null, mode: 'observe', zone: null,
      text: observe.text, rulesetJson: printRulesetJson(observe.ruleset), createdAtMs: ctx.nowMs(),
    });
    saveStatus(tx, host.id, status, ctx.nowMs());
    // An already confirmed policy of this console stays; one that this workspace has never seen is shown as drift.
    const confirmed = status.confirmedBundle;
    if (confirmed !== null && findBundle(tx, host.id, confirmed) !== undefined) setAppliedBundle(tx, host.id, confirmed, ctx.nowMs());
    else setAppliedBundle(tx, host.id, observe.hash, ctx.nowMs());
  });
  if (isFresh) resetDrain(ctx, host.id);
  say('reading its facts');
  recordFacts(ctx, host.id, await createAgentClient(ctx.sshPool).facts(target, { signal }));
  return isFresh ? `agent ${status.agentVersion} installed; ${status.runningMode ?? 'nothing'} is loaded` : `agent ${status.agentVersion} is in place; ${status.runningMode ?? 'nothing'} is loaded`;
}

function getFleetHost(ctx: BackendContext, id: HostId): FleetHost {
  const host = listFleet(ctx).find((candidate) => candidate.id === id);
  if (host === undefined) throw new FirebreakError('NOT_FOUND', { what: 'host', name: id, known: [] });
  return host;
}

/** Takes rules, timers and every file of ours away from each chosen host. What was recorded stays in the workspace. */
export function uninstallAgents(ctx: BackendContext, choice: HostChoice): Events {
  const stop = new AbortController();
  return overHosts(ctx, listChosenHosts(ctx, choice), (host) => uninstallFrom(ctx, host, stop.signal), stop);
}

async function uninstallFrom(ctx: BackendContext, host: HostRecord, signal: AbortSignal): Promise<string> {
  assertNotInRunningPush(ctx.workspace.read, host.id);
  const agents = createAgentClient(ctx.sshPool);
  const target = resolveTarget(ctx, host.name);
  const found = await findAgent(agents, target, host.id, { signal });
  if (found.kind === 'not-ours') throw new FirebreakError('AGENT_NOT_OURS', { host: host.name, otherId: found.otherId });
  if (found.kind !== 'none') await agents.uninstall(target, { signal });
  const enforced = listAppliedHeads(ctx.workspace.read).get(host.id)?.mode === 'enforce' ? '; it enforced until now, and blocks nothing any more' : '';
  const text = found.kind === 'none' ? 'there was no agent' : `removed: rules, timers and every file of ours${enforced}`;
  recordChange(ctx, { action: 'agents.uninstall', subject: host.name, detail: text, groups: ['hosts'] }, (tx) => {
    clearAppliedBundle(tx, host.id);
    saveStatus(tx, host.id, null, ctx.nowMs());
  });
  resetDrain(ctx, host.id);
  return text;
}

/** Reads back what every chosen host runs, and stores it. */
export function readStatuses(ctx: BackendContext, choice: HostChoice): Events {
  const stop = new AbortController();
  return overHosts(ctx, listChosenHosts(ctx, choice), (host) => readStatus(ctx, host, stop.signal), stop);
}

async function readStatus(ctx: BackendContext, host: HostRecord, signal: AbortSignal): Promise<string> {
  const status = await createAgentClient(ctx.sshPool).status(resolveTarget(ctx, host.name), { signal });
  recordStatus(ctx, host.id, status);
  assertOurAgent(host.id, host.name, status);
  return describeStatus(status) + describeClock(status.clock, ctx.nowMs());
}

/** One line for people about what a host runs. Pure. */
export function describeStatus(status: AgentStatus): string {
  if (!status.loaded) return `agent ${status.agentVersion}: NO RULES OF OURS ARE LOADED`;
  const parts = [`agent ${status.agentVersion}`, `${status.runningMode ?? 'unknown mode'}, bundle ${status.runningBundle?.slice(0, 12) ?? 'unknown'}`];
  if (status.pending !== null) parts.push(`push ${status.pending.id} by ${status.pending.by} waits ${Math.max(0, Math.ceil(status.pending.secondsLeft))} s for its confirmation`);
  if (status.kernelHash !== status.expectedKernelHash) parts.push('THE RULES IN THE KERNEL WERE CHANGED by something else');
  if (status.unresolved !== undefined && status.unresolved.length > 0) parts.push(`rules for ${status.unresolved.slice(0, 8).join(', ')} match nobody: not on this host`);
  if (!status.bootUnitEnabled) parts.push('not loaded at boot');
  return parts.join('; ');
}

/** Fetches facts, status and recorded flows of every chosen host. */
export function collectFrom(ctx: BackendContext, choice: HostChoice): Events {
  const stop = new AbortController();
  return overHosts(ctx, listChosenHosts(ctx, choice), (host) => collect(ctx, host, stop.signal), stop);
}

async function collect(ctx: BackendContext, host: HostRecord, signal: AbortSignal): Promise<string> {
  const { snapshots, connections, rejected, clockSeconds } = await collectHost(ctx, host.id, resolveTarget(ctx, host.name), signal);
  return `${connections} new connections from ${snapshots} snapshots${rejected === 0 ? '' : `; ${rejected} lines or elements could not be understood`}${describeClock(clockSeconds, ctx.nowMs())}`;
}
