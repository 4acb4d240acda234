import { expect, test, vi } from 'vitest';
import { startCuttableProxy } from '../../e2e/fakehost/cuttable-proxy.ts';
import { makeSshBench, textLike } from '../../e2e/fakehost/ssh-bench.ts';
import { aRequest, aTarget, failureOf } from '../../e2e/fakehost/ssh-kit.ts';

const bench = makeSshBench();

test('a port where nothing listens', async () => {
  const sshd = await bench.sshd();
  await sshd.close();
  bench.after(() => undefined);
  expect(await failureOf(bench.pool.run(aTarget(sshd), aRequest()))).toEqual({
    code: 'HOST_UNREACHABLE',
    payload: { host: 'web-1', address: '127.0.0.1', port: sshd.port, detail: 'connection refused: nothing listens there, or a firewall rejects it' },
  });
});

test('a name that does not resolve', async () => {
  const failure = await failureOf(bench.pool.run(aTarget(await bench.sshd(), { address: 'no-such-host.invalid' }), aRequest()));
  expect(failure).toMatchObject({ code: 'HOST_UNREACHABLE', payload: { detail: textLike(/name/) } });
});

test('a host that hangs up before a word is tried three times, then its limit is named', async () => {
  const sshd = await bench.sshd({ onSocket: (socket) => !socket.end().writable });
  expect(await failureOf(bench.pool.run(aTarget(sshd), aRequest()))).toMatchObject({ code: 'SSH_LIMIT_REACHED', payload: { detail: textLike(/MaxStartups/) } });
  expect(sshd.log.sockets).toBe(3);
});

test('a host that says that it is full is asked again', async () => {
  const sshd = await bench.sshd({ onSocket: (socket) => !socket.end('Exceeded MaxStartups\r\n').writable });
  expect((await failureOf(bench.pool.run(aTarget(sshd), aRequest()))).code).toBe('SSH_LIMIT_REACHED');
  expect(sshd.log.sockets).toBe(3);
});

test('a host that hangs up twice before a word is reached at the third try', async () => {
  let dropped = 0;
  const sshd = await bench.sshd({
    onSocket: (socket) => {
      dropped += 1;
      if (dropped <= 2) socket.resetAndDestroy();
      return dropped <= 2;
    },
  });
  expect((await bench.pool.run(aTarget(sshd), aRequest())).exitCode).toBe(0);
});

test('a refused login is never tried again', async () => {
  const sshd = await bench.sshd({ onAuth: (context) => context.reject([]) });
  await failureOf(bench.pool.run(aTarget(sshd), aRequest()));
  expect(sshd.log.sockets).toBe(1);
});

test('a host that accepts and then says nothing', async () => {
  const sshd = await bench.sshd({ onSocket: () => true });
  expect(await failureOf(bench.pool.run(aTarget(sshd), aRequest({ timeoutMs: 200, doing: 'reading its status' })))).toEqual({ code: 'HOST_TIMEOUT', payload: { host: 'web-1', doing: 'reading its status', timeoutMs: 200 } });
});

test('a slow-loris host does not get more time for each byte', async () => {
  const drips = new Set<NodeJS.Timeout>();
  const sshd = await bench.sshd({
    onSocket: (socket) => {
      drips.add(setInterval(() => socket.write('x'), 20));
      return true;
    },
  });
  bench.after(() => {
    for (const drip of drips) clearInterval(drip);
  });
  expect((await failureOf(bench.pool.run(aTarget(sshd), aRequest({ timeoutMs: 300 })))).code).toBe('HOST_TIMEOUT');
});

test('fifty slow-loris hosts do not keep a good one from its turn for longer than their own time', async () => {
  const slow = await bench.sshd({ onSocket: () => true });
  const good = await bench.sshd();
  const pool = bench.makePool({ maxConnections: 8, connectTimeoutMs: 200 });
  const stuck = Array.from({ length: 50 }, (_, i) => failureOf(pool.run(aTarget(slow, { hostName: `slow-${i}` }), aRequest())));
  expect((await pool.run(aTarget(good), aRequest({ timeoutMs: 500 }))).exitCode).toBe(0);
  expect(new Set((await Promise.all(stuck)).map((failure) => failure.code))).toEqual(new Set(['HOST_TIMEOUT']));
});

test.each([
  ['a web server', 'HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n'],
  ['a host with a hostile greeting', `\u001b]52;c;ZWNobyBo\u0007${'A'.repeat(100_000)}\r\n`],
])('%s where sshd should be is no SSH', async (_what, greeting) => {
  const sshd = await bench.sshd({
    onSocket: (socket) => {
      socket.end(greeting);
      return true;
    },
  });
  const failure = await failureOf(bench.pool.run(aTarget(sshd), aRequest()));
  expect(failure).toMatchObject({ code: 'HOST_UNREACHABLE', payload: { detail: textLike(/^what answers there is not SSH: /), notAway: true } });
  expect(sshd.log.sockets).toBe(1);
  expect(JSON.stringify(failure)).not.toContain('\\u001b');
});

test('a server that only offers what we refuse to speak', async () => {
  const sshd = await bench.sshd({ algorithms: { cipher: ['aes128-cbc'] } });
  expect(await failureOf(bench.pool.run(aTarget(sshd), aRequest()))).toMatchObject({ code: 'HOST_UNSUPPORTED', payload: { reasons: [textLike(/no matching C->S cipher/)] } });
  expect(sshd.log.auth).toEqual([]);
});

test('a connection that is cut during the login', async () => {
  const sshd = await bench.sshd({ onAuth: () => sshd.dropAll() });
  expect(await failureOf(bench.pool.run(aTarget(sshd), aRequest()))).toEqual({ code: 'HOST_DISCONNECTED', payload: { host: 'web-1', doing: 'logging in' } });
});

test('a login that never answers ends with the time-out', async () => {
  const sshd = await bench.sshd({ onAuth: () => undefined });
  expect((await failureOf(bench.pool.run(aTarget(sshd), aRequest({ timeoutMs: 200 })))).code).toBe('HOST_TIMEOUT');
});

test('an abort during connecting ends it at once and hangs up', async () => {
  const sshd = await bench.sshd({ onAuth: () => undefined });
  const abort = new AbortController();
  const running = failureOf(bench.pool.run(aTarget(sshd), aRequest({ signal: abort.signal, doing: 'installing' })));
  await vi.waitFor(() => expect(sshd.log.auth.length).toBe(1));
  abort.abort();
  expect(await running).toEqual({ code: 'ABORTED', payload: { doing: 'installing' } });
  await vi.waitFor(() => expect(sshd.connections()).toEqual([]));
});

test('an abort by one caller leaves the connection to the other', async () => {
  let accept = () => {};
  const sshd = await bench.sshd({ onAuth: (context) => (accept = () => context.accept()) });
  const abort = new AbortController();
  const leaving = failureOf(bench.pool.run(aTarget(sshd), aRequest({ signal: abort.signal })));
  const staying = bench.pool.run(aTarget(sshd), aRequest());
  await vi.waitFor(() => expect(sshd.log.auth.length).toBe(1));
  abort.abort();
  await leaving;
  accept();
  expect((await staying).exitCode).toBe(0);
  expect(sshd.log.sockets).toBe(1);
});

test('a banner before the login is read over', async () => {
  const sshd = await bench.sshd({ banner: 'Authorised use only.\n' });
  expect((await bench.pool.run(aTarget(sshd), aRequest())).exitCode).toBe(0);
});

test('strict key exchange is noted, and a cipher of ours is spoken', async () => {
  const seen: unknown[] = [];
  const sshd = await bench.sshd();
  const pool = bench.makePool({ onNegotiated: (hostName, { strictKex, cipher, hostKey }) => seen.push({ hostName, strictKex, cipher, hostKey }) });
  await pool.run(aTarget(sshd), aRequest());
  expect(seen).toEqual([{ hostName: 'web-1', strictKex: true, cipher: 'aes128-gcm@openssh.com', hostKey: sshd.hostKey }]);
});

test('a machine in the way that takes strict key exchange out (Terrapin) is noticed before a login is tried', async () => {
  const sshd = await bench.sshd();
  let changed = 0;
  // Of the same length, so that the packet stays well formed: what both sides sign is another one then.
  const proxy = await startCuttableProxy(sshd.port, (chunk) => {
    const at = chunk.indexOf('kex-strict-s-v00@openssh.com');
    if (at < 0) return chunk;
    changed += 1;
    return Buffer.concat([chunk.subarray(0, at), Buffer.from('kex-strict-x-v00@openssh.com'), chunk.subarray(at + 28)]);
  });
  bench.after(() => proxy.close());
  const failure = await failureOf(bench.pool.run({ ...aTarget(sshd), port: proxy.port }, aRequest()));
  expect(changed).toBeGreaterThan(0);
  expect(['HOST_UNREACHABLE', 'HOST_DISCONNECTED', 'HOST_KEY_CHANGED']).toContain(failure.code);
  expect(sshd.log.auth).toEqual([]);
});

test('a peer that goes silent on an open connection is noticed by keepalives, not by the command’s time-out', async () => {
  const upstream = await bench.sshd({ onExec: () => undefined });
  const proxy = await startCuttableProxy(upstream.port);
  bench.after(() => proxy.close());
  const pool = bench.makePool({ keepaliveIntervalMs: 50 });
  const running = failureOf(pool.run({ ...aTarget(upstream), port: proxy.port }, aRequest({ timeoutMs: 50_000, doing: 'waiting' })));
  await vi.waitFor(() => expect(upstream.log.commands.length).toBe(1));
  proxy.cut();
  expect(await running).toEqual({ code: 'HOST_DISCONNECTED', payload: { host: 'web-1', doing: 'waiting' } });
});
