import { afterEach, expect, test } from 'vitest';
import type { Push } from '../../shared/model/diff.ts';
import { type Fault, type PushKit, startPushKit } from '../fakehost/push-kit.ts';
import { aShop } from '../fakehost/push-policies.ts';

/** A short cut of `npm run test:fleet`, which has 500. */
const HOSTS = Number(process.env['FIREBREAK_FLEET_HOSTS'] ?? 24);
/** Of so many, one is hostile. */
const ONE_OF = 4;
const GIGABYTE = 2 ** 30;
/** What the console may take beyond what it had before the push. */
const MEMORY_LIMIT_MB = 400;

let kit: PushKit;
afterEach(() => kit.close());

const invalidUtf8 = Buffer.from([0xff, 0xfe, 0x7b, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0x0a]);
/** What each does with one command. Whoever is late has done it; the kit gives up after a fifth of a second, where a real console does after half a minute or more. */
const misdeeds = (command: string): readonly (readonly [string, Fault])[] => [
  ['answers too late', { command, kind: 'hang-after' }],
  ['never answers', { command, kind: 'hang-before' }],
  ['drops the connection', { command, kind: 'drop-before' }],
  ['lies', { command, kind: 'lie', reply: () => ({ exitCode: 0, stdout: '{"v":1,"ok":"yes","agentVersion":7}' }) }],
  ['sends a gigabyte', { command, kind: 'flood', amount: GIGABYTE }],
  ['sends invalid UTF-8', { command, kind: 'bytes', bytes: invalidUtf8 }],
  ['says a hostile error', { command, kind: 'refuse', reply: () => ({ exitCode: 1, stdout: `\u001b[2J\u202e${'A'.repeat(100_000)}` }) }],
];

/** Makes every fourth host misbehave, each in the next way; gives their names. `withKeys`: some have another key than the one that is pinned, too, which is found before anything is loaded. */
async function turn(command: string, withKeys: boolean): Promise<Set<string>> {
  const ways = [...misdeeds(command).map(([, fault]) => fault), ...(withKeys ? (['change-key'] as const) : [])];
  const hostile = kit.hosts.filter((_, index) => index % ONE_OF === 1);
  for (const [index, host] of hostile.entries()) {
    const fault = ways[index % ways.length];
    if (fault === 'change-key') await host.changeKey();
    else if (fault !== undefined) host.faults.push(fault);
  }
  return new Set(hostile.map(({ name }) => name));
}

/** The highest resident memory while `work` runs, beyond what it was before; MB of 2^20 bytes. Of this process, which is the console and all hosts. */
async function withPeak<T>(work: () => Promise<T>): Promise<{ value: T; peakMb: number }> {
  const before = process.memoryUsage().rss;
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 20);
  try {
    return { value: await work(), peakMb: (peak - before) / 2 ** 20 };
  } finally {
    clearInterval(timer);
  }
}

const statusOf = (name: string) => kit.host(kit.hosts.findIndex((host) => host.name === name)).status();
const endOf = (states: readonly Push[]): Push => {
  const last = states.at(-1);
  if (last === undefined) throw new Error('the push published nothing');
  return last;
};
const count = (push: Push): Record<string, number> => Object.fromEntries([...Map.groupBy(push.hosts, ({ step }) => step)].map(([step, hosts]) => [step, hosts.length]));

test(`${HOSTS} hosts of which some hang, drop, lie, flood or changed their keys when they are asked: the push ends, names each, loads nothing, and memory stays bounded`, { timeout: 3_600_000 }, async () => {
  kit = await startPushKit(HOSTS);
  kit.setPolicy(aShop('enforce'));
  const hostile = await turn('status', true);
  const { value, peakMb } = await withPeak(() => kit.push());
  const push = endOf(value);
  console.log(`${HOSTS} hosts, ${hostile.size} hostile at the check: ${JSON.stringify(count(push))}, peak ${peakMb.toFixed(0)} MB more`);
  expect(push.outcome).toBe('failed');
  for (const host of push.hosts) {
    expect([host.hostName, host.step]).toEqual([host.hostName, hostile.has(host.hostName) ? 'failed' : 'skipped']);
    expect(host.detail).not.toMatch(/[\u0000-\u0008\u001b\u202e]/);
    expect(host.detail.length).toBeLessThanOrEqual(1000);
    if (host.step === 'failed') expect(host.detail).toMatch(/\S/);
  }
  expect(kit.hosts.flatMap(({ commands }) => commands)).not.toContain('apply');
  expect(peakMb).toBeLessThan(MEMORY_LIMIT_MB);
});

test(`the same once they load: the push stops, every host ends as the console says, and memory stays bounded`, { timeout: 3_600_000 }, async () => {
  kit = await startPushKit(HOSTS);
  kit.setPolicy(aShop('enforce'));
  const hostile = await turn('confirm', false);
  const { value, peakMb } = await withPeak(() => kit.push());
  const push = endOf(value);
  console.log(`${HOSTS} hosts, ${hostile.size} hostile at the confirmation: ${push.outcome}, ${JSON.stringify(count(push))}, peak ${peakMb.toFixed(0)} MB more`);
  expect(['partly', 'failed']).toContain(push.outcome);
  for (const host of push.hosts) {
    const { runningBundle, pending } = statusOf(host.hostName);
    if (host.step === 'confirmed') expect([host.hostName, runningBundle, pending]).toEqual([host.hostName, host.bundle, null]);
    if (host.step === 'rolled-back' || host.step === 'skipped') expect(runningBundle).not.toBe(host.bundle);
    if (!hostile.has(host.hostName)) expect(['confirmed', 'skipped', 'failed']).toContain(host.step);
  }
  expect(peakMb).toBeLessThan(MEMORY_LIMIT_MB);
});
