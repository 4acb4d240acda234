import { chmodSync, mkdtempSync, readlinkSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync, existsSync, readdirSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer, type Server } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { join } from 'node:path';
import { open } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { hasProgram } from '../../build/debian/programs.ts';
import { makeTestCa } from '../../e2e/forward/test-ca.ts';
import { appendInTime } from './append-in-time.ts';
import { appendLines } from './append-lines.ts';
import { postWebhook, signBody } from './post-webhook.ts';
import { RefusedContent } from './refused-content.ts';
import { readCaFile, readKeyFile } from './read-secret-file.ts';
import { sendDatagrams } from './send-datagrams.ts';
import { sendStream } from './send-stream.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firebreak-receivers-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);
const limits = { timeoutMs: 10_000, signal: new AbortController().signal };

describe('a file of JSON lines', () => {
  const log = (rotateBytes = 1000) => ({ path: at('log'), rotateBytes, keepFiles: 2 });

  test('is appended to, readable by its owner alone', async () => {
    await appendLines(log(), ['{"a":1}']);
    await appendLines(log(), ['{"a":2}', '{"a":3}']);
    expect(readFileSync(at('log'), 'utf8')).toBe('{"a":1}\n{"a":2}\n{"a":3}\n');
    expect(statSync(at('log')).mode & 0o777).toBe(0o600);
  });

  test('is begun anew at its size; so many former ones are kept, and none is lost before', async () => {
    for (const n of [1, 2, 3, 4]) await appendLines(log(3), [`{"n":${n}}`]);
    expect(readdirSync(folder).toSorted().map((name) => [name, readFileSync(at(name), 'utf8')])).toEqual([['log', '{"n":4}\n'], ['log.1', '{"n":3}\n'], ['log.2', '{"n":2}\n']]);
  });

  test.skipIf(process.platform !== 'linux')('and its former ones keep their names when the power goes: their folder is brought to the disk once a file is made and once it is renamed', async () => {
    const handle = await open(folder, 'r');
    const prototype = Object.getPrototypeOf(handle) as { sync(this: { fd: number }): Promise<void> };
    await handle.close();
    const genuine = prototype.sync;
    const synced: string[] = [];
    const spy = vi.spyOn(prototype, 'sync').mockImplementation(async function sync(this: { fd: number }) {
      const path = readlinkSync(`/proc/self/fd/${this.fd}`);
      synced.push(path === folder ? `folder with ${readdirSync(folder).toSorted().join(' ')}` : path.slice(folder.length + 1));
      await genuine.call(this);
    });
    try {
      await appendLines(log(3), ['{"n":1}']);
      expect(synced.splice(0)).toEqual(['log', 'folder with log']);
      await appendLines(log(100), ['{"n":2}']);
      expect(synced.splice(0)).toEqual(['log']);
      await appendLines(log(3), ['{"n":3}']);
      expect(synced).toEqual(['folder with log.1', 'log', 'folder with log log.1']);
    } finally {
      spy.mockRestore();
    }
  });

  test('whose file system hangs is given up with a sentence, nothing else is begun there until that has ended, and then it goes on', async () => {
    let goOn: () => void = () => undefined;
    const hung = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const hanging: typeof appendLines = async (...args) => {
      await hung;
      await appendLines(...args);
    };
    const soon = { ...limits, timeoutMs: 50 };
    await expect(appendInTime(log(), ['{"n":1}'], soon, hanging)).rejects.toThrow(`${at('log')} did not take everything within 0.05 s`);
    await expect(appendInTime(log(), ['{"n":2}'], soon)).rejects.toThrow(/that was begun before hangs/);
    expect(existsSync(at('log'))).toBe(false);
    goOn();
    await appendInTime(log(), ['{"n":3}'], limits);
    // Of the first nothing was written, since whoever waited for it was told so, and sends it again.
    expect(readFileSync(at('log'), 'utf8')).toBe('{"n":3}\n');
  });

  test('is written to the end when sending is stopped meanwhile, unless that takes long', async () => {
    const begin = (append: typeof appendLines) => {
      const stop = new AbortController();
      const sent = appendInTime(log(), ['{"n":1}'], { ...limits, signal: stop.signal }, append);
      stop.abort();
      return sent;
    };
    await begin(async (...args) => {
      await nextTurn();
      await appendLines(...args);
    });
    expect(readFileSync(at('log'), 'utf8')).toBe('{"n":1}\n');
    await expect(begin(() => new Promise(() => undefined))).rejects.toThrow(/stopped/);
  });

  test('that was cut in the middle of a line goes on with a new one', async () => {
    writeFileSync(at('log'), '{"a":1}\n{"a":');
    await appendLines(log(), ['{"a":2}']);
    expect(readFileSync(at('log'), 'utf8')).toBe('{"a":1}\n{"a":\n{"a":2}\n');
  });

  test('that holds something else is neither appended to nor moved aside', async () => {
    for (const rotateBytes of [1000, 1]) {
      writeFileSync(at('log'), 'export PATH=/usr/bin\n');
      await expect(appendLines(log(rotateBytes), ['{"a":"$(id)"}'])).rejects.toThrow(`${at('log')} holds something else than lines of JSON`);
      expect(readdirSync(folder).map((name) => [name, readFileSync(at(name), 'utf8')])).toEqual([['log', 'export PATH=/usr/bin\n']]);
    }
  });

  test('is not written through a link, nor where it is no file', async () => {
    symlinkSync(at('elsewhere'), at('log'));
    await expect(appendLines(log(), ['x'])).rejects.toThrow(/ELOOP/);
    expect(existsSync(at('elsewhere'))).toBe(false);
    await expect(appendLines({ ...log(1), path: folder }, ['x'])).rejects.toThrow(/EISDIR/);
    expect(existsSync(folder)).toBe(true);
  });
});

describe('files with secrets', () => {
  test('a key that others can read, that is short or missing is refused with a sentence that names the file and no key', async () => {
    writeFileSync(at('key'), 'c2VjcmV0LXNlY3JldC1zZWNyZXQ\n', { mode: 0o600 });
    expect(await readKeyFile(at('key'))).toBe('c2VjcmV0LXNlY3JldC1zZWNyZXQ');
    chmodSync(at('key'), 0o640);
    await expect(readKeyFile(at('key'))).rejects.toThrow(`others can read the key in ${at('key')}: chmod 600 it`);
    writeFileSync(at('short'), 'short', { mode: 0o600 });
    await expect(readKeyFile(at('short'))).rejects.toThrow(/fewer than 16 characters/);
    await expect(readKeyFile(at('none'))).rejects.toThrow(/ENOENT/);
    // An open of a pipe would wait until somebody writes into it.
    expect(spawnSync('mkfifo', ['-m', '600', at('pipe')]).status).toBe(0);
    await expect(readKeyFile(at('pipe'))).rejects.toThrow(`${at('pipe')} is no file`);
    await expect(readCaFile(at('key'))).rejects.toThrow(/no certificate in PEM/);
  });
});

describe('a receiver over UDP', () => {
  test('whose name nobody knows in time is given up with a sentence', async () => {
    const silent = () => new Promise<never>(() => undefined);
    await expect(sendDatagrams({ host: 'siem.example', port: 514 }, ['x'], { ...limits, timeoutMs: 50 }, silent)).rejects.toThrow('nobody said which address siem.example has within 0.05 s');
    const stop = new AbortController();
    const stopped = sendDatagrams({ host: 'siem.example', port: 514 }, ['x'], { ...limits, signal: stop.signal }, silent);
    stop.abort();
    await expect(stopped).rejects.toThrow(/stopped/);
  });
});

describe('a receiver over TCP', () => {
  const serve = async (onConnection: Parameters<typeof createTcpServer>[1]) => {
    const server = createTcpServer({ allowHalfOpen: true }, onConnection).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    return { server, end: { host: '127.0.0.1', port: typeof address === 'object' && address !== null ? address.port : 0 } };
  };

  test('gets each message after its length in bytes', async () => {
    const got: Buffer[] = [];
    const { server, end } = await serve((socket) => socket.on('data', (data) => got.push(Buffer.from(data))).on('end', () => socket.end()));
    await sendStream(end, null, ['<1>1 a', 'é'], limits);
    expect(Buffer.concat(got).toString()).toBe('6 <1>1 a2 é');
    server.close();
  });

  test('that closes before it was told that this was all has not taken it, nor has one that breaks off or never closes', async () => {
    const early = await serve((socket) => socket.end());
    const large = Array.from({ length: 2000 }, () => 'x'.repeat(5000));
    await expect(sendStream(early.end, null, large, limits)).rejects.toThrow();
    const broken = await serve((socket) => socket.once('data', () => socket.resetAndDestroy()));
    await expect(sendStream(broken.end, null, large, limits)).rejects.toThrow();
    const silent = await serve((socket) => socket.resume());
    await expect(sendStream(silent.end, null, ['x'], { ...limits, timeoutMs: 200 })).rejects.toThrow(/did not take everything within 0.2 s/);
    const abort = new AbortController();
    const stopped = sendStream(silent.end, null, ['x'], { ...limits, signal: abort.signal });
    abort.abort();
    await expect(stopped).rejects.toThrow(/stopped/);
    for (const { server } of [early, broken, silent]) server.close();
  });
});

describe.skipIf(!hasProgram('openssl'))('a webhook (skipped without openssl)', () => {
  let server: Server;
  let requests: { headers: IncomingHttpHeaders; body: string; url: string | undefined }[];
  let answer: { status: number; headers: Record<string, string> };
  let ca: string;
  let url: string;
  beforeEach(async () => {
    const made = makeTestCa(folder, 'hook', 'DNS:localhost');
    ca = readFileSync(made.caPath, 'utf8');
    requests = [];
    answer = { status: 204, headers: {} };
    server = createServer({ cert: readFileSync(made.certPath), key: readFileSync(made.keyPath) }, (request, response) => {
      let body = '';
      request.on('data', (data) => {
        body += String(data);
      });
      request.on('end', () => {
        requests.push({ headers: request.headers, body, url: request.url });
        response.writeHead(answer.status, answer.headers).end();
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    url = `https://localhost:${typeof address === 'object' && address !== null ? address.port : 0}/in`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });
  const post = (tls: { ca: string | null } = { ca }) => postWebhook({ url, key: 'key'.repeat(8), tls }, ['{"a":1}', '{"a":2}'], { ...limits, nowMs: 1_700_000_000_999 });

  test('gets an array that is signed together with the time', async () => {
    await post();
    expect(requests).toEqual([{ url: '/in', body: '[{"a":1},{"a":2}]', headers: expect.objectContaining({ 'content-type': 'application/json', 'firebreak-timestamp': '1700000000', 'firebreak-signature': `v1=${signBody('key'.repeat(8), '1700000000', '[{"a":1},{"a":2}]')}` }) }]);
    // As a receiver would: printf '%s' '1700000000.[{"a":1},{"a":2}]' | openssl dgst -sha256 -hmac KEY
    expect(signBody('key'.repeat(8), '1700000000', '[{"a":1},{"a":2}]')).not.toBe(signBody('key'.repeat(8), '1700000001', '[{"a":1},{"a":2}]'));
  });

  test('that redirects is not followed, and only 2xx counts as taken', async () => {
    answer = { status: 307, headers: { location: '/other' } };
    await expect(post()).rejects.toThrow(/answered 307, a redirect, which is not followed/);
    answer = { status: 500, headers: {} };
    await expect(post()).rejects.toThrow('the receiver answered 500');
    expect(requests.map((request) => request.url)).toEqual(['/in', '/in']);
    answer = { status: 413, headers: {} };
    await expect(post()).rejects.toBeInstanceOf(RefusedContent);
  });

  test('whose certificate is of nobody that is believed gets nothing', async () => {
    await expect(post({ ca: null })).rejects.toThrow(/self.signed|unable to/);
    expect(requests).toEqual([]);
  });
});
