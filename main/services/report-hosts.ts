import type { QualityHour } from '../../shared/contract/host-evidence.ts';
import type { HostView } from '../../shared/contract/views.ts';
import { listUnsignedHosts } from '../db/collection-store.ts';
import { findFacts } from '../db/host-state-store.ts';
import { listHosts } from '../db/host-store.ts';
import { HOUR_MS } from '../db/recording-store.ts';
import type { EvidencePeriod, EvidenceSources, RowOf } from '../reports/evidence/evidence-tables.ts';
import type { BackendContext } from './backend-context.ts';
import type { CompiledDraft } from './draft-compiled.ts';
import { readHostStates } from './host-records.ts';
import { readHostQuality } from './observation-quality.ts';

type HostRows = Pick<EvidenceSources, 'hosts' | 'recording' | 'other_firewalls' | 'posture'>;

/** Who is there, how complete their records are, and who else decides there. `pushed` is the newest version with the fleet of now. */
export function readHostRows(ctx: BackendContext, views: readonly HostView[], pushed: CompiledDraft, period: EvidencePeriod): HostRows {
  const rows: HostRows = { hosts: [], recording: [], other_firewalls: [], posture: [] };
  const states = readHostStates(ctx);
  const unsigned = listUnsignedHosts(ctx.workspace.read);
  const carried = new Map(listHosts(ctx.workspace.read).flatMap((host) => (host.carried ? [[host.id, unsigned.has(host.id) ? 'unsigned' : 'signed'] as const] : [])));
  for (const view of views) {
    const facts = view.managed ? findFacts(ctx.workspace.read, view.id) : null;
    const zone = pushed.zones.get(view.id)?.zone?.name ?? '';
    rows.hosts.push(toHostRow(view, { zone, os: facts?.os.name ?? '', carried: carried.get(view.id) ?? '' }));
    if (view.managed) rows.posture.push(toPostureRow(view, zone, states.get(view.id)?.network?.posture?.atMs ?? null));
    if (view.agentVersion === null) continue;
    rows.recording.push(...foldHours(view.name, readHostQuality(ctx, view.id, period.fromMs).hours, period));
    for (const { name, state } of facts?.firewalls ?? []) rows.other_firewalls.push({ host: view.name, firewall: name, state, in_play: isInPlay(state) });
  }
  return rows;
}

const toPostureRow = ({ name, posture }: HostView, zone: string, saidAtMs: number | null): RowOf<'posture'> => ({ host: name, zone, secure_boot: posture['secure-boot'], disk: posture.disk, updates: posture.updates, edr: posture.edr, said_at: saidAtMs });

const toHostRow = (view: HostView, { zone, os, carried }: Pick<RowOf<'hosts'>, 'zone' | 'os' | 'carried'>): RowOf<'hosts'> => ({
  host: view.name,
  managed: view.managed,
  zone,
  labels: Object.entries(view.labels).map(([key, value]) => `${key}=${value}`).toSorted().join(' '),
  addresses: view.addresses.join(' '),
  os,
  agent_version: view.agentVersion ?? '',
  state: view.state === 'in-sync' || view.state === 'behind' ? 'as-confirmed' : view.state,
  applied_mode: view.appliedMode ?? '',
  applied_version: view.appliedVersion,
  verified_at: view.verifiedAtMs,
  last_contact_at: view.lastContactAtMs,
  carried,
});

/** Neighbouring hours of one state as one run; an hour that the next snapshot counted is as recorded as one with its own. */
function foldHours(host: string, hours: readonly QualityHour[], { fromMs, untilMs }: EvidencePeriod): RowOf<'recording'>[] {
  const runs: RowOf<'recording'>[] = [];
  for (const hour of hours) {
    if (hour.startMs < fromMs || hour.startMs >= untilMs) continue;
    const state = hour.state === 'complete' || hour.state === 'late' ? 'recorded' : hour.state;
    const run = { host, from: hour.startMs, until: hour.startMs + HOUR_MS, state, snapshots: hour.snapshots, packets_lost: hour.lost, gap_seconds: hour.gapSeconds, rejected: hour.rejected, worst_clock_offset_ms: hour.clockOffsetMs };
    const last = runs.at(-1);
    if (last?.state === run.state && last.until === run.from) runs[runs.length - 1] = unite(last, run);
    else runs.push(run);
  }
  return runs;
}

const unite = (a: RowOf<'recording'>, b: RowOf<'recording'>): RowOf<'recording'> => ({
  ...a,
  until: b.until,
  snapshots: a.snapshots + b.snapshots,
  packets_lost: a.packets_lost + b.packets_lost,
  gap_seconds: a.gap_seconds + b.gap_seconds,
  rejected: a.rejected + b.rejected,
  worst_clock_offset_ms: Math.abs(b.worst_clock_offset_ms ?? 0) > Math.abs(a.worst_clock_offset_ms ?? 0) ? b.worst_clock_offset_ms : (a.worst_clock_offset_ms ?? b.worst_clock_offset_ms),
});

/** A manager that is stopped, and will not start at the next boot, drops nothing. */
export const isInPlay = (state: string): boolean => !/^inactive, (disabled|masked|indirect)$/.test(state);
