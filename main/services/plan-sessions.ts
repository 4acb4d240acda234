import PQueue from 'p-queue';
import type { AgentSession } from '../../shared/contract/agent-replies.ts';
import type { ForbiddenSession, HostSessions, SessionPlan } from '../../shared/model/session.ts';
import { diffHostRulesets } from '../../shared/policy/diff-host.ts';
import { createAgentClient } from './agent-client.ts';
import type { BackendContext } from './backend-context.ts';
import { readCompiledDraft } from './draft-compiled.ts';
import { createFlowNames, type FlowNames, peerNameOf } from './flow-names.ts';
import { createSessionSorter, type SessionSorter } from './live-sessions.ts';
import { findScope, type PlannedHost } from './plan-scope.ts';
import { getZone } from './draft-zones.ts';
import { sentenceOf } from './push-world.ts';
import { resolveTarget } from './ssh-targets.ts';

const PARALLEL_HOSTS = 16;
const HOST_TIMEOUT_MS = 10_000;
/** A host's answer may take its turn; a plan is looked at by people who wait. */
const ALL_HOSTS_TIMEOUT_MS = 30_000;
const MAX_LISTED = 200;

/**
 * What lives now on the hosts of the scope and would not be let in under the draft. Only hosts are asked that the push brings to enforce, or that
 * enforce already and get tighter rules. Reads over SSH and changes nothing; a host that gives no answer in time has a warning instead of a list.
 * @throws NOT_FOUND for a zone that is not in the draft
 */
export async function readSessionPlan(ctx: BackendContext, zone: string | null, signal?: AbortSignal): Promise<SessionPlan> {
  const compiled = readCompiledDraft(ctx);
  if (zone !== null) getZone(compiled.policy, zone);
  const bundles = compiled.bundles();
  if (bundles === null) return { hosts: [] };
  const concerned = findScope(ctx, compiled.fleet, bundles, zone).hosts.filter(isTightened);
  if (concerned.length === 0) return { hosts: [] };
  const names = createFlowNames(compiled);
  const sort = createSessionSorter({ policy: compiled.policy, fleet: compiled.fleet, nowMs: ctx.nowMs() });
  const limit = AbortSignal.timeout(ALL_HOSTS_TIMEOUT_MS);
  const call = { timeoutMs: HOST_TIMEOUT_MS, signal: signal === undefined ? limit : AbortSignal.any([limit, signal]) };
  const queue = new PQueue({ concurrency: PARALLEL_HOSTS });
  const hosts = await Promise.all(concerned.map((host) => queue.add(() => readHost(ctx, host, { sort, names, call }))));
  return { hosts };
}

/** Pure. A host whose former rules are not known counts as one. */
export function isTightened({ after, former, formerBundle, formerRuleset }: PlannedHost): boolean {
  if (after.mode !== 'enforce' || formerBundle === after.hash) return false;
  if (former?.mode !== 'enforce') return true;
  return diffHostRulesets(formerRuleset, after.ruleset).some(({ effect }) => effect === 'tightens');
}

type Asking = { sort: SessionSorter; names: FlowNames; call: { timeoutMs: number; signal: AbortSignal } };

async function readHost(ctx: BackendContext, { after: { host } }: PlannedHost, { sort, names, call }: Asking): Promise<HostSessions> {
  const about = { host: host.id, hostName: host.name };
  try {
    const reply = await createAgentClient(ctx.sshPool).sessions(resolveTarget(ctx, host.name), call);
    const { forbidden, uncertain, warnings } = sort(host.id, reply);
    const nowMs = ctx.nowMs();
    const listed = forbidden.slice(0, MAX_LISTED).map(({ session, by }) => toForbidden(session, by, { names, nowMs }));
    return { ...about, live: reply.total, uncertain, total: forbidden.length, forbidden: listed, warnings };
  } catch (error) {
    const why = call.signal.aborted ? 'it gave no answer in time' : sentenceOf(error);
    return { ...about, live: 0, uncertain: 0, total: 0, forbidden: [], warnings: [`Its live connections are not known: ${why}`] };
  }
}

function toForbidden(session: AgentSession, by: string | null, { names, nowMs }: { names: FlowNames; nowMs: number }): ForbiddenSession {
  const { protocol, direction, local, localPort, peer, peerPort, user, unit, process, ageSeconds } = session;
  return {
    direction: direction === 'routed' ? 'unknown' : direction,
    protocol,
    localAddress: local,
    localPort,
    peerAddress: peer,
    peerPort,
    peerName: peerNameOf(names, peer),
    port: direction === 'out' ? peerPort : localPort,
    user,
    unit,
    process,
    sinceMs: ageSeconds === null ? null : nowMs - ageSeconds * 1000,
    by,
  };
}
