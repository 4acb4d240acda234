import { afterEach, beforeEach, expect, test } from 'vitest';
import { saveKpiDay } from '../db/kpi-day-store.ts';
import { openWorkspace } from '../db/open-workspace.ts';
import { makeWorkspace, type TemporaryWorkspace } from '../db/testing/temporary-workspace.ts';
import { keptUntilWritten } from './kept-until-written.ts';

let at: TemporaryWorkspace;
beforeEach(() => {
  at = makeWorkspace();
});
afterEach(() => at.remove());

const readNote = keptUntilWritten((db) => ({ row: db.one("SELECT value_json AS value FROM settings WHERE key = 'note'") }));
const NOTE = "INSERT INTO settings (key, value_json) VALUES ('note', ?) ON CONFLICT (key) DO UPDATE SET value_json = excluded.value_json";

test('what was read is given again until something is written, here or by another console', () => {
  const first = readNote(at);
  expect(readNote(at)).toBe(first);
  at.workspace.transaction((tx) => tx.run(NOTE, ['"ours"']));
  const second = readNote(at);
  expect(second).toEqual({ row: { value: '"ours"' } });
  const other = openWorkspace(at.path);
  other.transaction((tx) => tx.run(NOTE, ['"theirs"']));
  other.close();
  expect(readNote(at)).toEqual({ row: { value: '"theirs"' } });
});

test('what a transaction wrote is read within it, and is gone when it failed', () => {
  const before = readNote(at);
  expect(() =>
    at.workspace.transaction((tx) => {
      tx.run(NOTE, ['"half"']);
      expect(readNote(at)).toEqual({ row: { value: '"half"' } });
      throw new Error('changed our mind');
    }),
  ).toThrow('changed our mind');
  expect(readNote(at)).toEqual(before);
});

test('what is written aside is no reason to read again', () => {
  const before = readNote(at);
  at.workspace.transaction((tx) => saveKpiDay(tx, { dayStartMs: 0, values: {} }), 'kpi-days');
  expect(readNote(at)).toBe(before);
});

test('two workspaces are kept apart', () => {
  const another = makeWorkspace();
  another.workspace.transaction((tx) => tx.run(NOTE, ['"another"']));
  expect([readNote(at), readNote(another)]).toEqual([{ row: undefined }, { row: { value: '"another"' } }]);
  another.remove();
});
