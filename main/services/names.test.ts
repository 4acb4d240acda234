import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aShop } from '../../e2e/fakehost/push-policies.ts';
import { type PushKit, startPushKit } from '../../e2e/fakehost/push-kit.ts';
import type { PerHost } from '../../shared/contract/contract.ts';
import type { ResolveNamesInput } from '../../shared/contract/name-views.ts';
import { DnsName } from '../../shared/model/dns-name.ts';
import { aNamedList } from '../../shared/policy/testing/a-ledger.ts';
import { aRule } from '../../shared/policy/testing/builders.ts';
import type { ProgressEvent } from './agent-many.ts';
import { ingestDrain } from './ingest.ts';
import { getHost } from './find-host.ts';
import { snapshotLine } from './testing/snapshot-lines.ts';
import { collectFrom } from './agent-service.ts';
import { listAudit } from './audit.ts';
import { putIpList } from './draft-objects.ts';
import { explainConnection } from './explain-connection.ts';
import { listHostViews } from './host-views.ts';
import { lintDraft } from './lint.ts';
import type { LookUp } from './look-up.ts';
import { resolveNames, resolveStaleByConsole } from './name-resolution.ts';
import { readNames } from './names-view.ts';
import { preparePlan } from './plan-service.ts';

const HOUR_MS = 3_600_000;
const NAME = 'deb.example.org';
let kit: PushKit;
beforeEach(async () => {
  kit = await startPushKit(2);
  const { zones, ...rest } = aShop('enforce');
  // Outbound restricted, and the console let in: what the policy means shows in the rules of host-1.
  kit.setPolicy({ ...rest, zones: zones.map((zone) => ({ ...zone, outbound: 'restricted' })), rules: [aRule({ from: 'role=host-1', to: 'iplist:mirrors', services: 'tcp/443' })], ipLists: [aNamedList()] });
});
afterEach(() => kit.close());

async function resultOf(events: AsyncIterable<ProgressEvent>): Promise<PerHost[]> {
  for await (const event of events) if (event.type === 'done') return event.result.hosts;
  throw new Error('the stream ended without a result');
}
const resolve = (input: Partial<ResolveNamesInput> = {}) => resultOf(resolveNames(kit.backend, { names: null, from: 'both', ...input }));
const warnings = () => preparePlan(kit.backend, null).plan.warnings.filter((text) => text.includes(NAME));
const answers = () => readNames(kit.backend).lists[0]?.names[0]?.answers.map(({ address, state, sightings }) => `${address} ${state} ${sightings.map(({ seenBy }) => seenBy ?? 'console').join(',')}`);
const textFor = (host: string) => preparePlan(kit.backend, null).hosts.find(({ after }) => after.host.name === host)?.after.text ?? '';

describe('resolving', () => {
  test('asks the console and the hosts that a rule with the list is about, and no others', async () => {
    kit.dns.set(NAME, ['198.51.100.7']);
    for (const [i, address] of ['198.51.100.8', '198.51.100.9'].entries()) kit.host(i).machine.names.set(NAME, [address]);
    expect((await resolve()).map(({ hostName, ok, text }) => [hostName, ok, text])).toEqual([
      ['this console', true, '1 address for 1 name'],
      ['host-1', true, '1 address for 1 name'],
    ]);
    expect(answers()).toEqual(['198.51.100.7 used console', '198.51.100.8 used host-1']);
    expect([textFor('host-1'), textFor('host-2')].map((text) => ['198.51.100.7', '198.51.100.8', '198.51.100.9'].filter((address) => text.includes(address)))).toEqual([['198.51.100.7', '198.51.100.8'], []]);
    expect(listAudit(kit.backend, 1, null)[0]).toMatchObject({ action: 'policy.resolveNames', subject: NAME, detail: '2 asked, 0 failed; 2 addresses more than before' });
  });

  test('goes by list or by name, and refuses what no list has', async () => {
    kit.dns.set(NAME, ['198.51.100.7']);
    expect(await resolve({ names: ['mirrors'], from: 'console' })).toHaveLength(1);
    expect(await resolve({ names: ['Deb.Example.org.'], from: 'hosts' })).toHaveLength(1);
    await expect(resolve({ names: ['other.example.org'] })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('that was stopped says nothing, so that the next collect asks again', async () => {
    kit.dns.set(NAME, ['198.51.100.7']);
    const stop = new AbortController();
    const lookUp: LookUp = (_name, signal) => new Promise((answer) => signal?.addEventListener('abort', () => answer({ addresses: [], problem: 'it was stopped before an answer came' })));
    const stopped = resolveStaleByConsole({ ...kit.backend, lookUp }, stop.signal);
    stop.abort();
    await stopped;
    await resolveStaleByConsole(kit.backend);
    expect(answers()).toEqual(['198.51.100.7 used console']);
  });

  test('keeps the ledger when nobody answers, and says why', async () => {
    kit.dns.set(NAME, ['198.51.100.7']);
    await resolve();
    kit.dns.clear();
    kit.clock.nowMs += 2 * HOUR_MS;
    expect((await resolve()).map(({ text }) => text)).toEqual([`0 addresses for 1 name; ${NAME}: no DNS server answered`, `0 addresses for 1 name; ${NAME}: its resolver does not know the name, or does not answer`]);
    expect(answers()).toEqual(['198.51.100.7 used console']);
  });

  test('takes nothing from a host that prints anything else, and bounds what it prints', async () => {
    kit.host(0).machine.names.set(NAME, { exitCode: 0, stdout: '198.51.100.9 STREAM\n; drop table\n' });
    expect((await resolve({ from: 'hosts' }))[0]?.text).toBe(`0 addresses for 1 name; ${NAME}: its answer is no list of addresses`);
    kit.host(0).machine.names.set(NAME, { exitCode: 0, stdout: '198.51.100.9 STREAM\n'.repeat(10_000) });
    expect((await resolve({ from: 'hosts' }))[0]?.text).toBe(`0 addresses for 1 name; ${NAME}: its answer did not end`);
    kit.host(0).machine.names.set(NAME, { exitCode: 127, stdout: '' });
    expect((await resolve({ from: 'hosts' }))[0]?.text).toContain('getent could not be run there');
    expect(answers()).toEqual([]);
  });

  test('has a host that cannot be reached as a failure of its own', async () => {
    kit.dns.set(NAME, ['198.51.100.7']);
    await kit.host(0).changeKey();
    expect((await resolve()).map(({ hostName, ok, error }) => [hostName, ok, error?.code ?? null])).toEqual([['this console', true, null], ['host-1', false, 'HOST_KEY_CHANGED']]);
  });

  test('goes with a collection, once an hour, and a collection never fails by it', async () => {
    kit.host(0).machine.names.set(NAME, ['198.51.100.8']);
    const collect = async () => (await resultOf(collectFrom(kit.backend, { kind: 'all' }))).every(({ ok }) => ok);
    const times = () => readNames(kit.backend).lists[0]?.names[0]?.answers[0]?.sightings[0]?.times;
    const seen = [await collect(), times(), await collect(), times()];
    kit.clock.nowMs += HOUR_MS;
    expect([...seen, await collect(), times()]).toEqual([true, 1, true, 1, true, 2]);
    expect(readNames(kit.backend).lists[0]?.names[0]?.questions.map(({ askedBy, problem }) => [askedBy, problem])).toEqual([[null, 'no DNS server answered'], ['host-1', null]]);
  });
});

describe('a plan', () => {
  test('says that a name is nobody, lets nobody through for it, and can be pushed', async () => {
    expect(warnings()).toEqual([`${NAME} (IP list mirrors) matches nobody: nobody could resolve it; firebreak iplist resolve ${NAME}`]);
    expect(textFor('host-1')).not.toContain(aRule().id);
    expect((await kit.push()).at(-1)?.outcome).toBe('confirmed');
  });

  test('shows changed answers as a difference with the reason; the next push carries them, and until then hosts are marked', async () => {
    kit.dns.set(NAME, ['198.51.100.7', '198.51.100.8']);
    await resolve();
    await kit.push();
    expect([warnings(), listHostViews(kit.backend).map(({ state, warnings: all }) => [state, all.map(({ code }) => code)])]).toEqual([[], [['in-sync', []], ['in-sync', []]]]);
    const version = preparePlan(kit.backend, null).plan.baseVersion;
    kit.clock.nowMs += 9 * 24 * HOUR_MS;
    kit.dns.set(NAME, ['198.51.100.8', '198.51.100.9']);
    await resolve();
    const drift = `${NAME} (IP list mirrors): 1 address new (198.51.100.9), 1 address gone, not seen for 7 days (198.51.100.7); on host-1`;
    expect(warnings()).toEqual([`Answers changed: ${drift}`]);
    expect(readNames(kit.backend).lists[0]?.drift).toEqual([drift]);
    expect(listHostViews(kit.backend).map(({ state, warnings: all }) => [state, all.map(({ code }) => code)])).toEqual([['behind', ['NAMES_DRIFTED']], ['in-sync', []]]);
    expect(preparePlan(kit.backend, null).plan.policyDiff).toEqual([]);
    await kit.push();
    expect([warnings(), preparePlan(kit.backend, null).plan.baseVersion]).toEqual([[], version]);
  });

  test('shows which observed flows changed answers would block, though nobody edited the policy', async () => {
    kit.dns.set(NAME, ['198.51.100.7']);
    await resolve();
    await kit.push();
    kit.clock.nowMs += 9 * 24 * HOUR_MS;
    const flow = snapshotLine({ seq: 900, atMs: kit.clock.nowMs - HOUR_MS, mode: 'enforce', sets: { out4: [{ key: ['198.51.100.7', 'tcp', 443, 33, '1234'], packets: 2 }] } });
    ingestDrain(kit.backend, getHost(kit.backend, 'host-1').id, [flow]);
    expect(preparePlan(kit.backend, null).plan.impact.map(({ change, peerName, port }) => [change, peerName, port])).toEqual([['allowed-to-blocked', `${NAME} (seen by the console, 2026-11-21 00:00 UTC)`, 443]]);
    kit.dns.set(NAME, ['198.51.100.7']);
    await resolve();
    expect(preparePlan(kit.backend, null).plan.impactTotal).toBe(0);
  });

  test('is stale once answers change what it would send', async () => {
    kit.dns.set(NAME, ['198.51.100.7']);
    await resolve();
    const { hash } = preparePlan(kit.backend, null).plan;
    kit.dns.set(NAME, ['198.51.100.9']);
    await resolve();
    expect(() => kit.push({ planHash: hash })).toThrow(expect.objectContaining({ code: 'PLAN_STALE' }));
  });

  test('never lets a name become an address of ours, and says who answered so', async () => {
    kit.dns.set(NAME, ['198.51.100.7', '10.77.0.12']);
    kit.host(0).machine.names.set(NAME, ['127.0.0.1', '203.0.113.66']);
    await resolve();
    expect(answers()?.toSorted()).toEqual(['10.77.0.12 refused console', '127.0.0.1 refused host-1', '198.51.100.7 used console', '203.0.113.66 used host-1']);
    expect(textFor('host-1')).not.toContain('10.77.0.12');
    expect(warnings()).toEqual([
      expect.stringMatching(/answers 10\.77\.0\.12, said by this console, which is not let in: it is host host-2 of this workspace/),
      expect.stringMatching(/answers 127\.0\.0\.1, said by host-1, which is not let in: it is loopback/),
      `${NAME} (IP list mirrors): 203.0.113.66 was seen by host-1 only, and not by this console, which sees others`,
    ]);
    expect(lintDraft(kit.backend, { file: null, days: 30 }).findings.map(({ code }) => code)).toContain('NAME_ANSWER_REFUSED');
  });

  test('says of a deny rule that it stops nobody while a name is nobody', () => {
    const { policy } = preparePlan(kit.backend, null);
    kit.setPolicy({ ...policy, rules: policy.rules.map((rule) => ({ ...rule, action: 'deny' })) });
    expect(warnings()).toEqual([expect.stringContaining('so that deny rules with it stop nobody')]);
  });

  test('says that nobody asked for long', async () => {
    kit.dns.set(NAME, ['198.51.100.7']);
    await resolve();
    kit.clock.nowMs += 3 * 24 * HOUR_MS;
    expect(warnings()).toEqual([`${NAME} (IP list mirrors) was last asked for 3 days ago; firebreak iplist resolve, or collect, asks anew`]);
  });
});

test('an explanation names the list, the name and the entry of the ledger, and takes a name for one of its addresses', async () => {
  kit.dns.set(NAME, ['198.51.100.7']);
  await resolve();
  kit.clock.nowMs += 2 * HOUR_MS;
  const service = { kind: 'inline' as const, entry: { kind: 'ports' as const, protocol: 'tcp' as const, from: 443, to: 443 } };
  const { verdict, steps } = await explainConnection(kit.backend, { from: 'host-1', to: NAME, service, as: null, atMs: null, live: false });
  expect([verdict, steps.filter(({ text }) => text.includes(NAME))]).toEqual(['allowed', [{ where: 'destination', text: `198.51.100.7 is in IP list mirrors as ${NAME}; seen by the console once, first on 2026-11-21, last 2 h ago`, rule: null, counter: null, counterText: null }]]);
});

test('names that cannot be read are refused, all at once, whoever sends them', () => {
  const names = ['*.x.org', 'ok.example.org', 'repo'].map((text) => DnsName.parse(text));
  expect(() => putIpList(kit.backend, { ...aNamedList(), names })).toThrow(expect.objectContaining({ payload: { issues: [expect.objectContaining({ path: 'names.0' }), expect.objectContaining({ path: 'names.2' })] } }));
});
