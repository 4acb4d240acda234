import type { HostView, HostWarning } from '../../shared/contract/views.ts';
import type { FootprintLimits } from '../../shared/model/alert.ts';
import { describeNameDrift, type NameDrift } from '../../shared/policy/name-drift.ts';
import { loadAlertSettings } from '../db/alert-settings-store.ts';
import { type AppliedHead, listAppliedHeads } from '../db/bundle-store.ts';
import { listUnsignedHosts } from '../db/collection-store.ts';
import { listFootprints, type StoredFootprint } from '../db/footprint-store.ts';
import { listHostWaits, type StoredWait, toHostWait } from '../db/host-wait-store.ts';
import type { HostRecord } from '../db/host-store.ts';
import type { HostState } from '../db/host-state-store.ts';
import type { BackendContext } from './backend-context.ts';
import { type CompiledDraft, readCompiledDraft } from './draft-compiled.ts';
import { readHostRecords, readHostStates } from './host-records.ts';
import { listHostWarnings } from './host-warnings.ts';
import { readIdentities } from './identity-book.ts';
import { listIdentityWarnings } from './identity-warnings.ts';

/** The part of a host's view that can be told without compiling what the draft would send to every host. */
export type HostStanding = Pick<HostView, 'id' | 'name' | 'managed' | 'zone' | 'appliedMode' | 'agentVersion' | 'lastContactAtMs' | 'lastError' | 'warnings' | 'waits'>;

/** What is stored of a host beside its record. `unsignedSinceMs`: when the bundle was made that nobody signed and that it is known by; null where that is not so. */
export type StoredOfHost = { readonly unsignedSinceMs: number | null; readonly state: HostState | undefined; readonly applied: AppliedHead | undefined; readonly footprint: StoredFootprint | undefined; readonly limits: FootprintLimits; readonly wait: StoredWait | undefined; /** Of who it is. */ readonly identity: readonly HostWarning[] };

/** What is stored of every host, each table read once. */
export function readStored(ctx: BackendContext): (host: HostRecord) => StoredOfHost {
  const { read } = ctx.workspace;
  const [states, applied, footprints, unsigned, limits] = [readHostStates(ctx), listAppliedHeads(read), listFootprints(read), listUnsignedHosts(read), loadAlertSettings(read)];
  const [waits, book] = [listHostWaits(read), readIdentities(ctx)];
  return ({ id }) => ({ unsignedSinceMs: unsigned.get(id) ?? null, state: states.get(id), applied: applied.get(id), footprint: footprints.get(id), limits, wait: waits.get(id), identity: listIdentityWarnings(book, id, ctx.nowMs()) });
}

/** `isPending`: it waits for a push to be confirmed. `isDrifted`: it runs what was not sent. */
export type ListedStanding = HostStanding & { readonly isPending: boolean; readonly isDrifted: boolean };

/** Ordered by name. Without the warning that its names drifted, for which the draft has to be compiled: `listHostViews` has that. */
export function listHostStandings(ctx: BackendContext): ListedStanding[] {
  const compiled = readCompiledDraft(ctx);
  const storedOf = readStored(ctx);
  return readHostRecords(ctx).map((host) => {
    const stored = storedOf(host);
    const state = stateOf(host, stored.state, stored.applied, null);
    return { ...toStanding(host, compiled, { ...stored, drift: [] }), isPending: state === 'pending', isDrifted: state === 'drifted' };
  });
}

export const isManaged = ({ ssh, carried }: Pick<HostRecord, 'ssh' | 'carried'>): boolean => ssh !== null || carried;

export function toStanding(host: HostRecord, compiled: Pick<CompiledDraft, 'zones'>, { unsignedSinceMs, state, applied, footprint, limits, wait, identity, drift }: StoredOfHost & { readonly drift: readonly NameDrift[] }): HostStanding {
  const managed = isManaged(host);
  const nameDrift = drift.filter(({ hosts }) => hosts.includes(host.name)).map((entry) => describeNameDrift({ ...entry, hosts: [host.name] }));
  return {
    id: host.id,
    name: host.name,
    managed,
    zone: compiled.zones.get(host.id)?.zone?.name ?? null,
    appliedMode: applied?.mode ?? null,
    agentVersion: state?.status?.agentVersion ?? null,
    lastContactAtMs: state?.lastContactAtMs ?? null,
    lastError: state?.lastError ?? null,
    warnings: listHostWarnings({ managed, unsignedSinceMs, status: state?.status ?? null, footprint, limits, bypasses: state?.network?.bypasses ?? [], nameDrift, identity }),
    waits: wait === undefined ? null : toHostWait(wait),
  };
}

/** The first that holds, worst first: what differs from what we applied is told before what the draft would change. `draftBundle` only tells `in-sync` from `behind`. */
export function stateOf(
  host: Pick<HostRecord, 'id' | 'ssh' | 'carried'>,
  state: HostState | undefined,
  applied: Pick<AppliedHead, 'hash'> | undefined,
  draftBundle: string | null,
): HostView['state'] {
  if (!isManaged(host)) return 'unmanaged';
  if (state === undefined || state.statusAtMs === null) return 'unknown';
  const { status } = state;
  if (status === null) return 'no-agent';
  if (status.hostId !== host.id) return 'drifted';
  if (status.pending !== null) return 'pending';
  const isChanged = status.kernelHash !== status.expectedKernelHash;
  if (!status.loaded || isChanged || (applied !== undefined && status.runningBundle !== applied.hash)) return 'drifted';
  return status.runningBundle === draftBundle ? 'in-sync' : 'behind';
}
