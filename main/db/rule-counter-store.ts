import { z } from 'zod';
import type { HostId } from '../../shared/model/ids.ts';
import { RuleCounter } from '../../shared/model/rule-counter.ts';
import type { ReadDb, WriteDb } from './sql.ts';

/** The counters of one host as last read. `sinceMs` null: not known when they began; `bundle` null: not known what ran. */
export type CounterReading = { readAtMs: number; sinceMs: number | null; bundle: string | null; counters: RuleCounter[] };

const Row = z.object({ read_at_ms: z.number(), since_at_ms: z.number().nullable(), bundle: z.string().nullable(), counters_json: z.string() });

/** The newest reading alone is kept. */
export function saveCounters(tx: WriteDb, host: HostId, { readAtMs, sinceMs, bundle, counters }: CounterReading): void {
  tx.run(
    `INSERT INTO rule_counters (host_id, read_at_ms, since_at_ms, bundle, counters_json) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (host_id) DO UPDATE SET read_at_ms = excluded.read_at_ms, since_at_ms = excluded.since_at_ms, bundle = excluded.bundle, counters_json = excluded.counters_json`,
    [host, readAtMs, sinceMs, bundle, JSON.stringify(counters)],
  );
}

export function findCounters(db: ReadDb, host: HostId): CounterReading | undefined {
  const row = db.one('SELECT read_at_ms, since_at_ms, bundle, counters_json FROM rule_counters WHERE host_id = ?', [host]);
  if (row === undefined) return undefined;
  const r = Row.parse(row);
  return { readAtMs: r.read_at_ms, sinceMs: r.since_at_ms, bundle: r.bundle, counters: z.array(RuleCounter).parse(JSON.parse(r.counters_json)) };
}
