import type BetterSqlite3 from 'better-sqlite3';

export type SqlValue = string | number | bigint | Uint8Array | null;
export type SqlParams = Readonly<Record<string, SqlValue>> | readonly SqlValue[];

/** Reads only: what a query function takes. Rows are `unknown` and are parsed by zod at the edge (one schema a store). */
export type ReadDb = {
  /** The first row, or undefined. */
  one(sql: string, params?: SqlParams): unknown;
  all(sql: string, params?: SqlParams): unknown[];
  iterate(sql: string, params?: SqlParams): IterableIterator<unknown>;
};

/** Reads and writes; exists only inside `Workspace.transaction`, so that no write is outside one. */
export type WriteDb = ReadDb & {
  /** Returns how many rows changed and the last rowid. */
  run(sql: string, params?: SqlParams): { changes: number; lastId: number };
};

/** Wraps a connection; statements are prepared once per SQL text. Every SQLite failure passes `convert`, which throws. */
export function createSql(connection: BetterSqlite3.Database, convert: (error: unknown) => never): WriteDb {
  const statements = new Map<string, BetterSqlite3.Statement>();
  const prepare = (sql: string): BetterSqlite3.Statement => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const made = connection.prepare(sql);
    statements.set(sql, made);
    return made;
  };
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      return convert(error);
    }
  };
  return {
    one: (sql, params = []) => guarded(() => prepare(sql).get(params)),
    all: (sql, params = []) => guarded(() => prepare(sql).all(params)),
    // Not cached: a statement that is being iterated cannot be used again meanwhile.
    iterate: (sql, params = []) => guarded(() => connection.prepare(sql).iterate(params)),
    run: (sql, params = []) =>
      guarded(() => {
        const result = prepare(sql).run(params);
        return { changes: result.changes, lastId: Number(result.lastInsertRowid) };
      }),
  };
}
