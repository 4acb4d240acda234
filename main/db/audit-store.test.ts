import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { appendAudit, listAudit, listAuditOfPeople, verifyAudit } from './audit-store.ts';
import { openWorkspace } from './open-workspace.ts';
import { makeWorkspace, type TemporaryWorkspace } from './testing/temporary-workspace.ts';

let at: TemporaryWorkspace;
beforeEach(() => {
  at = makeWorkspace();
});
afterEach(() => at.remove());

function append(count: number): void {
  for (let n = 1; n <= count; n += 1) {
    at.workspace.transaction((tx) => appendAudit(tx, { atMs: 1000 * n, actor: 'ada', action: 'hosts.add', subject: `web-${n}`, detail: 'a "quoted"\nline' }));
  }
}

/** As somebody would who has the file and SQLite: triggers dropped first. */
function tamper(sql: string): { entries: number; brokenAt: number | null } {
  at.workspace.close();
  const connection = new Database(at.path);
  connection.exec(`DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_kept; ${sql}`);
  connection.close();
  at.workspace = openWorkspace(at.path);
  return verifyAudit(at.workspace.read);
}

describe('the audit log', () => {
  test('is whole when empty, and when nobody touched it', () => {
    expect(verifyAudit(at.workspace.read)).toEqual({ entries: 0, brokenAt: null });
    append(3);
    expect(verifyAudit(at.workspace.read)).toEqual({ entries: 3, brokenAt: null });
  });

  test('holds text that is no Unicode, as hosts may send it, in the form in which it is kept', () => {
    at.workspace.transaction((tx) => appendAudit(tx, { atMs: 1, actor: 'host:\ud800', action: 'a', subject: '\udfffx', detail: 'nul \u0000, half \ud83d, whole \u{1f600}' }));
    append(1);
    expect(verifyAudit(at.workspace.read)).toMatchObject({ brokenAt: null });
    expect(listAudit(at.workspace.read, 9, null)[1]?.detail).toBe('nul \u0000, half \ufffd, whole \u{1f600}');
  });

  test('lists newest first, a page at a time', () => {
    append(3);
    expect(listAudit(at.workspace.read, 2, null).map((e) => e.seq)).toEqual([3, 2]);
    expect(listAudit(at.workspace.read, 2, 2).map((e) => e.seq)).toEqual([1]);
  });

  test('of people has a push once, and nothing that hosts recorded', () => {
    const add = (actor: string, action: string, subject: string) => at.workspace.transaction((tx) => appendAudit(tx, { atMs: 1, actor, action, subject, detail: '' }));
    add('ada', 'push.begin', 'p_cteddq05kgn8');
    add('ada', 'push.applying', 'db-1');
    add('ada', 'push.confirmed', 'db-1');
    add('host:db-1', 'host.event', 'db-1');
    add('ada', 'push.confirmed', 'p_cteddq05kgn8');
    add('ada', 'hosts.add', 'db-2');
    expect(listAuditOfPeople(at.workspace.read, 9).map(({ action, subject }) => `${action} ${subject}`)).toEqual(['hosts.add db-2', 'push.confirmed p_cteddq05kgn8', 'push.begin p_cteddq05kgn8']);
    expect(listAuditOfPeople(at.workspace.read, 1).map(({ action }) => action)).toEqual(['hosts.add']);
  });

  test('refuses a change and a deletion', () => {
    append(1);
    expect(() => at.workspace.transaction((tx) => tx.run("UPDATE audit SET actor = 'eve'"))).toThrow(/append-only/);
    expect(() => at.workspace.transaction((tx) => tx.run('DELETE FROM audit'))).toThrow(/append-only/);
  });

  test.each([
    ['a changed actor', "UPDATE audit SET actor = 'eve' WHERE seq = 2", 2],
    ['a changed time', 'UPDATE audit SET at_ms = at_ms + 1 WHERE seq = 3', 3],
    ['a removed entry', 'DELETE FROM audit WHERE seq = 2', 2],
    ['a cut tail', 'DELETE FROM audit WHERE seq > 3', 4],
    ['two entries that changed places', "UPDATE audit SET subject = CASE seq WHEN 2 THEN 'web-3' ELSE 'web-2' END WHERE seq IN (2, 3)", 2],
    ['an entry with a hash of its own', "UPDATE audit SET detail = 'x', hash = hex(randomblob(32)) WHERE seq = 4", 4],
  ])('shows %s', (_what, sql, brokenAt) => {
    append(5);
    expect(tamper(sql).brokenAt).toBe(brokenAt);
  });

  test('keeps no entry of a transaction that failed', () => {
    expect(() =>
      at.workspace.transaction((tx) => {
        appendAudit(tx, { atMs: 1, actor: 'ada', action: 'hosts.add', subject: 'web-1', detail: '' });
        throw new Error('stop');
      }),
    ).toThrow('stop');
    append(1);
    expect(verifyAudit(at.workspace.read)).toEqual({ entries: 1, brokenAt: null });
  });
});
