import { createSocket, type Socket } from 'node:dgram';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dnsName } from '../../shared/policy/testing/a-ledger.ts';
import { boundAnswer, createLookUp, MAX_IN_ANSWER } from './look-up.ts';

const [A, AAAA, CNAME] = [1, 28, 5];
const [NO_ERROR, SERVER_FAILURE, NAME_ERROR] = [0, 2, 3];

type Zone = Record<string, { readonly code?: number; readonly silent?: true; readonly answers?: readonly { readonly type: number; readonly data: Buffer }[] }>;
const ipv4 = (text: string) => ({ type: A, data: Buffer.from(text.split('.').map(Number)) });
const ipv6 = (hex: string) => ({ type: AAAA, data: Buffer.from(hex, 'hex') });

/** RFC 1035, section 4: the question is echoed, every answer names it by a pointer to its first byte. Anything else is no such name. */
function answerDns(query: Buffer, zone: Zone): Buffer | null {
  let end = 12;
  const labels: string[] = [];
  while (query[end] !== 0) {
    const length = query[end] ?? 0;
    labels.push(query.subarray(end + 1, end + 1 + length).toString('ascii'));
    end += 1 + length;
  }
  const question = query.subarray(12, end + 5);
  const type = query.readUInt16BE(end + 1);
  const entry = zone[labels.join('.').toLowerCase()] ?? { code: NAME_ERROR };
  if (entry.silent) return null;
  const answers = (entry.answers ?? []).filter((record) => record.type === type || record.type === CNAME);
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(0x8180 | (entry.code ?? NO_ERROR), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(answers.length, 6);
  const records = answers.map((record) => {
    const head = Buffer.alloc(12);
    head.writeUInt16BE(0xc00c, 0);
    head.writeUInt16BE(record.type, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt32BE(60, 6);
    head.writeUInt16BE(record.data.length, 10);
    return Buffer.concat([head, record.data]);
  });
  return Buffer.concat([header, question, ...records]);
}

let server: Socket;
let zone: Zone = {};
let asked: number;
beforeEach(async () => {
  asked = 0;
  server = createSocket('udp4');
  server.on('message', (query, { port, address }) => {
    asked += 1;
    const reply = answerDns(query, zone);
    if (reply !== null) server.send(reply, port, address);
  });
  await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
});
afterEach(() => new Promise<void>((resolve) => server.close(() => resolve())));

const lookUp = (name: string, signal?: AbortSignal) => createLookUp({ servers: [`127.0.0.1:${server.address().port}`], timeoutMs: 100 })(dnsName(name), signal);

describe('the console asks a DNS server', () => {
  test('for both families, and gives canonical addresses in order', async () => {
    zone = { 'deb.example.org': { answers: [ipv4('198.51.100.9'), ipv4('198.51.100.10'), ipv6('20010db8000000000000000000000005')] } };
    expect(await lookUp('deb.example.org')).toEqual({ addresses: ['198.51.100.10', '198.51.100.9', '2001:db8::5'], problem: null });
    expect(asked).toBe(2);
  });

  test('and takes a name with one family as it is', async () => {
    zone = { 'v4.example.org': { answers: [ipv4('198.51.100.9')] }, 'v6.example.org': { answers: [ipv6('20010db8000000000000000000000005')] } };
    expect([await lookUp('v4.example.org'), await lookUp('v6.example.org')]).toEqual([{ addresses: ['198.51.100.9'], problem: null }, { addresses: ['2001:db8::5'], problem: null }]);
  });

  test('and says why there is no address', async () => {
    zone = { 'empty.example.org': {}, 'broken.example.org': { code: SERVER_FAILURE }, 'silent.example.org': { silent: true } };
    const problems = await Promise.all(['gone.example.org', 'empty.example.org', 'broken.example.org', 'silent.example.org'].map(async (name) => (await lookUp(name)).problem));
    expect(problems).toEqual(['there is no such name', 'the name has no address', 'the DNS server could not or would not answer', 'no DNS server answered']);
  });

  test('and gives up when it is told to', async () => {
    zone = { 'silent.example.org': { silent: true } };
    const stop = new AbortController();
    const answer = createLookUp({ servers: [`127.0.0.1:${server.address().port}`], timeoutMs: 60_000 })(dnsName('silent.example.org'), stop.signal);
    stop.abort();
    expect(await answer).toEqual({ addresses: [], problem: 'it was stopped before an answer came' });
  });

  test('and passes on what lies inside, which is judged where the list is', async () => {
    zone = { 'rebind.example.org': { answers: [ipv4('10.0.0.5'), ipv4('127.0.0.1')] } };
    expect(await lookUp('rebind.example.org')).toEqual({ addresses: ['10.0.0.5', '127.0.0.1'], problem: null });
  });
});

test('an answer is bounded, and says so', () => {
  const many = Array.from({ length: MAX_IN_ANSWER + 6 }, (_, i) => `198.51.100.${i}`);
  const { addresses, problem } = boundAnswer(many);
  expect([addresses.length, problem]).toEqual([64, 'it answered 70 addresses; 64 of them are kept']);
  expect(boundAnswer(['::ffff:10.0.0.5', 'x'])).toEqual({ addresses: [], problem: 'none of what was answered is an address that a rule can have' });
});
