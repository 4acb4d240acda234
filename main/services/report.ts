import type { HostView } from '../../shared/contract/views.ts';
import type { HostId } from '../../shared/model/ids.ts';
import type { ReportModel } from '../reports/report-model.ts';
import { renderSummaryReport } from '../reports/summary-report.ts';
import { listUnsignedHosts } from '../db/collection-store.ts';
import { listPeerAddresses } from '../db/flow-query.ts';
import { sumVerdicts } from '../db/flow-totals.ts';
import { findFacts, listHostStates } from '../db/host-state-store.ts';
import { listHosts } from '../db/host-store.ts';
import { listWaivers } from '../db/draft-store.ts';
import { listPushes } from '../db/push-store.ts';
import { HOUR_MS, listFigureSums } from '../db/recording-store.ts';
import { findNewestVersion } from '../db/version-store.ts';
import type { BackendContext } from './backend-context.ts';
import { isDraftChanged } from './draft.ts';
import { type CompiledDraft, readCompiledDraft } from './draft-compiled.ts';
import { createFlowNames } from './flow-names.ts';
import { readKpis } from './kpi.ts';
import { listHostViews } from './host-views.ts';
import { listReportEvidence } from './report-evidence.ts';
import { isInPlay } from './report-hosts.ts';
import { readHostQuality } from './observation-quality.ts';
import { listRuleZones } from './rule-zones.ts';
import { isSampleWorkspace } from './sample-workspace.ts';

const DEFAULT_PERIOD_MS = 7 * 24 * HOUR_MS;
export const CONSOLE_VERSION = '0.1.0';

/** The summary as HTML; the same model gives the same page. `sinceMs` null: the last seven days. */
export function renderReport(ctx: BackendContext, sinceMs: number | null): string {
  return renderSummaryReport(readReportModel(ctx, sinceMs ?? ctx.nowMs() - DEFAULT_PERIOD_MS));
}

/** Everything that the summary states, limits included. Reads only. */
export function readReportModel(ctx: BackendContext, fromMs: number): ReportModel {
  const compiled = readCompiledDraft(ctx);
  const members = [...compiled.zones.values()];
  const ruleZones = listRuleZones(compiled);
  const views = listHostViews(ctx);
  const newest = findNewestVersion(ctx.workspace.read);
  return {
    workspace: ctx.workspace.path,
    sample: isSampleWorkspace(ctx),
    generatedAtMs: ctx.nowMs(),
    generatedBy: ctx.user,
    console: CONSOLE_VERSION,
    period: { fromMs, toMs: ctx.nowMs() },
    policyVersion: newest === undefined ? null : String(newest.id),
    draftChanged: isDraftChanged(ctx),
    limits: readLimits(ctx, compiled, fromMs),
    zones: compiled.policy.zones.map((zone) => ({
      name: zone.name,
      mode: zone.mode,
      outbound: zone.outbound,
      hosts: members.filter((m) => m.zone?.name === zone.name).length,
      runs: countRuns(views.filter((view) => view.zone === zone.name)),
      rules: ruleZones.get(zone.name) ?? 0,
    })),
    hostsWithoutZone: members.filter((m) => m.zone === null).length,
    verdicts: sumVerdicts(ctx.workspace.read, fromMs),
    waivers: listWaivers(ctx.workspace.read, fromMs),
    evidence: newest === undefined ? [] : listReportEvidence(ctx, newest.id),
    pushes: listPushes(ctx.workspace.read, { limit: 20 }).map((push) => ({
      id: push.id,
      kind: push.kind,
      version: String(push.version),
      author: push.author,
      note: push.note,
      startedAtMs: push.startedAtMs,
      outcome: push.outcome,
      hostsConfirmed: push.hosts.filter((h) => h.step === 'confirmed').length,
      hostsInAll: push.hosts.length,
    })),
    kpis: readKpis(ctx, fromMs),
  };
}

/** By what was last read back from the hosts, never by what was sent. */
function countRuns(views: readonly HostView[]): ReportModel['zones'][number]['runs'] {
  const counts = new Map<string, number>();
  for (const view of views) {
    const what = view.state === 'in-sync' || view.state === 'behind' ? (view.appliedMode ?? 'observe') : RUNS_OTHERWISE[view.state];
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return [...counts].map(([what, hosts]) => ({ what, hosts })).toSorted((a, b) => b.hosts - a.hosts || (a.what < b.what ? -1 : 1));
}

const RUNS_OTHERWISE = { drifted: 'drifted', pending: 'not confirmed', unknown: 'not read', 'no-agent': 'no agent', unmanaged: 'unmanaged' } as const;

function readLimits(ctx: BackendContext, compiled: CompiledDraft, fromMs: number): ReportModel['limits'] {
  const states = new Map(listHostStates(ctx.workspace.read).map((s) => [s.host, s]));
  const hosts = listHosts(ctx.workspace.read);
  const unsigned = listUnsignedHosts(ctx.workspace.read);
  const withAgent = compiled.fleet.filter((h) => h.managed && states.get(h.id)?.status != null);
  const byStick = new Set(hosts.flatMap(({ id, carried }) => (carried ? [id] : [])));
  const byStickWithAgent = withAgent.filter(({ id }) => byStick.has(id)).length;
  const sums = listFigureSums(ctx.workspace.read, fromMs).filter((s) => withAgent.some((h) => h.id === s.host));
  const hoursOf = (id: (typeof withAgent)[number]['id']) => sums.find((s) => s.host === id && s.figure === 'snapshots')?.hours ?? 0;
  const hoursAHost = Math.max(1, Math.floor((ctx.nowMs() - fromMs) / HOUR_MS));
  const names = createFlowNames(compiled);
  return {
    hostsInScope: compiled.fleet.filter((h) => h.managed).length,
    hostsWithAgent: withAgent.length,
    hostsReporting: withAgent.filter((h) => hoursOf(h.id) > 0).length,
    silentHosts: withAgent
      .filter((h) => hoursOf(h.id) === 0 && !byStick.has(h.id))
      .map((h) => h.name)
      .toSorted(),
    hoursOfData: withAgent.reduce((sum, h) => sum + Math.min(hoursAHost, countRecordedHours(ctx, h.id, fromMs)), 0),
    hoursExpected: withAgent.length * hoursAHost,
    eventsLost: sums.filter((s) => s.figure.startsWith('lost-') || s.figure === 'dropped').reduce((sum, s) => sum + s.amount, 0),
    unmanagedPeers: listPeerAddresses(ctx.workspace.read)
      .map((a) => names.address(a))
      .filter((n) => n.host === null && n.ipList === null).length,
    carried: { hosts: byStick.size, withAgent: byStickWithAgent, withoutAgent: compiled.fleet.filter((h) => h.managed && byStick.has(h.id)).length - byStickWithAgent, unsigned: hosts.flatMap(({ id, name }) => (unsigned.has(id) ? [name] : [])) },
    otherFirewalls: withAgent.flatMap((h) =>
      (findFacts(ctx.workspace.read, h.id)?.firewalls ?? [])
        .filter(({ state }) => isInPlay(state))
        .map((f) => ({ host: h.name, firewall: f.state === '' ? f.name : `${f.name}: ${f.state}` })),
    ),
  };
}

/** Hours with a snapshot, and those that the next snapshot counted; not those that no counter covers or that were not fetched. */
function countRecordedHours(ctx: BackendContext, host: HostId, fromMs: number): number {
  const { complete, late, lost } = readHostQuality(ctx, host, fromMs).totals;
  return complete + late + lost;
}
