import type { HostView } from '../../shared/contract/views.ts';
import { listEventsOf, type StoredEvent } from '../db/host-event-store.ts';
import { listAgentChanges, listHostSteps } from '../db/report-rows.ts';
import type { EvidencePeriod, EvidenceSources, RowOf } from '../reports/evidence/evidence-tables.ts';
import { VERIFY_EVERY_MS } from '../reports/evidence/trace-modes.ts';
import type { BackendContext } from './backend-context.ts';
import { describeEvent } from './host-events.ts';

/** All that a host keeps at the console. */
const ALL_EVENTS = 2048;

/** By what happened to each host it can be told what it ran: pushes, and what it and the console saw. */
export function readIntegrityRows(ctx: BackendContext, views: readonly HostView[], period: EvidencePeriod): Pick<EvidenceSources, 'push_steps' | 'integrity'> {
  const { read } = ctx.workspace;
  const changes = Map.groupBy(listAgentChanges(read, period.untilMs), ({ subject }) => subject);
  const rows: Pick<EvidenceSources, 'push_steps' | 'integrity'> = { push_steps: [], integrity: [] };
  for (const view of views.filter(({ managed }) => managed)) {
    const host = view.name;
    for (const step of listHostSteps(read, view.id, period)) {
      rows.push_steps.push({ host, at: step.at_ms, step: step.step, push: step.push_id, mode: step.mode ?? 'unknown', zone: step.zone ?? '', version: step.version, detail: step.detail });
    }
    const installs = (changes.get(host) ?? []).map(({ at_ms: at, action, detail }) => ({ host, at, event: action === 'agents.install' ? 'agent-installed' : 'agent-uninstalled', subject: '', from: '', detail }));
    const events = chooseEvents(listEventsOf(read, view.id, ALL_EVENTS), period).map((event) => toEventRow(host, event));
    rows.integrity.push(...[...installs, ...events, ...toReadBack(view, period)].sort((a, b) => a.at - b.at));
  }
  return rows;
}

/** Those of the period, and before it the last one that says whether the rules were as confirmed. */
function chooseEvents(newestFirst: readonly StoredEvent[], { fromMs, untilMs }: EvidencePeriod): StoredEvent[] {
  // A tampering counts from before it was found (trace-modes.ts): one found just after the period may have begun within it.
  const known = newestFirst.filter(({ atMs }) => atMs < untilMs + VERIFY_EVERY_MS);
  const before = known.find((event) => event.atMs < fromMs && saysOfRules(event));
  return known.filter((event) => event.atMs >= fromMs || event === before).toReversed();
}

const saysOfRules = ({ event, fields }: StoredEvent): boolean => (event === 'tampered' || event === 'restored' ? String(fields.what ?? '').split(' ').includes('rules') : event === 'rolled-back');

const toEventRow = (host: string, { atMs, event, fields }: StoredEvent): RowOf<'integrity'> => ({
  host,
  at: atMs,
  event,
  subject: String(fields.what ?? fields.because ?? ''),
  from: String(fields.from ?? ''),
  detail: describeEvent(event, fields),
});

/** What the console's last look says, where it is not what was confirmed. */
function toReadBack({ name, state, verifiedAtMs, lastContactAtMs }: HostView, { untilMs }: EvidencePeriod): RowOf<'integrity'>[] {
  const at = verifiedAtMs ?? lastContactAtMs;
  if (at === null || at >= untilMs + VERIFY_EVERY_MS || (state !== 'drifted' && state !== 'no-agent')) return [];
  const event = state === 'drifted' ? 'read-back-drifted' : 'read-back-no-agent';
  return [{ host: name, at, event, subject: '', from: '', detail: 'as last read back by the console' }];
}
