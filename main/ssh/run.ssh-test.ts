import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { ServerChannel } from 'ssh2';
import { expect, test, vi } from 'vitest';
import { startCuttableProxy } from '../../e2e/fakehost/cuttable-proxy.ts';
import type { FakeCommand } from '../../e2e/fakehost/fake-sshd.ts';
import { makeSshBench } from '../../e2e/fakehost/ssh-bench.ts';
import { execWithShell } from '../../e2e/fakehost/shell-exec.ts';
import { aRequest, aTarget, failureOf } from '../../e2e/fakehost/ssh-kit.ts';

const bench = makeSshBench();
const MIB = 1_048_576;
const finish = (channel: ServerChannel, code = 0) => {
  channel.exit(code);
  channel.end();
};
/** Keeps commands open until they are let go; says how many are open. */
function holding() {
  const held: ServerChannel[] = [];
  const letGo = () => {
    for (const channel of held.splice(0)) finish(channel);
  };
  return { held, onExec: ({ channel }: FakeCommand) => void held.push(channel), letGo };
}

test('output, errors and exit code come back as the command left them', async () => {
  const sshd = await bench.sshd({ onExec: (command) => execWithShell(command) });
  const request = aRequest({ argv: ['sh', '-c', 'echo "one $1"; echo two >&2; exit 7', 'sh', "it's $HOME"] });
  expect(await bench.pool.run(aTarget(sshd), request)).toEqual({ exitCode: 7, stdout: "one it's $HOME\n", stderr: 'two\n' });
});

test('with stdin held open a command goes on until it is let go, and what it says meanwhile is told', async () => {
  const sshd = await bench.sshd({ onExec: (command) => execWithShell(command) });
  const over = Promise.withResolvers<void>();
  const heard: string[] = [];
  const said = (stdout: string) => {
    heard.push(stdout);
    if (stdout === 'ready for ada\n') over.resolve();
  };
  const request = aRequest({ argv: ['sh', '-c', 'read -r name; echo "ready for $name"; cat; echo over'], stdin: 'ada\n', hold: { said, over: over.promise } });
  expect(await bench.pool.run(aTarget(sshd), request)).toEqual({ exitCode: 0, stdout: 'ready for ada\nover\n', stderr: '' });
  expect([heard[0], heard.at(-1)]).toEqual(['ready for ada\n', 'ready for ada\nover\n']);
});

test('who hangs up on a command with stdin held open ends it', async () => {
  const ended = Promise.withResolvers<string>();
  const sshd = await bench.sshd({
    onExec: ({ channel }) => {
      channel.write('ready\n');
      channel.resume();
      channel.once('close', () => ended.resolve('closed'));
    },
  });
  const stop = new AbortController();
  const request = aRequest({ hold: { said: () => stop.abort(), over: new Promise(() => undefined) }, signal: stop.signal });
  expect((await failureOf(bench.pool.run(aTarget(sshd), request))).code).toBe('ABORTED');
  expect(await ended.promise).toBe('closed');
});

test('a command that a signal ended has the exit code that shells give it', async () => {
  const sshd = await bench.sshd({
    onExec: ({ channel }) => {
      channel.exit('TERM', false, '');
      channel.end();
    },
  });
  expect((await bench.pool.run(aTarget(sshd), aRequest())).exitCode).toBe(143);
});

test('five MiB through stdin and back are the same bytes', async () => {
  const sshd = await bench.sshd({ onExec: (command) => execWithShell(command) });
  const text = 'Grüße, 世界 '.repeat(200_000);
  expect((await bench.pool.run(aTarget(sshd), aRequest({ argv: ['cat'], stdin: Buffer.from(text), maxOutputBytes: 16 * MIB }))).stdout).toBe(text);
});

test('a command that reads stdin when there is none sees its end', async () => {
  const sshd = await bench.sshd({ onExec: (command) => execWithShell(command) });
  expect(await bench.pool.run(aTarget(sshd), aRequest({ argv: ['wc', '-c'] }))).toMatchObject({ exitCode: 0, stdout: '0\n' });
});

test('bytes that are no UTF-8, and NULs, are replaced or kept, never thrown at', async () => {
  const sshd = await bench.sshd({
    onExec: ({ channel }) => {
      channel.write(Buffer.from([0x61, 0xff, 0xfe, 0x00, 0xc3]));
      finish(channel);
    },
  });
  expect((await bench.pool.run(aTarget(sshd), aRequest())).stdout).toBe('a\ufffd\ufffd\0\ufffd');
});

test('a gigabyte is stopped at the limit, without being kept', async () => {
  let sent = 0;
  const sshd = await bench.sshd({
    onExec: ({ channel }) => {
      const chunk = Buffer.alloc(MIB, 'x');
      const flood = () => {
        if (sent >= 1024 || !channel.writable) return;
        sent += 1;
        channel.write(chunk, flood);
      };
      flood();
    },
  });
  const beforeBytes = process.memoryUsage().rss;
  expect(await failureOf(bench.pool.run(aTarget(sshd), aRequest({ maxOutputBytes: MIB, doing: 'fetching recorded flows' })))).toEqual({ code: 'OUTPUT_TOO_LARGE', payload: { host: 'web-1', doing: 'fetching recorded flows', limitBytes: MIB } });
  await vi.waitFor(() => expect(sshd.connections()).toEqual([]));
  expect(sent).toBeLessThan(64);
  expect(process.memoryUsage().rss - beforeBytes).toBeLessThan(256 * MIB);
});

test('a flood on stderr is stopped like one on stdout', async () => {
  const sshd = await bench.sshd({ onExec: ({ channel }) => void channel.stderr.write(Buffer.alloc(2 * MIB, 'x')) });
  expect((await failureOf(bench.pool.run(aTarget(sshd), aRequest({ maxOutputBytes: MIB })))).code).toBe('OUTPUT_TOO_LARGE');
});

test('output exactly at the limit is allowed, one byte more is not', async () => {
  const sshd = await bench.sshd({
    onExec: ({ command, channel }) => {
      channel.write('x'.repeat(Number(command.split(' ')[1])));
      finish(channel);
    },
  });
  const bytes = (count: number) => bench.pool.run(aTarget(sshd), aRequest({ argv: ['bytes', String(count)], maxOutputBytes: 5_000 }));
  expect((await bytes(5_000)).stdout.length).toBe(5_000);
  expect((await failureOf(bytes(5_001))).code).toBe('OUTPUT_TOO_LARGE');
});

test('a command that hangs ends with the time-out, and its channel is closed', async () => {
  const { held, onExec } = holding();
  const sshd = await bench.sshd({ onExec });
  const failure = await failureOf(bench.pool.run(aTarget(sshd), aRequest({ timeoutMs: 200, doing: 'checking' })));
  expect(failure).toEqual({ code: 'HOST_TIMEOUT', payload: { host: 'web-1', doing: 'checking', timeoutMs: 200 } });
  await vi.waitFor(() => expect([held[0]?.writable, sshd.log.sessionsOpen]).toEqual([false, 0]));
});

test('a host that gives the exit status and never closes ends with the time-out', async () => {
  const sshd = await bench.sshd({ onExec: ({ channel }) => channel.exit(0) });
  expect((await failureOf(bench.pool.run(aTarget(sshd), aRequest({ timeoutMs: 200 })))).code).toBe('HOST_TIMEOUT');
});

test('a channel that closes without an exit status is a lost connection, not a success', async () => {
  const sshd = await bench.sshd({ onExec: ({ channel }) => channel.end() });
  expect(await failureOf(bench.pool.run(aTarget(sshd), aRequest({ doing: 'loading the new rules' })))).toEqual({ code: 'HOST_DISCONNECTED', payload: { host: 'web-1', doing: 'loading the new rules' } });
});

test('an abort closes the channel of the running command', async () => {
  const { held, onExec } = holding();
  const sshd = await bench.sshd({ onExec });
  const abort = new AbortController();
  const running = failureOf(bench.pool.run(aTarget(sshd), aRequest({ signal: abort.signal, doing: 'collecting' })));
  await vi.waitFor(() => expect(held.length).toBe(1));
  abort.abort();
  expect(await running).toEqual({ code: 'ABORTED', payload: { doing: 'collecting' } });
  await vi.waitFor(() => expect(sshd.log.sessionsOpen).toBe(0));
});

test('a signal that is aborted already sends nothing', async () => {
  const sshd = await bench.sshd();
  expect((await failureOf(bench.pool.run(aTarget(sshd), aRequest({ signal: AbortSignal.abort() })))).code).toBe('ABORTED');
  expect(sshd.log.sockets).toBe(0);
});

test('a connection cut in the middle of a command is told, and the command is not sent again', async () => {
  const sshd = await bench.sshd({ onExec: ({ channel, connection }) => channel.write('half', () => connection.end()) });
  expect(await failureOf(bench.pool.run(aTarget(sshd), aRequest({ doing: 'loading the new rules' })))).toEqual({ code: 'HOST_DISCONNECTED', payload: { host: 'web-1', doing: 'loading the new rules' } });
  expect(sshd.log.commands.length).toBe(1);
});

test('commands to one host share one connection and take four channels at most', async () => {
  const { held, onExec, letGo } = holding();
  const sshd = await bench.sshd({ onExec });
  const running = Array.from({ length: 10 }, () => bench.pool.run(aTarget(sshd), aRequest()));
  await vi.waitFor(() => expect(held.length).toBe(4));
  const letting = setInterval(letGo, 5);
  bench.after(() => clearInterval(letting));
  await Promise.all(running);
  expect(sshd.log).toMatchObject({ sockets: 1, sessionsMost: 4 });
});

test('a host that grants one session at a time is served one command at a time', async () => {
  const sshd = await bench.sshd({
    onSession: (open) => open < 1,
    onExec: ({ channel }) => void setImmediate(() => finish(channel)),
  });
  const results = await Promise.all(Array.from({ length: 6 }, () => bench.pool.run(aTarget(sshd), aRequest())));
  expect(results.map((result) => result.exitCode)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(sshd.log).toMatchObject({ sockets: 1, sessionsMost: 1 });
});

test('a host that grants no session at all is asked six times, then its limit is named', async () => {
  let asked = 0;
  const onSession = () => {
    asked += 1;
    return false;
  };
  const sshd = await bench.sshd({ onSession });
  expect((await failureOf(bench.pool.run(aTarget(sshd), aRequest()))).code).toBe('SSH_LIMIT_REACHED');
  expect({ asked, commands: sshd.log.commands }).toEqual({ asked: 6, commands: [] });
});

test('a fresh connection is a new one, is not lent to others, and is closed afterwards', async () => {
  const sshd = await bench.sshd();
  const target = aTarget(sshd);
  await bench.pool.run(target, aRequest());
  await bench.pool.run(target, aRequest(), { freshConnection: true });
  expect(sshd.log.sockets).toBe(2);
  await vi.waitFor(() => expect(sshd.connections().length).toBe(1));
  await bench.pool.run(target, aRequest());
  expect(sshd.log.sockets).toBe(2);
});

test('a fresh connection that is then shared takes the place of the former one, which closes', async () => {
  const sshd = await bench.sshd();
  const target = aTarget(sshd);
  await bench.pool.run(target, aRequest());
  await bench.pool.run(target, aRequest(), { freshConnection: 'then-shared' });
  expect(sshd.log.sockets).toBe(2);
  await vi.waitFor(() => expect(sshd.connections().length).toBe(1));
  await bench.pool.run(target, aRequest());
  expect(sshd.log.sockets).toBe(2);
});

test('one that is then shared waits for nobody who still uses the former', async () => {
  const sshd = await bench.sshd();
  const target = aTarget(sshd);
  const over = Promise.withResolvers<void>();
  const held = bench.pool.run(target, aRequest({ argv: ['cat'], hold: { said: () => undefined, over: over.promise } }));
  await bench.pool.run(target, aRequest(), { freshConnection: 'then-shared' });
  expect(sshd.log.sockets).toBe(2);
  over.resolve();
  await held;
});

test('never more connections than allowed are open, and idle ones make room', async () => {
  let open = 0;
  let most = 0;
  const onSocket = (socket: Socket) => {
    open += 1;
    most = Math.max(most, open);
    socket.on('close', () => {
      open -= 1;
    });
    return false;
  };
  const sshd = await bench.sshd({ onSocket });
  const pool = bench.makePool({ maxConnections: 3 });
  await Promise.all(Array.from({ length: 20 }, (_, i) => pool.run(aTarget(sshd, { hostName: `web-${i}` }), aRequest())));
  expect({ sockets: sshd.log.sockets, most }).toEqual({ sockets: 20, most: 3 });
});

test('an idle connection is closed after its time', async () => {
  const sshd = await bench.sshd();
  const pool = bench.makePool({ idleTimeoutMs: 50 });
  await pool.run(aTarget(sshd), aRequest());
  await vi.waitFor(() => expect(sshd.connections()).toEqual([]));
});

test('closing the pool ends what runs and what waits, and later calls fail at once', async () => {
  const { held, onExec } = holding();
  const sshd = await bench.sshd({ onExec });
  const pool = bench.makePool({ maxConnections: 1 });
  const running = failureOf(pool.run(aTarget(sshd), aRequest({ doing: 'running' })));
  const waiting = failureOf(pool.run(aTarget(sshd, { hostName: 'web-2' }), aRequest({ doing: 'waiting' })));
  await vi.waitFor(() => expect(held.length).toBe(1));
  await pool.close();
  const late = await failureOf(pool.run(aTarget(sshd), aRequest({ doing: 'late' })));
  expect([await running, await waiting, late].map((failure) => failure.payload)).toEqual([{ doing: 'running' }, { doing: 'waiting' }, { doing: 'late' }]);
  await vi.waitFor(() => expect(sshd.connections()).toEqual([]));
});

test('closing the pool does not wait for a host that never hangs up', async () => {
  const sshd = await bench.sshd();
  const proxy = await startCuttableProxy(sshd.port);
  bench.after(() => proxy.close());
  const pool = bench.makePool({});
  await pool.run({ ...aTarget(sshd), port: proxy.port }, aRequest());
  proxy.cut();
  const closed = await Promise.race([pool.close().then(() => 'closed'), once(AbortSignal.timeout(5_000), 'abort')]);
  expect(closed).toBe('closed');
});

test('a host that was restarted between two commands is reached again without an error', async () => {
  const sshd = await bench.sshd();
  await bench.pool.run(aTarget(sshd), aRequest());
  const gone = Promise.all(sshd.connections().map((connection) => once(connection, 'close')));
  sshd.dropAll();
  const [result] = await Promise.all([bench.pool.run(aTarget(sshd), aRequest()), gone]);
  expect([result.exitCode, sshd.log.commands.length]).toEqual([0, 2]);
});

test('one bad host does not disturb another', async () => {
  const [bad, good] = await Promise.all([bench.sshd({ onExec: () => undefined }), bench.sshd()]);
  const hanging = failureOf(bench.pool.run(aTarget(bad, { hostName: 'bad' }), aRequest({ timeoutMs: 300 })));
  const results = await Promise.all(Array.from({ length: 20 }, () => bench.pool.run(aTarget(good), aRequest())));
  expect(results.every((result) => result.exitCode === 0)).toBe(true);
  expect((await hanging).code).toBe('HOST_TIMEOUT');
});
