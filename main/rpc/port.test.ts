import { setImmediate as nextTurn } from 'node:timers/promises';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HostName } from '../../shared/model/names.ts';
import { type FirebreakPort, toLinkPort } from '../../shared/contract/window-port.ts';
import { addTestHost, makeBackend, type TestBackend } from '../services/testing/test-backend.ts';
import type { BackendClient } from './client.ts';
import { servePort } from './port.ts';

/** A worker port, whose other end is closed by `close`, in the shape that windows give. */
function asFirebreakPort(port: MessagePort): FirebreakPort {
  return {
    postMessage: (text) => port.postMessage(text),
    onMessage: (listener) => port.on('message', listener),
    onClose: (listener) => port.on('close', listener),
  };
}

let at: TestBackend;
let channel: MessageChannel;
let client: BackendClient;
beforeEach(async () => {
  at = makeBackend();
  await addTestHost(at.client, 1, 'web-1', 'role=web');
  channel = new MessageChannel();
  servePort(at.backend, asFirebreakPort(channel.port1));
  client = createORPCClient(new RPCLink({ port: toLinkPort(asFirebreakPort(channel.port2)) }));
});
afterEach(async () => {
  channel.port1.close();
  channel.port2.close();
  await at.close();
});

describe('the contract over a port', () => {
  test('gives what the in-process client gives', async () => {
    expect(await client.hosts.list({})).toEqual(await at.client.hosts.list({}));
  });

  test('carries errors with code and payload', async () => {
    await expect(client.hosts.get({ name: 'nope' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      defined: true,
      data: { what: 'host', name: 'nope', known: ['web-1'] },
    });
  });

  test('a command with progress that is not begun fails where it is called, before anything is read of it: a dialog may stay open for it', async () => {
    const order = { kind: 'quarantine' as const, host: HostName.parse('web-1'), forSeconds: 600, reason: 'a test' };
    await expect(client.containments.start({ order, planHash: 'never planned', confirmWithinSeconds: 30 })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      data: { issues: [{ message: expect.stringContaining('web-1 has no agent') }] },
    });
  });

  test('names every field of input that does not fit', async () => {
    const ssh = { address: '', port: 70_000, user: 'no spaces', identity: { kind: 'agent' as const }, sudo: 'none' as const, jump: null };
    await expect(client.hosts.add({ name: 'bad name', ssh, addresses: [], labels: { 'K K': 'v' }, note: '' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      defined: true,
      data: { issues: expect.arrayContaining(['name', 'ssh.address', 'ssh.port', 'ssh.user'].map((path) => expect.objectContaining({ path }))) },
    });
  });

  test('tells a stack of nothing when something in us fails', async () => {
    at.backend.workspace.close();
    const error = await client.hosts.list({}).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'INTERNAL', defined: true, data: { detail: expect.stringMatching(/^hosts\.list: /) } });
    expect(JSON.stringify(error)).not.toContain('/main/');
  });

  test('streams changes, and stops the source when the window stops listening', async () => {
    const stop = new AbortController();
    const changes = await client.workspace.changes({}, { signal: stop.signal });
    const first = changes[Symbol.asyncIterator]().next();
    await client.hosts.label({ name: 'web-1', labels: { env: 'prod' } });
    expect(await first).toMatchObject({ value: { groups: expect.arrayContaining(['hosts', 'policy', 'audit']) } });
    stop.abort();
    await expect(changes[Symbol.asyncIterator]().next()).rejects.toThrow();
  });

  test('gives 5,000 flows in one answer', async () => {
    const { rows } = await client.flows.list({ sinceMs: null, untilMs: null, verdict: null, from: null, to: null, text: null, limit: 5000, offset: 0 });
    expect(rows).toEqual([]);
  });
});

describe('a window that sends nonsense', () => {
  test.each([
    ['no JSON', '}{'],
    ['a number', '7'],
    ['null', 'null'],
    ['a call without a path', '{"i":"1","p":{}}'],
    ['a call to another origin', '{"i":"1","p":{"u":"http://evil/hosts/list"}}'],
    ['an event for no stream', '{"i":"1","t":3,"p":{"e":"message"}}'],
    ['headers that announce a file', '{"i":"1","p":{"u":"/hosts/list","h":{"content-disposition":"x","content-type":"multipart/form-data"}}}'],
    ['an abort of nothing', '{"i":"9","t":4}'],
  ])('%s is dropped, and the backend goes on', async (_what, text) => {
    channel.port2.postMessage(text);
    channel.port2.postMessage({ i: '1', p: { u: '/hosts/list' } });
    await nextTurn();
    expect((await client.hosts.list({})).map((h) => h.name)).toEqual(['web-1']);
  });

  test('a call to what is not in the contract fails, and touches nothing', async () => {
    const other: { constructor: { prototype: (input: object) => Promise<unknown> } } = createORPCClient(
      new RPCLink({ port: toLinkPort(asFirebreakPort(channel.port2)) }),
    );
    await expect(other.constructor.prototype({})).rejects.toMatchObject({ code: 'NOT_FOUND', defined: false });
  });
});

test('every open call fails when the port closes', async () => {
  const changes = await client.workspace.changes({});
  const pending = changes[Symbol.asyncIterator]().next();
  channel.port1.close();
  await expect(pending).rejects.toThrow();
});
