import { afterEach, describe, expect, test } from 'vitest';
import type { Judge } from '../../e2e/fakehost/fake-host-spec.ts';
import { type PushKit, startPushKit } from '../../e2e/fakehost/push-kit.ts';
import { failureOf } from '../../e2e/fakehost/ssh-kit.ts';
import type { ProofOrder, ProofView } from '../../shared/contract/reach-proofs.ts';
import type { ZoneMode } from '../../shared/model/policy.ts';
import { aPolicy, aRule, aZone, peer, serviceRefs } from '../../shared/policy/testing/builders.ts';
import { listAudit } from './audit.ts';
import { listProofs, printProofCsv, proveReach, readProof } from './prove-reach.ts';

let kit: PushKit;
afterEach(() => kit.close());

const port = (text: string) => serviceRefs(text)[0] ?? { kind: 'any' as const };
/** host-1 may reach host-2 on 8080, where something listens, and on 9000, where nothing does; nothing else may. */
const aSite = (mode: ZoneMode) =>
  aPolicy({
    zones: ['host-1', 'host-2'].map((name) => aZone({ name, select: `role=${name}`, mode })),
    rules: [aRule({ from: 'role=host-1', to: 'role=host-2', services: 'tcp/8080, tcp/9000' })],
    tests: [
      { expect: 'allow', from: peer('role=host-1'), to: peer('role=host-2'), service: port('tcp/8080') },
      { expect: 'allow', from: peer('role=host-1'), to: peer('role=host-2'), service: port('tcp/9000') },
      { expect: 'deny', from: peer('role=host-2'), to: peer('role=host-1'), service: port('tcp/8080') },
    ],
  });
const asRules: Judge = ({ hostName, direction, packet }) => direction === 'out' || (hostName === 'host-2' && (packet.port === 8080 || packet.port === 9000));

async function start(judge: Judge = asRules, mode: ZoneMode = 'enforce'): Promise<void> {
  kit = await startPushKit(2, judge);
  kit.setPolicy(aSite(mode));
  await kit.push();
}
async function prove(order: Partial<ProofOrder> = {}): Promise<ProofView> {
  for await (const event of proveReach(kit.backend, { zone: null, sample: 0, seed: 1, ...order })) if (event.type === 'done') return event.result;
  throw new Error('it ended without a result');
}
const results = ({ rows }: Pick<ProofView, 'rows'>) => rows.map(({ from, to, port: to_port, conclusion, cause }) => `${from} → ${to}:${to_port} ${conclusion}: ${cause}`);

test('what the policy says is proven by both ends, over real SSH: a listener, a reset, a drop', async () => {
  await start();
  const proof = await prove();
  expect(results(proof)).toEqual([
    'host-2 → host-1:8080 blocked: refused by host-1 on its way in',
    'host-1 → host-2:8080 allowed: host-2 let it in and took the connection',
    'host-1 → host-2:9000 allowed: host-2 let it in; nothing listens there',
  ]);
  expect(proof).toMatchObject({ id: 1, by: 'ada', version: 1, seed: 1, figures: { allowed: 2, blocked: 1, contradicts: 0, 'not-proven': 0 } });
  expect(proof.rows[0]).toMatchObject({ tool: 'python3', user: 'root', answer: 'timed-out', sent: 'yes', left: 'yes', arrived: 'yes', entered: 'no' });
  expect(readProof(kit.backend, null)).toEqual(proof);
  expect(listProofs(kit.backend)).toMatchObject([{ id: 1, figures: proof.figures }]);
  expect(listAudit(kit.backend, 1, null)[0]).toMatchObject({ action: 'reach.prove', subject: 'all zones', detail: '3 tries, seed 1: 2 proven allowed, 1 proven blocked, 0 contradict the policy, 0 not proven' });
  const csv = printProofCsv(kit.backend, 1).split('\r\n');
  expect(csv[0]).toBe('proof,test,from,from_zone,source,to,to_zone,destination,port,expect,untried,user,tool,answer,sent,left,arrived,entered,source_silent,destination_silent,conclusion,cause');
  expect(csv.filter((line) => line.includes(',timed-out,yes,yes,yes,no,,,blocked,'))).toHaveLength(1);
});

test('a host that lets in what its rules forbid, or refuses what they allow, is told first', async () => {
  await start(({ hostName, direction, packet }) => direction === 'out' || hostName === 'host-1' || packet.port === 8080);
  const proof = await prove();
  expect(results(proof).slice(0, 2)).toEqual(['host-1 → host-2:9000 contradicts: refused by host-2 on its way in', 'host-2 → host-1:8080 contradicts: host-1 let it in and took the connection']);
  expect(proof.figures).toMatchObject({ contradicts: 2, allowed: 1 });
});

test('a sample of the zones is drawn by its seed, and agrees with the rules', async () => {
  await start();
  const proof = await prove({ sample: 4, seed: 5 });
  const sampled = proof.rows.filter(({ test: asked }) => asked === '');
  expect(sampled.length).toBeGreaterThan(0);
  expect(sampled.every(({ conclusion }) => conclusion === 'allowed' || conclusion === 'blocked')).toBe(true);
  const again = await prove({ sample: 4, seed: 5 });
  expect(again.rows.map(({ from, to, port: to_port }) => [from, to, to_port])).toEqual(proof.rows.map(({ from, to, port: to_port }) => [from, to, to_port]));
});

test('rules that somebody changed in a kernel are no reason to leave the host out, and are said', async () => {
  await start();
  kit.host(1).machine.agent?.tamper();
  const proof = await prove();
  expect(proof.notes).toEqual(['host-2: the rules in its kernel are not those that were confirmed.']);
  expect(proof.figures).toMatchObject({ allowed: 2, blocked: 1 });
});

describe('what is not proven says why', () => {
  test('where zones only test', async () => {
    await start(asRules, 'test');
    expect(results(await prove()).filter((line) => line.startsWith('host-2'))).toEqual(['host-2 → host-1:8080 not-proven: neither host-2 nor host-1 enforces rules for it yet']);
  });

  test('with the destination away', async () => {
    await start();
    kit.host(1).faults.push({ command: 'status', kind: 'drop-before' }, { command: 'witness', kind: 'drop-before' });
    const proof = await prove();
    const [first] = proof.rows.filter(({ to, port: to_port }) => to === 'host-2' && to_port === 8080);
    expect(first).toMatchObject({ conclusion: 'not-proven', answer: 'connected', sent: 'yes', left: 'yes', arrived: 'unknown', entered: 'unknown' });
    expect(first?.cause).toMatch(/^it connected; host-2 did not witness: host-2: .+/);
    expect(proof.figures).toEqual({ allowed: 0, blocked: 0, contradicts: 0, 'not-proven': 3 });
  });

  test('with a witness that ends early, or an agent that knows none', async () => {
    await start();
    const reply = () => ({ exitCode: 2, stdout: '{"v":1,"error":"USAGE","detail":"facts | status"}\n' });
    kit.host(1).faults.push({ command: 'witness', kind: 'refuse', reply });
    expect(results(await prove())[0]).toContain('host-2 did not witness: host-2: its agent is older than this; upgrade it (firebreak agent upgrade host-2)');
  });

  test('with a push that waits, or rules that were confirmed elsewhere', async () => {
    await start();
    const agent = kit.host(1).machine.agent;
    const lie = (change: object) => ({ command: 'status', kind: 'lie' as const, reply: (stdout: string) => ({ exitCode: 0, stdout: `${JSON.stringify({ ...JSON.parse(stdout), ...change })}\n` }) });
    kit.host(1).faults.push(lie({ pending: { id: 'p_000000000001', by: 'eve', bundle: 'b'.repeat(64), deadline: 1, secondsLeft: 1 } }));
    expect((await prove()).rows.every(({ cause }) => cause === 'host-2 has a push that waits for its confirmation')).toBe(true);
    kit.host(1).faults.splice(0, 1, lie({ confirmedBundle: 'c'.repeat(64) }));
    expect((await prove()).rows.every(({ cause, answer }) => cause === 'host-2 was confirmed to run other rules than this workspace knows of' && answer === '')).toBe(true);
    expect(agent).toBeDefined();
  });

  test('with a source that cannot try', async () => {
    await start();
    const none = (stdout: string) => {
      const said = JSON.parse(stdout);
      return { exitCode: 0, stdout: `${JSON.stringify({ ...said, tool: null, tries: said.tries.map(() => ({ answer: 'no-tool', port: null })) })}\n` };
    };
    kit.host(0).faults.push({ command: 'try', kind: 'lie', reply: none });
    expect(results(await prove()).filter((line) => line.startsWith('host-1'))).toEqual([8080, 9000].map((to) => `host-1 → host-2:${to} not-proven: host-1: cannot try, there is no tool (python3, perl, nc of OpenBSD or bash)`));
  });
});

test('who stops it stores nothing, and leaves no witness', async () => {
  await start();
  const stop = new AbortController();
  kit.host(0).onCommand = (command) => {
    if (command === 'try') stop.abort();
  };
  const failure = await failureOf(
    (async () => {
      for await (const event of proveReach(kit.backend, { zone: null, sample: 0, seed: 1 }, stop.signal)) expect(event.type).toBe('progress');
    })(),
  );
  expect(failure.code).toBe('ABORTED');
  expect(listProofs(kit.backend)).toEqual([]);
});

test('before anything was pushed, and for zones that are not in it, it says what to do', async () => {
  kit = await startPushKit(2, asRules);
  expect((await failureOf(prove())).payload).toEqual({ issues: [{ path: 'proof', message: 'nothing was pushed yet, so there is nothing to prove; push a policy first' }] });
  kit.setPolicy(aSite('enforce'));
  await kit.push();
  expect((await failureOf(prove({ zone: 'shop' }))).payload).toMatchObject({ what: 'pushed zone', name: 'shop', known: ['host-1', 'host-2'] });
  expect((await failureOf(Promise.resolve().then(() => readProof(kit.backend, 7)))).code).toBe('NOT_FOUND');
  expect(readProof(kit.backend, null)).toBeNull();
});
