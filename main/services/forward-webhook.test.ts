import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hasProgram } from '../../build/debian/programs.ts';
import { makeTestCa } from '../../e2e/forward/test-ca.ts';
import { appendAudit } from '../db/audit-store.ts';
import { makeBackend, type TestBackend } from './testing/test-backend.ts';

describe.skipIf(!hasProgram('openssl'))('a webhook that reads what it gets (skipped without openssl)', () => {
  let at: TestBackend;
  let folder: string;
  let server: Server;
  let taken: string[];
  /** Subjects that it will not have, or everything. */
  let refuses: readonly string[] | 'everything';

  beforeEach(async () => {
    at = makeBackend();
    folder = mkdtempSync(join(tmpdir(), 'firebreak-webhook-'));
    [taken, refuses] = [[], []];
    const ca = makeTestCa(folder, 'hook', 'DNS:localhost');
    server = createServer({ cert: readFileSync(ca.certPath), key: readFileSync(ca.keyPath) }, (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => void parts.push(part));
      request.on('end', () => {
        const got = (JSON.parse(Buffer.concat(parts).toString()) as { firebreak: { subject: string } }[]).map(({ firebreak }) => firebreak.subject);
        const isRefused = refuses === 'everything' || got.some((subject) => refuses.includes(subject));
        if (!isRefused) taken.push(...got);
        response.writeHead(isRefused ? 422 : 204).end();
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const url = `https://localhost:${typeof address === 'object' && address !== null ? address.port : 0}/in`;
    const keyPath = join(folder, 'key');
    writeFileSync(keyPath, 'k'.repeat(40), { mode: 0o600 });
    await at.client.forwards.add({ name: 'hook', target: { kind: 'webhook', url, keyPath, caPath: ca.caPath }, format: 'ecs', kinds: ['audit'] });
    for (const subject of ['one', 'two', 'poison', 'three', 'four']) at.backend.workspace.transaction((tx) => appendAudit(tx, { atMs: at.clock.nowMs, actor: 'ada', action: 'hosts.label', subject, detail: '' }));
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await at.close();
    rmSync(folder, { recursive: true });
  });
  const run = async () => (await at.client.forwards.run({ name: 'hook' }))[0];

  test('and refuses one event keeps no other back: that one is set aside with the answer, and everything else comes in its order', async () => {
    refuses = ['poison'];
    expect(await run()).toEqual({ name: 'hook', sent: 5, setAside: 1, waiting: 0, busy: false, confirmed: true, error: null });
    expect([...new Set(taken)]).toEqual(['hook', 'one', 'two', 'three', 'four']);
    expect(await at.client.forwards.setAside({ name: 'hook' })).toEqual([expect.objectContaining({ text: expect.stringContaining('poison'), reason: 'the receiver answered 422, and took the next one' })]);
  });

  test('and refuses everything gets everything later: nothing is set aside', async () => {
    refuses = 'everything';
    expect(await run()).toMatchObject({ sent: 0, setAside: 0, waiting: 6, error: expect.stringContaining('422') });
    refuses = [];
    expect(await run()).toMatchObject({ sent: 6, setAside: 0, waiting: 0, error: null });
    expect(taken).toEqual(['hook', 'one', 'two', 'poison', 'three', 'four']);
  });
});
