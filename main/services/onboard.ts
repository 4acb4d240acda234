import type { OnboardedHost, OnboardOrder, OnboardStep } from '../../shared/contract/onboarding.ts';
import { FirebreakError } from '../../shared/errors.ts';
import { judgeHostKey } from '../../shared/model/host-key.ts';
import type { HostRecord } from '../db/host-store.ts';
import { findHostState } from '../db/host-state-store.ts';
import { findListedKeys } from '../db/listed-key-store.ts';
import { overHosts, type ProgressEvent } from './agent-many.ts';
import { type AgentPackage, readAgentPackage } from './agent-package.ts';
import { collect, createNameWork, lookAtHost, type NameWork, putAgent } from './agent-service.ts';
import type { BackendContext } from './backend-context.ts';
import { refuseUntrusted } from './compare-keys.ts';
import { getHost, listChosenHosts } from './find-host.ts';
import { showKey, trustKey } from './host-trust.ts';
import { readDrainCursor } from './ingest.ts';
import { type JumpOrder, orderByJumps } from './jump-order.ts';
import { throwUntrusted } from './untrusted-key.ts';

type OnboardEvent = Exclude<ProgressEvent, { type: 'done' }> | { type: 'done'; result: { hosts: OnboardedHost[] } };
/** What a host came to. */
type Place = { step: OnboardStep | null; wasDone: boolean };
type Job = { readonly agent: AgentPackage; readonly as: string | null; readonly names: NameWork; readonly order: JumpOrder; readonly halt: AbortSignal; readonly signal: AbortSignal };
type Begin = (step: OnboardStep) => void;

/** Those of this process, by the names that their callers gave them. */
const running = new Map<string, AbortController>();

/** No further host is begun; those under way go on to their end. Nothing happens where none of that name runs here. */
export function stopOnboarding(run: string): void {
  running.get(run)?.abort();
}

/**
 * Takes every chosen host from its key to its first flows: pins the key if a list has it · refuses what cannot run the agent · installs · collects. A host that is done is not connected to, so that the same call goes on
 * where one ended; one that fails stops no other. The steps are those of trustKey, installAgents and collectFrom, and are stored and audited as theirs. By name.
 * `signal` aborts what is under way. @throws NOT_FOUND · FILE_NOT_READABLE · NAME_TAKEN where one called `run` runs here
 */
export async function* onboardHosts(ctx: BackendContext, { hosts, run, as }: OnboardOrder, signal?: AbortSignal): AsyncGenerator<OnboardEvent, void, void> {
  if (running.has(run)) throw new FirebreakError('NAME_TAKEN', { what: 'onboarding', name: run });
  const agent = await readAgentPackage(ctx.agentDir);
  const order = orderByJumps(listChosenHosts(ctx, hosts));
  const [halt, stop] = [new AbortController(), new AbortController()];
  signal?.addEventListener('abort', () => stop.abort(), { once: true });
  const job: Job = { agent, as, order, names: createNameWork(ctx, stop.signal), halt: halt.signal, signal: stop.signal };
  const places = new Map<string, Place>(order.hosts.map(({ name }) => [name, { step: null, wasDone: false }]));
  const work = (host: HostRecord, say: (text: string) => void) => onboard(ctx, host, places.get(host.name) ?? { step: null, wasDone: false }, { ...job, say }).finally(() => order.pass(host));
  running.set(run, halt);
  try {
    for await (const event of overHosts(ctx, order.hosts, work, stop)) {
      if (event.type !== 'done') yield event;
      else yield { type: 'done', result: { hosts: event.result.hosts.map((row) => toRow(row, places.get(row.hostName))).toSorted((a, b) => (a.hostName < b.hostName ? -1 : 1)) } };
    }
  } finally {
    running.delete(run);
  }
}

function toRow(row: Omit<OnboardedHost, 'outcome' | 'step'>, place: Place | undefined): OnboardedHost {
  const step = place?.step ?? null;
  if (row.ok) return { ...row, step, outcome: place?.wasDone === true ? 'already' : 'done' };
  return { ...row, step, outcome: row.error?.code === 'ABORTED' ? 'stopped' : 'failed' };
}

async function onboard(ctx: BackendContext, host: HostRecord, place: Place, { say, ...job }: Job & { say: (text: string) => void }): Promise<string> {
  await job.order.before(host);
  if (job.halt.aborted) throw new FirebreakError('ABORTED', { doing: 'onboarding, before this host was begun' });
  const begin: Begin = (step) => {
    place.step = step;
  };
  const left = readLeft(ctx, host, job.agent.version);
  if (left === 'nothing') {
    place.wasDone = true;
    return `agent ${job.agent.version} and its facts are there already`;
  }
  begin('key');
  say('comparing its key');
  await ensureKey(ctx, host, job.signal);
  job.order.pass(host);
  const installed = left === 'collect' ? [] : [await install(ctx, host, { ...job, say, begin })];
  begin('collect');
  say('fetching its first flows');
  return [...installed, await collect(ctx, host, job.names, job.signal)].join('; ');
}

/** What is stored decides, so that nobody is asked twice. A host whose first snapshot is not here yet was interrupted after its install. */
function readLeft(ctx: BackendContext, host: HostRecord, version: string): 'all' | 'collect' | 'nothing' {
  const state = findHostState(ctx.workspace.read, host.id);
  if (state?.status?.agentVersion !== version || state.factsAtMs === null) return 'all';
  return readDrainCursor(ctx, host.id) === 0 ? 'collect' : 'nothing';
}

/**
 * Pins the key where none is and a list has it. A pinned one is verified by every connection.
 * @throws HOST_KEY_UNKNOWN for one that no list has · HOST_KEY_NOT_AS_LISTED · HOST_KEY_REVOKED
 */
async function ensureKey(ctx: BackendContext, { name }: HostRecord, signal: AbortSignal): Promise<void> {
  // Somebody may have pinned it since the list of hosts was read.
  const host = getHost(ctx, name);
  if (host.pinnedKeys.length > 0) {
    const listed = findListedKeys(ctx.workspace.read, host.id);
    for (const key of host.pinnedKeys) throwUntrusted({ host: name, presented: key, pinned: host.pinnedKeys, listed, verdict: judgeHostKey(key, host.pinnedKeys, listed) });
    return;
  }
  const shown = await showKey(ctx, name, signal);
  refuseUntrusted(ctx, host, shown);
  if (shown.verdict === 'listed') return trustKey(ctx, name, shown.presented, false);
  // Accept-new, for labs only: the connection that follows pins it.
  if (ctx.acceptNewHostKeys) return;
  throw new FirebreakError('HOST_KEY_UNKNOWN', { host: name, algorithm: shown.presented.algorithm, fingerprint: shown.presented.fingerprint });
}

async function install(ctx: BackendContext, host: HostRecord, { agent, as, signal, say, begin }: Job & { say: (text: string) => void; begin: Begin }): Promise<string> {
  const job = { agent, as, signal, say, replace: false, adopt: false, allowDowngrade: false };
  begin('check');
  const looked = await lookAtHost(ctx, host, job);
  begin('install');
  return putAgent(ctx, host, looked, job);
}
