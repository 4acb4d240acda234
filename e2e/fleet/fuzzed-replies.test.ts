import { afterEach, expect, test } from 'vitest';
import { createAgentClient, type AgentClient } from '../../main/services/agent-client.ts';
import { createRandom, type Random } from '../../shared/seeded-random.ts';
import { FirebreakError } from '../../shared/errors.ts';
import { ingestInParts } from '../../main/services/drain-lines.ts';
import { recordFacts, recordStatus } from '../../main/services/agent-record.ts';
import { verifyAudit } from '../../main/db/audit-store.ts';
import { getHost } from '../../main/services/find-host.ts';
import { listHostViews } from '../../main/services/host-views.ts';
import type { ResolvedTarget } from '../../main/ssh/ssh-target.ts';
import type { SshPool } from '../../main/ssh/ssh-pool.ts';
import { type PushKit, startPushKit } from '../fakehost/push-kit.ts';

/** RELIABILITY.md R23. `npm run test:fleet` has 100,000. */
const REPLIES = Number(process.env['FIREBREAK_FUZZED_REPLIES'] ?? 3_000);
const SEED = Number(process.env['FIREBREAK_FLEET_SEED'] ?? Date.now() % 1_000_000);

let kit: PushKit;
afterEach(() => kit.close());

const NASTY = ['', '\u0000', '\u001b[2J', '\u202e', '__proto__', 'constructor', '"', '\\', '{', '}', '[', ']', '-1', '1e400', 'null', 'true', '9'.repeat(400), '\ud800', '$(id)', '; flush ruleset'];
const VALUES: readonly unknown[] = [null, true, -1, 1e308, Number.MAX_SAFE_INTEGER, 0.5, '', 'x'.repeat(5_000), [], {}, [[[]]], { __proto__: null, constructor: 1 }, '\u202e\u001b[31m', '10.0.0.300', '::ffff:10.0.0.1'];

/** Some byte is another, a piece is missing, doubled or nasty; the text may end anywhere. */
function spoilText(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  const length = random.below(20);
  const nasty = NASTY[random.below(NASTY.length)] ?? '';
  const ways = [() => text.slice(0, at), () => text.slice(0, at) + nasty + text.slice(at), () => text.slice(0, at) + nasty + text.slice(at + length), () => text.slice(0, at + length) + text.slice(at), () => text.slice(0, at) + String.fromCharCode(random.below(0x1_0000)) + text.slice(at + 1)];
  return ways[random.below(ways.length)]?.() ?? '';
}

/** Well-formed JSON in which one value is another, or one member is there twice, missing or called otherwise. */
function spoilValue(value: unknown, random: Random): unknown {
  const entries: [string, unknown][] = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const chosen = entries[random.below(entries.length || 1)];
  if (chosen === undefined || random.below(4) === 0) return VALUES[random.below(VALUES.length)];
  const [key, inner] = chosen;
  if (Array.isArray(value)) return random.below(6) === 0 ? [...value, ...value] : value.map((item, index) => (String(index) === key ? spoilValue(item, random) : item));
  const rest = Object.fromEntries(entries.filter(([name]) => name !== key));
  const ways = [() => ({ ...rest, [key]: spoilValue(inner, random) }), () => ({ ...rest, [key]: spoilValue(inner, random) }), () => rest, () => ({ ...rest, [`${key}x`]: inner })];
  return ways[random.below(ways.length)]?.();
}

const spoil = (text: string, random: Random): string => (random.below(3) === 0 ? spoilText(text, random) : `${JSON.stringify(spoilValue(JSON.parse(text), random))}\n`);

/** Everything that a console reads of a host, and what it does with what it believes. */
const reads: readonly { name: keyof AgentClient; read: (agents: AgentClient, target: ResolvedTarget) => Promise<unknown> }[] = [
  { name: 'status', read: async (agents, target) => recordStatus(kit.backend, getHost(kit.backend, 'host-1').id, await agents.status(target)) },
  { name: 'facts', read: async (agents, target) => recordFacts(kit.backend, getHost(kit.backend, 'host-1').id, await agents.facts(target)) },
  { name: 'drain', read: async (agents, target) => ingestInParts(kit.backend, getHost(kit.backend, 'host-1').id, await agents.drain(target, { cursor: 0, now: false })) },
  { name: 'verify', read: (agents, target) => agents.verify(target) },
  { name: 'events', read: (agents, target) => agents.events(target, 0) },
  { name: 'sessions', read: (agents, target) => agents.sessions(target) },
  { name: 'check', read: (agents, target) => agents.check(target, '') },
];

/** What the host really says to each. */
async function trueReplies(target: ResolvedTarget): Promise<Map<string, string>> {
  const said = new Map<string, string>();
  const listening: SshPool = {
    ...kit.backend.sshPool,
    showKey: (...args) => kit.backend.sshPool.showKey(...args),
    close: async () => undefined,
    run: async (...args) => {
      const result = await kit.backend.sshPool.run(...args);
      said.set(args[1].argv[1] ?? '', result.stdout);
      return result;
    },
  };
  const agents = createAgentClient(listening);
  await agents.drain(target, { cursor: 0, now: true });
  for (const { read } of reads) await read(agents, target).catch(() => undefined);
  return said;
}

test(`${REPLIES} replies that are not what they should be: each is taken or refused with a code, and the workspace stays sound`, { timeout: 3_600_000 }, async () => {
  kit = await startPushKit(1);
  const random = createRandom(SEED);
  const target: ResolvedTarget = { hostName: 'host-1', address: '127.0.0.1', port: kit.host(0).sshd.port, user: 'ops', identity: { kind: 'password' }, sudo: 'none', pinnedKeys: [kit.host(0).sshd.hostKey], jump: null, secrets: () => ({ sshPassword: 'let me in', sudoPassword: null }) };
  const replies = await trueReplies(target);
  const counts = { taken: 0, refused: 0 };
  let reply = '';
  const lying = createAgentClient({ showKey: () => Promise.reject(new Error('not asked')), close: async () => undefined, run: async () => ({ exitCode: 0, stdout: reply, stderr: '' }) });
  for (let n = 0; n < REPLIES; n += 1) {
    const { name, read } = reads[n % reads.length] ?? { name: 'status', read: async () => undefined };
    const honest = replies.get(name) ?? '{}\n';
    const line = honest.split('\n').find((text) => text !== '') ?? '{}';
    reply = spoil(line, random);
    try {
      await read(lying, target);
      counts.taken += 1;
    } catch (error) {
      if (!(error instanceof FirebreakError) || error.code === 'INTERNAL') throw new Error(`seed ${SEED}, reply ${n} to ${name}: ${JSON.stringify(reply).slice(0, 2_000)}`, { cause: error });
      counts.refused += 1;
    }
  }
  console.log(`${REPLIES} fuzzed replies (seed ${SEED}): ${counts.refused} refused, ${counts.taken} taken as they were or rejected line by line`);
  // Both happen: a fuzzer of which nothing passes tests the parser alone.
  expect(Math.min(counts.taken, counts.refused)).toBeGreaterThan(REPLIES / 50);
  expect(() => listHostViews(kit.backend)).not.toThrow();
  expect(verifyAudit(kit.backend.workspace.read).brokenAt).toBeNull();
  expect(kit.backend.workspace.read.one('PRAGMA integrity_check', [])).toEqual({ integrity_check: 'ok' });
});
