import { describe, expect, test } from 'vitest';
import { computeEnforcement } from './compute-enforcement.ts';
import { EvidenceSources, type RowOf } from './evidence-tables.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 1);
const period = { fromMs: START, untilMs: START + 48 * HOUR };
const at = (hours: number) => START + hours * HOUR;

const step = (hours: number, name: string, change: Partial<RowOf<'push_steps'>> = {}): RowOf<'push_steps'> => ({ host: 'db-1', at: at(hours), step: name, push: 'p_1', mode: 'enforce', zone: 'data', version: 1, detail: '', ...change });
const pushed = (hours: number, change: Partial<RowOf<'push_steps'>> = {}) => [step(hours, 'applying', change), step(hours, 'confirmed', change)];
const event = (hours: number, name: string, subject = '', from = ''): RowOf<'integrity'> => ({ host: 'db-1', at: at(hours), event: name, subject, from, detail: '' });
const record = (from: number, until: number, state = 'recorded'): RowOf<'recording'> => ({ host: 'db-1', from: at(from), until: at(until), state, snapshots: 1, packets_lost: 0, gap_seconds: 0, rejected: 0, worst_clock_offset_ms: null });

/** One host in zone `data`, which is set to enforce; its record is whole. */
function evidence(change: Partial<EvidenceSources> = {}): EvidenceSources {
  const empty = EvidenceSources.parse(Object.fromEntries(Object.keys(EvidenceSources.shape).map((name) => [name, []])));
  const host = { host: 'db-1', managed: true, zone: 'data', labels: '', addresses: '', os: '', agent_version: '1', state: 'as-confirmed', applied_mode: 'enforce', applied_version: 1, verified_at: null, last_contact_at: null, carried: '' };
  const zone = { zone: 'data', position: 1, mode: 'enforce', outbound: 'open', select: 'role=db', only_services: '', rules: 1 };
  return { ...empty, hosts: [host], zones: [zone], push_steps: pushed(-5), recording: [record(0, 48)], ...change };
}
const gapsOf = (sources: EvidenceSources) => computeEnforcement(sources, period).enforcement_gaps.map(({ from, until, cause }) => [(from - START) / HOUR, (until - START) / HOUR, cause]);

describe('enforced throughout the period', () => {
  test('holds for a host that enforced from before it to its end, and for its zone', () => {
    const { enforcement, zone_enforcement, mode_history } = computeEnforcement(evidence(), period);
    expect(enforcement).toEqual([{ host: 'db-1', zone: 'data', wanted_mode: 'enforce', enforced_throughout: true, enforced_seconds: 48 * 3600, gaps: 0 }]);
    expect(zone_enforcement).toEqual([{ zone: 'data', wanted_mode: 'enforce', hosts: 1, hosts_throughout: 1, gaps: 0 }]);
    expect(mode_history).toEqual([{ host: 'db-1', from: period.fromMs, until: period.untilMs, mode: 'enforce', zone: 'data', cause: '' }]);
  });

  test('fails for a host that began to enforce within it, and tells what it ran before', () => {
    const sources = evidence({ push_steps: [...pushed(-5, { mode: 'test' }), ...pushed(12)] });
    expect(gapsOf(sources)).toEqual([[0, 12, 'it ran test']]);
    expect(computeEnforcement(sources, period).enforcement[0]).toMatchObject({ enforced_throughout: false, enforced_seconds: 36 * 3600 });
  });

  test('fails for a host that nothing was ever pushed to, one without a record, and one whose bundle is not kept', () => {
    expect(gapsOf(evidence({ push_steps: [] }))).toEqual([[0, 48, 'no push to it had been confirmed']]);
    expect(gapsOf(evidence({ recording: [] }))).toEqual([[0, 48, 'there is no record of it']]);
    expect(gapsOf(evidence({ push_steps: pushed(-5, { mode: 'unknown' }) }))).toEqual([[0, 48, 'it ran unknown']]);
  });

  test('a push from enforce to enforce is no gap, one to another mode is one from its loading until it is undone', () => {
    expect(gapsOf(evidence({ push_steps: [...pushed(-5), step(10, 'applying'), step(11, 'confirmed')] }))).toEqual([]);
    const undone = [...pushed(-5), step(10, 'applying', { mode: 'test', push: 'p_2' }), step(11, 'failed', { mode: 'test', push: 'p_2' }), step(12, 'rolled-back', { mode: 'test', push: 'p_2' })];
    expect(gapsOf(evidence({ push_steps: undone }))).toEqual([[10, 12, 'push p_2 to test was under way']]);
  });

  test('a push that failed before it was loaded changes nothing; one of which nobody knows how it ended is a gap up to the next', () => {
    expect(gapsOf(evidence({ push_steps: [...pushed(-5), step(10, 'checking'), step(10, 'failed')] }))).toEqual([]);
    const lost = [...pushed(-5), step(10, 'applying', { push: 'p_2' }), step(11, 'unknown', { push: 'p_2' }), ...pushed(20)];
    expect(gapsOf(evidence({ push_steps: lost }))).toEqual([[11, 20, 'what it ran after push p_2 is not known']]);
  });

  test('rules of another zone are not those of this one', () => {
    expect(gapsOf(evidence({ push_steps: [...pushed(-5, { zone: 'old' }), ...pushed(6)] }))).toEqual([[0, 6, 'it ran the rules of zone old']]);
    expect(gapsOf(evidence({ push_steps: pushed(-5, { zone: '' }) }))).toEqual([[0, 48, 'it ran the rules of no zone']]);
  });

  test('a tampering counts from five minutes before it was found until the confirmed rules are back', () => {
    const changed = 'its rules were changed on the host';
    expect(gapsOf(evidence({ integrity: [event(10, 'tampered', 'rules'), event(10, 'restored', 'rules', 'confirmed.nft')] }))).toEqual([[10 - 1 / 12, 10, changed]]);
    expect(gapsOf(evidence({ integrity: [event(10, 'tampered', 'units rules')] }))).toEqual([[10 - 1 / 12, 48, changed]]);
    expect(gapsOf(evidence({ integrity: [event(10, 'tampered', 'agent-file')] }))).toEqual([]);
    const pushedMeanwhile = [...pushed(-5), ...pushed(10 - 1 / 30)];
    expect(gapsOf(evidence({ push_steps: pushedMeanwhile, integrity: [event(10, 'tampered', 'rules'), event(11, 'restored', 'rules', 'confirmed.nft')] }))).toEqual([[10 - 1 / 12, 11, changed]]);
    const previous = [event(-2, 'restored', 'rules', 'previous.nft'), event(3, 'restored', 'rules', 'confirmed.nft')];
    expect(gapsOf(evidence({ integrity: previous }))).toEqual([[0, 3, 'it ran previous.nft and not its confirmed rules']]);
  });

  test('an agent that was taken off, and drift that was read back, are gaps to the end or to the next push', () => {
    expect(gapsOf(evidence({ integrity: [event(40, 'agent-uninstalled')] }))).toEqual([[40, 48, 'its agent was uninstalled']]);
    expect(gapsOf(evidence({ integrity: [event(40, 'read-back-drifted')] }))).toEqual([[40 - 1 / 12, 48, 'it was read back with other rules than were confirmed']]);
    expect(gapsOf(evidence({ integrity: [event(10, 'agent-uninstalled'), event(11, 'agent-installed')], push_steps: [...pushed(-5), ...pushed(12)] }))).toEqual([
      [10, 11, 'its agent was uninstalled'],
      [11, 12, 'it ran observe'],
    ]);
  });

  test('hours that the record does not cover fail it, hours that lost packets do not', () => {
    const recording = [record(0, 10), record(10, 11, 'lost'), record(11, 12, 'gap'), record(12, 40), record(44, 48, 'waiting')];
    expect(gapsOf(evidence({ recording }))).toEqual([
      [11, 12, 'no counter covers all of it (a restart, or counters that began anew)'],
      [40, 44, 'there is no record of it'],
      [44, 48, 'its record was not fetched yet'],
    ]);
  });

  test('gaps that overlap are told each, and their time counts once', () => {
    const sources = evidence({ push_steps: [...pushed(-5, { mode: 'test' }), ...pushed(12)], recording: [record(0, 6), record(6, 18, 'gap'), record(18, 48)] });
    expect(computeEnforcement(sources, period).enforcement[0]).toMatchObject({ gaps: 2, enforced_seconds: 30 * 3600 });
  });

  test('hosts that are in no zone or not managed have no row, and a zone without hosts is not enforced by nobody', () => {
    const [host] = evidence().hosts;
    if (host === undefined) throw new Error('there is a host');
    const { enforcement, zone_enforcement } = computeEnforcement(evidence({ hosts: [{ ...host, zone: '' }, { ...host, host: 'nas', managed: false }] }), period);
    expect(enforcement).toEqual([]);
    expect(zone_enforcement).toEqual([{ zone: 'data', wanted_mode: 'enforce', hosts: 0, hosts_throughout: 0, gaps: 0 }]);
  });
});
