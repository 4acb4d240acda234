import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { FlowFilter } from './flow-query.ts';
import { IS_RECORDED_SQL } from './flow-use.ts';
import { importedListSql, JOINED_IMPORTS_SQL } from './imported-flow-query.ts';
import type { SqlParams } from './sql.ts';
import { makeWorkspace, type TemporaryWorkspace } from './testing/temporary-workspace.ts';

let at: TemporaryWorkspace;
beforeEach(() => {
  at = makeWorkspace();
});
afterEach(() => at.remove());

const NO_FILTER: FlowFilter = { sinceMs: null, untilMs: null, verdict: null, consumer: null, provider: null, text: null, textEnds: null };
const planOf = (sql: string, params: SqlParams): string[] => at.workspace.read.all(`EXPLAIN QUERY PLAN ${sql}`, params).map((row) => z.object({ detail: z.string() }).parse(row).detail);

test('the newest imported flows are read along the index by time, without sorting, and a window sums its hours by key', () => {
  const all = importedListSql(NO_FILTER);
  expect(planOf(all.sql, all.params)).toEqual(['SCAN imported_flows USING INDEX imported_flows_by_last_seen']);
  const since = importedListSql({ ...NO_FILTER, sinceMs: 1 });
  expect(planOf(since.sql, since.params).join('\n')).toMatch(/SEARCH imported_flows USING INDEX imported_flows_by_last_seen.*SEARCH h USING PRIMARY KEY/s);
});

test('joining sources walks the index by ends and sorts nothing but the hours of one conversation', () => {
  const plan = planOf(JOINED_IMPORTS_SQL, { sinceMs: 0, fromHourMs: 0 });
  expect(plan[0]).toBe('SCAN f USING INDEX imported_flows_by_ends');
  expect(plan.filter((step) => step.startsWith('SCAN '))).toHaveLength(2);
  expect(plan).toContain('SEARCH g USING INDEX imported_flows_by_ends (provider_address=? AND consumer_address=? AND protocol=? AND port=?)');
});

test('whether an agent recorded a conversation is one search in the key of the flows', () => {
  expect(planOf(IS_RECORDED_SQL, ['h', 'in', '10.0.0.1', 'tcp', 1, 0]).join('\n')).toMatch(/^SEARCH flows USING INDEX sqlite_autoindex_flows_1 \(reporter=\? AND direction=\? AND peer_address=\? AND forward_to=\? AND protocol=\? AND port=\?\)$/);
});
