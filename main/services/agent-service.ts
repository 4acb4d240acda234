import type { HostChoice } from '../../shared/contract/host-choice.ts';
import type { AgentStatus, AgentUninstalled } from '../../shared/contract/agent-replies.ts';
import { FirebreakError } from '../../shared/errors.ts';
import type { FleetHost } from '../../shared/model/host.ts';
import type { CompatibilityFinding, UninstallRules } from '../../shared/model/compatibility.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { compileObserve } from '../../shared/policy/compile.ts';
import { countText } from '../../shared/text/amount-text.ts';
import { clearAppliedBundle, findBundle, listAppliedHeads, saveBundle, setAppliedBundle } from '../db/bundle-store.ts';
import { saveStatus } from '../db/host-state-store.ts';
import type { HostRecord } from '../db/host-store.ts';
import { removeHostWait } from '../db/host-wait-store.ts';
import type { ResolvedTarget } from '../ssh/ssh-target.ts';
import { createAgentClient } from './agent-client.ts';
import { collectHost } from './agent-collect.ts';
import { installAgent } from './agent-install.ts';
import { isOlderVersion } from './agent-version.ts';
import { noteStatus, settleWithoutAgent } from './alert-states.ts';
import { assertCompatible } from './compatibility.ts';
import { overHosts, type ProgressEvent } from './agent-many.ts';
import { findAgent, type FoundAgent } from './agent-owner.ts';
import { type AgentPackage, readAgentPackage } from './agent-package.ts';
import { type HostProbe, probeHost } from './agent-probe.ts';
import { readStatusAndEvents } from './agent-events.ts';
import { recordConsole, recordFacts } from './agent-record.ts';
import type { BackendContext } from './backend-context.ts';
import { listChosenHosts } from './find-host.ts';
import { listFleet } from './fleet.ts';
import { collectFootprint, forgetFootprint } from './footprint.ts';
import { forgetOldFlows } from './forget-flows.ts';
import { describeClock } from './host-clock.ts';
import { forgetHostEvents } from './host-events.ts';
import { assertSameMachine, recordOtherMachine } from './host-machine.ts';
import { inTurn } from './host-turns.ts';
import { resetDrain } from './ingest.ts';
import { readNamesByHost, resolveStaleByConsole, resolveStaleOnHost } from './name-resolution.ts';
import { once } from './once.ts';
import { toBundle } from './plan-bundles.ts';
import { printRulesetJson } from './plan-ruleset-json.ts';
import { assertNotInRunningPush } from './push-start.ts';
import { recordChange } from './record-change.ts';
import { nextBundleSeq, sealBundle } from './seal-bundle.ts';
import { signingKey } from './signing-key.ts';
import { publicKeyLine, signSsh } from './ssh-signature.ts';
import { loginAs, resolveTarget } from './ssh-targets.ts';

type Events = AsyncGenerator<ProgressEvent, void, void>;

/**
 * Installs the agent on every chosen host, or repairs it; it only observes. A host is looked at first, and left untouched when it
 * cannot run the agent (NFT_MISSING, SUDO_REFUSED, HOST_UNSUPPORTED), or has another workspace's and neither `replace` nor
 * `adopt` is set (AGENT_NOT_OURS), or a newer one (AGENT_DOWNGRADE), or is another machine than before (HOST_REBUILT), or a running push has still to do with it (PUSH_RUNNING).
 * @throws NOT_FOUND for an unknown host · FILE_NOT_READABLE; failures of single hosts are in the result
 */
export async function installAgents(ctx: BackendContext, choice: HostChoice, options: Partial<InstallOptions> = {}): Promise<Events> {
  const agent = await readAgentPackage(ctx.agentDir);
  const stop = new AbortController();
  const job = { replace: false, adopt: false, allowDowngrade: false, as: null, ...options, agent, signal: stop.signal };
  return overHosts(ctx, listChosenHosts(ctx, choice), (host, say) => installOn(ctx, host, { ...job, say }), stop);
}

/** `as`: the user to log in as, for this command only. */
export type InstallOptions = { replace: boolean; adopt: boolean; allowDowngrade: boolean; as: string | null };
export type InstallJob = InstallOptions & { agent: AgentPackage; say: (text: string) => void; signal: AbortSignal };

async function installOn(ctx: BackendContext, host: HostRecord, job: InstallJob): Promise<string> {
  return putAgent(ctx, host, await lookAtHost(ctx, host, job), job);
}

/** What a look found, and that an install goes by. */
export type LookedAt = { readonly target: ResolvedTarget; readonly probe: HostProbe; readonly cautions: readonly CompatibilityFinding[]; readonly found: FoundAgent };

/** Writes nothing to the host. @throws what installAgents refuses a host for */
export async function lookAtHost(ctx: BackendContext, host: HostRecord, { agent, replace, adopt, allowDowngrade, as, say, signal }: InstallJob): Promise<LookedAt> {
  assertNotInRunningPush(ctx.workspace.read, host.id);
  say('looking whether the agent can run there');
  const probe = await probeHost(ctx.sshPool, loginAs(resolveTarget(ctx, host.name), as), signal);
  assertSameMachine(host.name, recordOtherMachine(ctx, host.id, probe.machineId));
  if (probe.clientAddress !== null) recordConsole(ctx, host.id, probe.clientAddress);
  const target = loginAs(resolveTarget(ctx, host.name), as);
  const cautions = await assertCompatible(ctx, target, signal);
  const found = await findAgent(createAgentClient(ctx.sshPool), target, host.id, { signal });
  if (found.kind === 'not-ours' && !replace && !adopt) throw new FirebreakError('AGENT_NOT_OURS', { host: host.name, otherId: found.otherId });
  if (found.kind === 'ours' && !allowDowngrade && isOlderVersion(agent.version, found.version)) {
    throw new FirebreakError('AGENT_DOWNGRADE', { host: host.name, installed: found.version, offered: agent.version });
  }
  return { target, probe, cautions, found };
}

/** Gives one line for people, with what is yellow. */
export async function putAgent(ctx: BackendContext, host: HostRecord, looked: LookedAt, job: InstallJob): Promise<string> {
  return inTurn(host.id, () => putAgentNow(ctx, host, looked, job));
}

async function putAgentNow(ctx: BackendContext, host: HostRecord, { target, probe, cautions, found }: LookedAt, { agent, replace, adopt, allowDowngrade, say, signal }: InstallJob): Promise<string> {
  const isFresh = found.kind === 'none' || found.kind === 'not-ours';
  const fleetHost = getFleetHost(ctx, host.id);
  // An agent that is there keeps the way into the kernel that it was installed with.
  const backend = found.kind === 'ours' ? (fleetHost.backend ?? 'nft') : probe.backend;
  const known = withProbe(fleetHost, { ...probe, backend });
  const observe = toBundle(known, compileObserve(known), 0);
  const key = signingKey(ctx);
  // Looking took a while.
  assertNotInRunningPush(ctx.workspace.read, host.id);
  say('installing the agent');
  const status = await installAgent(ctx.sshPool, target, {
    host: host.id, agent, replace, adopt, allowDowngrade, signal, backend,
    observeBundle: sealBundle(key, observe.text, nextBundleSeq(0, ctx.nowMs())), manifestSignature: signSsh(key, 'firebreak-agent', agent.manifest), signer: publicKeyLine(key),
  });
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
    noteStatus(ctx, tx, host.id, status);
  });
  if (isFresh) {
    resetDrain(ctx, host.id);
    forgetHostEvents(ctx, host.id);
    forgetFootprint(ctx, host.id);
  }
  say('reading its facts');
  assertSameMachine(host.name, recordFacts(ctx, host.id, await createAgentClient(ctx.sshPool).facts(target, { signal })));
  const done = `agent ${status.agentVersion} ${isFresh ? 'installed' : 'is in place'}; ${status.runningMode ?? 'nothing'} is loaded`;
  return cautions.length === 0 ? done : `${done}. To know: ${cautions.map((finding) => finding.text).join(' ')}`;
}

/** Facts are not known yet on a first install; what the probe saw is, and is newer than any. */
function withProbe({ cgroupKeys: _outdated, backend: _former, ...host }: FleetHost, probe: HostProbe): FleetHost {
  const management = { ...host.management, sshPort: probe.serverPort ?? host.management.sshPort };
  return { ...host, management, ...(probe.cgroupKeys ? {} : { cgroupKeys: false }), ...(probe.backend === 'iptables' ? { backend: 'iptables' as const } : {}) };
}

function getFleetHost(ctx: BackendContext, id: HostId): FleetHost {
  const host = listFleet(ctx).find((candidate) => candidate.id === id);
  if (host === undefined) throw new FirebreakError('NOT_FOUND', { what: 'host', name: id, known: [] });
  return host;
}

/** Takes timers and every file of ours away from each chosen host, and its rules as `rules` says. What was recorded stays in the workspace. */
export function uninstallAgents(ctx: BackendContext, choice: HostChoice, { rules = 'remove', as = null }: { rules?: UninstallRules; as?: string | null } = {}): Events {
  const stop = new AbortController();
  return overHosts(ctx, listChosenHosts(ctx, choice), (host) => inTurn(host.id, () => uninstallFrom(ctx, host, { rules, as, signal: stop.signal })), stop);
}

async function uninstallFrom(ctx: BackendContext, host: HostRecord, { rules, as, signal }: { rules: UninstallRules; as: string | null; signal: AbortSignal }): Promise<string> {
  assertNotInRunningPush(ctx.workspace.read, host.id);
  const agents = createAgentClient(ctx.sshPool);
  const target = loginAs(resolveTarget(ctx, host.name), as);
  const found = await findAgent(agents, target, host.id, { signal });
  if (found.kind === 'not-ours') throw new FirebreakError('AGENT_NOT_OURS', { host: host.name, otherId: found.otherId });
  const reply = found.kind === 'none' ? null : await agents.uninstall(target, rules, { signal });
  const didEnforce = listAppliedHeads(ctx.workspace.read).get(host.id)?.mode === 'enforce';
  const text = reply === null ? 'there was no agent' : describeUninstalled(reply, didEnforce);
  recordChange(ctx, { action: 'agents.uninstall', subject: host.name, detail: text, groups: ['hosts'] }, (tx) => {
    clearAppliedBundle(tx, host.id);
    removeHostWait(tx, host.id);
    saveStatus(tx, host.id, null, ctx.nowMs());
    settleWithoutAgent(ctx, tx, host.id);
  });
  resetDrain(ctx, host.id);
  forgetFootprint(ctx, host.id);
  return text;
}

/** Pure. */
function describeUninstalled({ left, changedSinceInstall, othersUntouched, rules }: AgentUninstalled, didEnforce: boolean): string {
  const parts =
    rules === 'leave'
      ? [`removed: timers and every file of ours; the rules stay, also after a reboot, by ${left.join(', ')}`]
      : [`removed: rules, timers and every file of ours${didEnforce ? '; it enforced until now, and blocks nothing any more' : ''}`];
  if (!othersUntouched) parts.push('other tables of nftables were changed by somebody meanwhile');
  if (rules === 'restore' && changedSinceInstall !== null && changedSinceInstall.length > 0) parts.push(`changed by others since the install, and left as they are: ${changedSinceInstall.join(', ')}`);
  return parts.join('; ');
}

/** Reads back what every chosen host runs, and stores it. */
export function readStatuses(ctx: BackendContext, choice: HostChoice): Events {
  const stop = new AbortController();
  return overHosts(ctx, listChosenHosts(ctx, choice), (host) => readStatus(ctx, host, stop.signal), stop);
}

async function readStatus(ctx: BackendContext, host: HostRecord, signal: AbortSignal): Promise<string> {
  const target = resolveTarget(ctx, host.name);
  const { status, news } = await readStatusAndEvents(ctx, host.id, target, { signal, mend: false });
  await collectFootprint(ctx, host.id, target, status, { signal });
  return [describeStatus(status) + describeClock(status.clock, ctx.nowMs()), ...news].join('; ');
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

/** Fetches facts, status and recorded flows of every chosen host, and has names in IP lists resolved there and here where the last answer is an hour old. Then what is kept no longer is forgotten. */
export function collectFrom(ctx: BackendContext, choice: HostChoice): Events {
  const stop = new AbortController();
  const names = createNameWork(ctx, stop.signal);
  return thenForget(ctx, overHosts(ctx, listChosenHosts(ctx, choice), (host) => collect(ctx, host, names, stop.signal), stop));
}

/** Once the result was taken; most who follow leave with it. */
async function* thenForget(ctx: BackendContext, events: Events): Events {
  let isOver = false;
  try {
    for await (const event of events) {
      isOver = event.type === 'done';
      yield event;
    }
  } finally {
    if (isOver) await forgetOldFlows(ctx);
  }
}

export const createNameWork = (ctx: BackendContext, signal: AbortSignal): NameWork => ({ resolveHere: once(() => resolveStaleByConsole(ctx, signal)), byHost: once(() => readNamesByHost(ctx)) });

/** What many hosts share, done once. */
export type NameWork = { resolveHere: () => Promise<void>; byHost: () => ReturnType<typeof readNamesByHost> };

/** Waits until nothing else of this process is done there. */
export async function collect(ctx: BackendContext, host: HostRecord, names: NameWork, signal: AbortSignal): Promise<string> {
  return inTurn(host.id, () => collectNow(ctx, host, names, signal));
}

async function collectNow(ctx: BackendContext, host: HostRecord, { resolveHere, byHost }: NameWork, signal: AbortSignal): Promise<string> {
  const target = resolveTarget(ctx, host.name);
  const { snapshots, connections, rejected, clockSeconds } = await collectHost(ctx, host.id, target, signal);
  await Promise.all([resolveHere(), resolveStaleOnHost(ctx, host.id, byHost().get(host.id) ?? [], { target, signal })]);
  return `${countText(connections, 'new connection')} from ${countText(snapshots, 'snapshot')}${rejected === 0 ? '' : `; ${rejected} lines or elements could not be understood`}${describeClock(clockSeconds, ctx.nowMs())}`;
}
