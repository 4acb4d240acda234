import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runFirebreak } from '../cli/testing/run-firebreak.ts';
import { createNewId } from './new-id.ts';
import { makeBackend, type TestBackend } from './testing/test-backend.ts';

let at: TestBackend;
const servers: Server[] = [];
const sockets = new Set<Socket>();
const received: string[] = [];
beforeEach(() => {
  at = makeBackend(undefined, createNewId());
  received.length = 0;
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  await at.close();
});

/** Listens on one loopback address; all of a test share a port. */
function listen(address: string, port: number, greet: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => received.push(chunk.toString()));
    greet(socket);
  });
  servers.push(server);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => {
      const bound = server.address();
      resolve(typeof bound === 'object' && bound !== null ? bound.port : 0);
    });
  });
}

const probe = async (...argv: string[]) => {
  const { out, err, code } = await runFirebreak(at, ['--json', 'host', 'probe', ...argv]);
  return { code, err, result: out === '' ? null : JSON.parse(out) };
};

test('a network is asked address by address: who says SSH is told, with what it says made inert; nothing is sent, nothing stored', async () => {
  const port = await listen('127.9.0.1', 0, (socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'));
  await listen('127.9.0.2', port, (socket) => socket.write('Only for staff\r\nand not for you\r\nSSH-2.0-odd\u001b[2J <b>\r\n'));
  await listen('127.9.0.3', port, (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  await listen('127.9.0.4', port, () => undefined);
  await listen('127.9.0.5', port, (socket) => socket.write('x'.repeat(100_000)));
  await at.client.hosts.add({ name: 'known', ssh: { address: '127.9.0.1', port, user: 'root', identity: { kind: 'agent' }, sudo: 'none', jump: null }, addresses: [], labels: {}, note: '' });
  const { result, code } = await probe('127.9.0.0/29', '--port', String(port), '--timeout', '300');
  expect(code).toBe(0);
  expect(result).toEqual({
    network: '127.9.0.0/29',
    asked: 6,
    answers: [
      { address: '127.9.0.1', port, banner: 'SSH-2.0-OpenSSH_9.2', knownAs: 'known' },
      { address: '127.9.0.2', port, banner: expect.stringMatching(/^SSH-2\.0-odd \[2J <b>$/), knownAs: null },
    ],
    silent: 0,
    closed: 1,
    other: 3,
  });
  expect(received).toEqual([]);
  expect((await at.client.hosts.list({})).map(({ name }) => name)).toEqual(['known']);
  expect((await at.client.audit.list({ limit: 1, beforeSeq: null }))[0]).toMatchObject({ action: 'hosts.probe', subject: '127.9.0.0/29', detail: `6 addresses, port ${port}` });
});

test('of those that answer the person picks, under names of hers; asking again adds nothing', async () => {
  const port = await listen('127.9.1.1', 0, (socket) => socket.write('SSH-2.0-a\r\n'));
  await listen('127.9.1.2', port, (socket) => socket.write('SSH-2.0-b\r\n'));
  const picked = await probe('127.9.1.0/30', '--port', String(port), '--add', '127.9.1.2=web-2', '--user', 'ops', '--identity', 'agent', '--label', 'env=lab');
  expect(picked.result.import.added).toEqual([{ name: 'web-2', managed: true, way: `ops@127.9.1.2:${port}`, addresses: [], labels: { env: 'lab' }, notes: [] }]);
  const all = await probe('127.9.1.0/30', '--port', String(port), '--add-all', '--identity', 'agent');
  expect(all.result.import.added.map(({ name }: { name: string }) => name)).toEqual(['127.9.1.1']);
  expect((await probe('127.9.1.0/30', '--port', String(port), '--add-all', '--identity', 'agent')).result.import.rows).toBe(0);
  const away = await probe('127.9.1.0/30', '--port', String(port), '--add', '127.9.1.9', '--identity', 'agent');
  expect([away.code > 0, away.err]).toEqual([true, expect.stringContaining('127.9.1.9 did not answer with SSH; nothing was added')]);
});

test.each([
  ['10.0.0.0/19', 'at most a /20'],
  ['fd00::/64', 'at most a /20'],
  ['10.0.0.5/8', 'has host bits set'],
  ['example.org', 'is not an IP address'],
])('%s is refused before anything is asked', async (network, sentence) => {
  const { code, err } = await probe(network);
  expect([code > 0, err]).toEqual([true, expect.stringContaining(sentence)]);
});

test('a probe that is cancelled ends at once, though addresses hold their answers back', async () => {
  const port = await listen('127.9.2.1', 0, () => undefined);
  const stop = new AbortController();
  const startedAtMs = performance.now();
  const work = (async () => {
    for await (const event of await at.client.hosts.probe({ network: '127.9.2.1', port, timeoutMs: 10_000 }, { signal: stop.signal })) if (event.type === 'progress') setTimeout(() => stop.abort(), 50);
  })();
  await expect(work).rejects.toThrow();
  expect(performance.now() - startedAtMs).toBeLessThan(5000);
});
