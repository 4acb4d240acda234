import { existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createClient } from '../rpc/client.ts';
import { createBackend } from './backend.ts';
import { listDue } from './forward-drain.ts';
import { appendAudit } from '../db/audit-store.ts';
import { makeBackend, type TestBackend } from './testing/test-backend.ts';

let at: TestBackend;
let logPath: string;
beforeEach(() => {
  at = makeBackend();
  logPath = join(dirname(at.path), 'log.jsonl');
});
afterEach(() => at.close());

const add = (name: string) => at.client.forwards.add({ name, target: { kind: 'file', path: logPath, rotateMegabytes: 100, keepFiles: 5 }, format: 'ecs', kinds: ['alert', 'audit', 'flow', 'push'] });
const happen = (subject: string) => at.backend.workspace.transaction((tx) => appendAudit(tx, { atMs: at.clock.nowMs, actor: 'ada', action: 'hosts.label', subject, detail: '' }));
const view = async (name: string) => (await at.client.forwards.list({})).find((each) => each.name === name);

describe('a workspace that names destinations, opened where nobody confirmed them', () => {
  /** The same file for a console of another machine, or of somebody else: with a configuration folder of its own. */
  const elsewhere = (withWindow = false) => createBackend({ workspacePath: at.path, user: 'eve', nowMs: () => at.clock.nowMs, configDir: join(dirname(at.path), 'elsewhere'), ...(withWindow ? { console: { open: () => undefined } } : {}) });

  test('sends nothing, from a window or by command, and says so', async () => {
    await add('siem');
    const backend = elsewhere(true);
    const client = createClient(backend);
    try {
      expect(listDue(backend)).toEqual([]);
      expect(listDue(at.backend)).toEqual(['siem']);
      expect(await client.forwards.run({ name: null })).toEqual([{ name: 'siem', sent: 0, setAside: 0, waiting: 1, busy: false, confirmed: false, error: null }]);
      await expect(client.forwards.test({ name: 'siem' })).rejects.toMatchObject({ code: 'FORWARD_NOT_CONFIRMED' });
      expect((await client.forwards.list({})).map(({ confirmed, failures, waiting }) => [confirmed, failures, waiting])).toEqual([[false, 0, 1]]);
      expect(existsSync(logPath)).toBe(false);
    } finally {
      await backend.close();
    }
  });

  test('sends what waited once somebody has, which is audited, and asks again when the address was changed', async () => {
    await add('siem');
    const backend = elsewhere();
    const client = createClient(backend);
    try {
      expect(await client.forwards.confirm({ name: 'siem' })).toMatchObject({ confirmed: true, waiting: 2 });
      await client.forwards.confirm({ name: 'siem' });
      expect((await client.audit.list({ limit: 9, beforeSeq: null })).filter(({ action }) => action === 'forwards.confirm')).toMatchObject([{ actor: 'eve', subject: 'siem', detail: expect.stringContaining(`file://${logPath}`) }]);
      expect((await client.forwards.run({ name: null }))[0]).toMatchObject({ sent: 2, confirmed: true });
      at.backend.workspace.transaction((tx) => tx.run("UPDATE forward_destinations SET target_json = replace(target_json, 'log.jsonl', 'other.jsonl')"));
      happen('web-1');
      expect((await client.forwards.run({ name: null }))[0]).toMatchObject({ sent: 0, confirmed: false });
      expect(existsSync(logPath.replace('log.jsonl', 'other.jsonl'))).toBe(false);
    } finally {
      await backend.close();
    }
  });

  test('is confirmed for another workspace with the same destination, and nothing of that is in the workspace', async () => {
    await add('siem');
    expect(readdirSync(join(at.backend.configDir, 'forward-confirmed'))).toHaveLength(1);
    await at.client.forwards.remove({ name: 'siem' });
    await add('again');
    expect(await view('again')).toMatchObject({ confirmed: true });
    rmSync(at.backend.configDir, { recursive: true });
    expect(await view('again')).toMatchObject({ confirmed: false });
  });
});
