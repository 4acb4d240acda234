import { z } from 'zod';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findFewFlows } from './flow-few.ts';
import { FLOW_PAIR_SQL } from './flow-pair.ts';
import { type FlowFilter, flowListSql, PEER_ADDRESSES_SQL } from './flow-query.ts';
import { SERVICES_SQL, VALUES_SQL } from './flow-values.ts';
import type { SqlParams } from './sql.ts';
import { makeWorkspace, type TemporaryWorkspace } from './testing/temporary-workspace.ts';

let at: TemporaryWorkspace;
beforeEach(() => {
  at = makeWorkspace();
});
afterEach(() => at.remove());

const NO_FILTER: FlowFilter = { sinceMs: null, untilMs: null, verdict: null, consumer: null, provider: null, text: null, textEnds: null };
const Step = z.object({ detail: z.string() });

/** The query plan in SQLite's words, one step a line (https://www.sqlite.org/eqp.html). */
function planOf(sql: string, params: SqlParams): string[] {
  return at.workspace.read.all(`EXPLAIN QUERY PLAN ${sql}`, params).map((row) => Step.parse(row).detail);
}
const listPlan = (filter: Partial<FlowFilter>): string[] => {
  const { sql, params } = flowListSql({ ...NO_FILTER, ...filter });
  return planOf(`${sql} LIMIT 100`, params);
};

describe('query plans of the hot flow queries', () => {
  test('the newest page walks the index by time, without sorting', () => {
    expect(listPlan({})).toEqual(['SCAN flows USING INDEX flows_by_last_seen']);
  });

  test('a window seeks in the index by time, and sums its hours by key', () => {
    expect(listPlan({ sinceMs: 1000 })).toEqual([
      'SEARCH flows USING INDEX flows_by_last_seen (last_seen_at_ms>?)',
      'CORRELATED SCALAR SUBQUERY 1',
      'SEARCH h USING PRIMARY KEY (flow_id=? AND hour_start_ms>? AND hour_start_ms<?)',
    ]);
  });

  test('one verdict seeks in the index by verdict, without sorting', () => {
    expect(listPlan({ verdict: ['would-block'] })).toEqual(['SEARCH flows USING INDEX flows_by_verdict (verdict=?)']);
  });

  test('finding the aggregate of a drained flow uses the unique key', () => {
    const plan = planOf(
      `SELECT id FROM flows WHERE reporter = 'h' AND direction = 'in' AND peer_address = 'a' AND forward_to = '' AND protocol = 'tcp' AND port = 1 AND user_name = '' AND unit = '' AND zone = '' AND verdict = 'accepted' AND policy_version = 0`,
      [],
    );
    expect(plan).toHaveLength(1);
    expect(plan[0]).toMatch(
      /^SEARCH flows USING COVERING INDEX sqlite_autoindex_flows_1 \(reporter=\? AND direction=\? AND peer_address=\? .*policy_version=\?\)$/,
    );
  });

  test('what two ends reported of each other is found by indexes at both ends', () => {
    const plan = planOf(FLOW_PAIR_SQL, { consumers: '[]', consumerAddresses: '[]', providers: '[]', providerAddresses: '[]' });
    const reads = plan.filter((step) => step.includes(' flows'));
    expect(reads).toHaveLength(2);
    for (const step of reads) expect(step).toMatch(/^SEARCH flows USING INDEX/);
  });

  test.each<[string, Partial<FlowFilter>, RegExp]>([
    ['users', { users: ['a'] }, /COVERING INDEX flows_by_user \(user_name=\? AND last_seen_at_ms>\?\)/],
    ['units', { units: ['a'] }, /COVERING INDEX flows_by_unit \(unit=\? AND last_seen_at_ms>\?\)/],
    ['services', { services: [{ kind: 'ports', protocol: 'tcp', from: 1, to: 2 }] }, /COVERING INDEX flows_by_service \(port=\? AND protocol=\? AND last_seen_at_ms>\?\)/],
    ['ends', { consumer: { reporters: [], addresses: ['a'] } }, /COVERING INDEX flows_by_reporter \(reporter=\? AND last_seen_at_ms>\?\)/],
  ])('candidates of a filter by %s are found in an index alone', (_what, filter, expected) => {
    const few = findFewFlows(at.workspace.read, { ...NO_FILTER, ...filter });
    expect(planOf(few?.sql ?? '', few?.params ?? {}).filter((step) => step.includes(' f ')).join('\n')).toMatch(expected);
  });

  test('values and services are listed by jumping through an index', () => {
    for (const sql of [VALUES_SQL('unit'), SERVICES_SQL]) {
      const reads = planOf(sql, []).filter((step) => / flows\b/.test(step));
      expect(reads.length).toBeGreaterThan(0);
      for (const step of reads) expect(step).toMatch(/USING COVERING INDEX/);
    }
  });

  test('listing the peers reads indexes alone', () => {
    const tables = planOf(PEER_ADDRESSES_SQL, []).filter((step) => step.includes('flows'));
    expect(tables.map((step) => /COVERING INDEX (\w+)/.exec(step)?.[1])).toEqual(['flows_by_peer', 'flows_by_forward']);
  });

  test('the baselines of a host are found by key', () => {
    expect(planOf("SELECT * FROM flow_baselines WHERE host_id = 'h'", [])).toEqual(['SEARCH flow_baselines USING PRIMARY KEY (host_id=?)']);
  });
});
