import type { ZoneMaturity } from '../../shared/contract/maturity-views.ts';
import type { FleetHost } from '../../shared/model/host.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { type CronClock, toTimerEvidence } from '../../shared/policy/cron-jobs.ts';
import { judgeMaturity, type Maturity } from '../../shared/policy/maturity.ts';
import type { TimerEvidence } from '../../shared/policy/unfired-timers.ts';
import { listHostStates } from '../db/host-state-store.ts';
import { iterateFirstSeen, listRecordedHours, listTimers, type StoredTimers } from '../db/observation-store.ts';
import { HOUR_MS, listFirstHours } from '../db/recording-store.ts';
import type { BackendContext } from './backend-context.ts';
import { listCoveredHours } from './covered-hours.ts';
import { type CompiledDraft, readCompiledDraft } from './draft-compiled.ts';
import { createFlowNames, type FlowNames } from './flow-names.ts';

/** Far enough back that each weekday can have been missed three times. */
const LOOKED_AT_MS = 28 * 24 * HOUR_MS;

/** The maturity of every zone of the draft, in their order. Reads only; looks at all flows of the zones' hosts. */
export function listMaturity(ctx: BackendContext): ZoneMaturity[] {
  const compiled = readCompiledDraft(ctx);
  return compiled.policy.zones.map(({ name }) => {
    const { state, reasons, missing, newKeysADay, keys } = readMaturity(ctx, compiled, name);
    return { zone: name, state, reasons: [...reasons], missing: [...missing], newKeysADay, keys };
  });
}

/** How much of what the zone's hosts do (those with an agent) has been seen. */
export function readMaturity(ctx: BackendContext, compiled: CompiledDraft, zone: string): Maturity {
  const db = ctx.workspace.read;
  const nowMs = ctx.nowMs();
  const withAgent = new Set(listHostStates(db).flatMap(({ host, status }) => (status === null ? [] : [host])));
  const members = compiled.fleet.filter((host) => withAgent.has(host.id) && compiled.zones.get(host.id)?.zone?.name === zone);
  const ids = members.map(({ id }) => id);
  const firstHours = listFirstHours(db);
  const covered = listCoveredHours(listRecordedHours(db, ids, nowMs - LOOKED_AT_MS));
  const timers = listTimers(db, ids);
  const toHost = ({ id, name }: FleetHost) => {
    const observedSinceMs = firstHours.get(id) ?? null;
    return { name, observedSinceMs, coveredHoursMs: covered.get(id) ?? [], timers: toTimers(timers.get(id), { observedSinceMs, nowMs }) };
  };
  return judgeMaturity({ nowMs, hosts: members.map(toHost), firstSeenAtMs: listFirstSeen(ctx, createFlowNames(compiled), ids) });
}

function toTimers(stored: StoredTimers | undefined, clock: Omit<CronClock, 'zone'>): TimerEvidence[] {
  const { timers = [], cron = [], timeZone = null } = stored ?? {};
  const jobs = cron.flatMap((job) => toTimerEvidence(job, { ...clock, zone: timeZone }) ?? []);
  return [...timers.map(({ unit, lastFiredAt, nextFiresAt }) => ({ unit, lastFiredAtMs: toMs(lastFiredAt), nextFiresAtMs: toMs(nextFiresAt) })), ...jobs];
}

const toMs = (seconds: number | null): number | null => (seconds === null ? null : seconds * 1000);

/** Strangers count as one: else a service that the internet uses would never come to rest. */
function listFirstSeen(ctx: BackendContext, names: FlowNames, reporters: readonly HostId[]): number[] {
  const first = new Map<string, number>();
  for (const { reporter, direction, peerAddress, protocol, port, atMs } of iterateFirstSeen(ctx.workspace.read, reporters)) {
    const { host, ipList } = names.address(peerAddress);
    const key = `${reporter} ${direction} ${host?.id ?? ipList ?? ''} ${protocol}/${port}`;
    first.set(key, Math.min(first.get(key) ?? atMs, atMs));
  }
  return [...first.values()];
}
