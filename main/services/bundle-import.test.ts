import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BundleOutcome } from '../../shared/contract/bundles.ts';
import { parseSelectorSet } from '../../shared/text/selector-text.ts';
import { runFirebreak } from '../cli/testing/run-firebreak.ts';
import { makeFolder } from '../db/testing/temporary-workspace.ts';
import { exportPolicy } from './bundle-export.ts';
import { aBundle, type BundleOrder, sessionsText, type TestStick, makeStick } from './testing/a-bundle.ts';
import { someFacts } from './testing/some-facts.ts';
import { makeBackend, type TestBackend } from './testing/test-backend.ts';

let at: TestBackend;
let folder: ReturnType<typeof makeFolder>;
let stick: TestStick;
beforeEach(async () => {
  at = makeBackend();
  folder = makeFolder();
  stick = await makeStick(at);
});
afterEach(async () => {
  await at.close();
  folder.remove();
});

let written = 0;
async function put(order: BundleOrder = {}): Promise<string> {
  written += 1;
  const path = join(folder.folder, `b${written}.tar.gz`);
  writeFileSync(path, await aBundle(order));
  return path;
}
async function importAll(...paths: string[]): Promise<BundleOutcome[]> {
  for await (const event of await at.client.bundles.import({ paths })) if (event.type === 'done') return event.result.bundles;
  throw new Error('the import ended without a result');
}
const hostsNow = async () =>
  (await at.client.hosts.list({})).map(({ name, labels, addresses, managed, state }) => ({ name, collected: labels['collected'], addresses, managed, state }));
const flowsNow = async () =>
  (await at.client.flows.list({ sinceMs: null, untilMs: null, verdict: null, from: null, to: null, text: null, limit: 100, offset: 0 })).rows;
const SESSIONS = [{ direction: 'in', local: '10.9.0.5', localPort: 502, peer: '10.9.0.9', peerPort: 40_000 }] as const;

describe('a bundle of a stick of ours', () => {
  test.each(['ssh', 'openssl'] as const)('signed with %s: brings its host, what listens, and flows, and is taken out as a whole', async (tool) => {
    const [outcome] = await importAll(await put({ stick, with: tool, sessions: SESSIONS, files: { 'ruleset.nft': 'table ip filter {\n}\n' } }));
    expect(outcome).toMatchObject({ outcome: 'imported', host: 'plc-gw', isNewHost: true, kit: stick.kit, flows: 1, listening: 1, notes: [] });
    expect(await hostsNow()).toEqual([{ name: 'plc-gw', collected: 'signed', addresses: ['10.9.0.5'], managed: true, state: 'unknown' }]);
    expect((await at.client.hosts.get({ name: 'plc-gw' })).listening.map(({ port }) => port)).toEqual([22]);
    expect((await flowsNow()).map(({ reporterName, direction, port, peerName }) => [reporterName, direction, port, peerName])).toEqual([
      ['plc-gw', 'in', 502, '10.9.0.9'],
    ]);
    expect(await at.client.bundles.list({})).toMatchObject([{ host: 'plc-gw', kit: stick.kit, usesFacts: true, rules: ['ruleset.nft'] }]);
    await at.client.bundles.remove({ id: 1 });
    expect([await hostsNow(), await flowsNow(), await at.client.bundles.list({}), await at.client.flows.sources({})]).toEqual([[], [], [], []]);
  });

  test('conntrack and live sockets that tell one connection count once; what only one of them has counts too', async () => {
    const line =
      'ipv4     2 tcp      6 100 ESTABLISHED src=10.9.0.9 dst=10.9.0.5 sport=40000 dport=502 src=10.9.0.5 dst=10.9.0.9 sport=502 dport=40000 [ASSURED] mark=0 use=1\n';
    const udp =
      'ipv4     2 udp      17 20 src=10.9.0.5 dst=10.9.0.1 sport=5000 dport=53 src=10.9.0.1 dst=10.9.0.5 sport=53 dport=5000 mark=0 use=1\nnonsense\n';
    await importAll(await put({ stick, sessions: SESSIONS, files: { 'conntrack.txt': line + udp } }));
    expect((await flowsNow()).map(({ direction, protocol, port, connections }) => `${direction} ${protocol} ${port} ${connections}`).sort()).toEqual([
      'in tcp 502 1',
      'out udp 53 1',
    ]);
    const [source] = await at.client.flows.sources({});
    expect(source?.figures.leftOut).toMatchObject([{ kind: 'refused', rows: 1 }]);
  });

  test('the same bundle is known again, and a later one of the same machine renews what is known of it', async () => {
    const first = await put({ stick, minutesAgo: 60 });
    await importAll(first);
    expect(await importAll(first)).toMatchObject([{ outcome: 'known', reason: expect.stringContaining('it was imported before') }]);
    const later = await importAll(await put({ stick, minutesAgo: 5, facts: someFactsOf('10.9.0.6', 443) }));
    expect(later).toMatchObject([{ outcome: 'imported', isNewHost: false }]);
    expect((await hostsNow())[0]?.addresses).toEqual(['10.9.0.6']);
    const older = await importAll(await put({ stick, minutesAgo: 600, facts: someFactsOf('10.9.0.4', 80) }));
    expect(older).toMatchObject([{ outcome: 'imported', notes: [expect.stringContaining('it is older than the bundle of')] }]);
    expect((await hostsNow())[0]?.addresses).toEqual(['10.9.0.6']);
    await at.client.bundles.remove({ id: 2 });
    expect((await hostsNow())[0]?.addresses).toEqual(['10.9.0.5']);
  });

  test('clones with one machine id are two hosts, and a name that is taken gets the beginning of the id', async () => {
    await importAll(await put({ stick, hostname: 'a' }), await put({ stick, hostname: 'b' }), await put({ stick, hostname: 'a', machineId: 'b'.repeat(32) }));
    expect((await hostsNow()).map(({ name }) => name)).toEqual(['a', 'a-bbbbbb', 'b']);
  });

  test('without root its features are not known, rather than absent', async () => {
    await importAll(await put({ stick, manifest: { root: false }, facts: { features: { cgroupKeys: false } } }));
    expect((await at.client.hosts.get({ name: 'plc-gw' })).facts?.features).toEqual({});
  });

  test('a host that rules name is not taken out with its bundle, by either command', async () => {
    await importAll(await put({ stick }));
    expect((await runFirebreak(at, ['rule', 'add', '--from', 'host:plc-gw', '--to', 'any', '--service', 'tcp/22'])).code).toBe(0);
    for (const command of [
      ['bundle', 'remove', '1'],
      ['flows', 'import', 'remove', '1'],
    ])
      expect(await runFirebreak(at, command)).toMatchObject({ code: 1, err: expect.stringContaining('plc-gw') });
    expect([(await hostsNow()).length, (await at.client.bundles.list({})).length]).toEqual([1, 1]);
  });
});

const someFactsOf = (address: string, port: number) => ({
  addresses: someFacts({ addresses: [address] }).addresses,
  listening: someFacts({ ports: [port] }).listening,
});

describe('a bundle that nobody signed', () => {
  test('is marked at its host, its flows, its source, in every list and on page one of the report', async () => {
    const path = await put({ sessions: SESSIONS });
    const imported = await runFirebreak(at, ['bundle', 'import', path]);
    expect(imported).toMatchObject({ code: 0, out: expect.stringMatching(/new host plc-gw, UNSIGNED[\s\S]*1 imported \(1 of them UNSIGNED\)/) });
    expect(await hostsNow()).toMatchObject([{ name: 'plc-gw', collected: 'unsigned' }]);
    expect((await at.client.hosts.get({ name: 'plc-gw' })).warnings).toMatchObject([{ code: 'UNSIGNED_BUNDLE' }]);
    expect((await flowsNow()).map(({ origin }) => origin?.name)).toEqual([expect.stringContaining('(UNSIGNED bundle)')]);
    expect((await runFirebreak(at, ['flows', 'list'])).out).toContain('(UNSIGNED bundle)');
    expect((await runFirebreak(at, ['flows', 'import', 'list'])).out).toContain('(UNSIGNED bundle)');
    expect((await runFirebreak(at, ['bundle', 'list'])).out).toContain('UNSIGNED');
    expect((await at.client.reports.html({ kind: 'summary', sinceMs: null })).html).toMatch(/Carried bundles[\s\S]*Nobody signed what is known of plc-gw/);
    expect(exportPolicy(at.backend, { hosts: ['plc-gw'], note: '' }).hosts[0]?.warnings).toEqual([expect.stringContaining('nobody signed')]);
  });

  test('does not replace what a signed one says, however new it is; a signed one replaces it, however old', async () => {
    await importAll(await put({ minutesAgo: 1, facts: someFactsOf('10.9.0.66', 66) }));
    expect(await importAll(await put({ stick, minutesAgo: 500 }))).toMatchObject([{ notes: [] }]);
    expect(await importAll(await put({ minutesAgo: 0, facts: someFactsOf('10.9.0.77', 77) }))).toMatchObject([
      { notes: [expect.stringContaining('nobody signed it')] },
    ]);
    expect(await hostsNow()).toMatchObject([{ collected: 'signed', addresses: ['10.9.0.5'] }]);
  });

  test('takes no address from a host that is reached over SSH, and does not speak for it', async () => {
    await at.client.hosts.add({
      name: 'db',
      ssh: { address: '10.9.0.5', port: 22, user: 'root', identity: { kind: 'agent' }, sudo: 'none', jump: null },
      addresses: [],
      labels: {},
      note: '',
    });
    expect(await importAll(await put())).toMatchObject([{ notes: ['10.9.0.5 is db’s, and was left out'] }]);
    expect((await hostsNow()).map(({ name, addresses }) => [name, addresses])).toEqual([
      ['db', ['10.9.0.5']],
      ['plc-gw', []],
    ]);
  });

  test.each([['before it', true], ['after it', false]])('takes no address from a host that a signed bundle tells of, though it came %s', async (_when, unsignedFirst) => {
    const unsigned = { hostname: 'stranger', machineId: 'e'.repeat(32) };
    const orders: BundleOrder[] = unsignedFirst ? [unsigned, { stick }] : [{ stick }, unsigned];
    const outcomes = [];
    for (const order of orders) outcomes.push(...(await importAll(await put(order))));
    expect(outcomes.flatMap((one) => (one.outcome === 'imported' ? one.notes : [one.reason]))).toEqual([
      unsignedFirst ? '10.9.0.5 was taken from stranger, which is known by a bundle that nobody signed' : '10.9.0.5 is plc-gw’s, and was left out',
    ]);
    expect((await hostsNow()).map(({ name, addresses }) => [name, addresses])).toEqual([
      ['plc-gw', ['10.9.0.5']],
      ['stranger', []],
    ]);
  });

  test('gets no label by the name that it gives itself until somebody accepts it', async () => {
    expect((await runFirebreak(at, ['label-rule', 'add', 'app=plc', '--name', 'plc-*'])).code).toBe(0);
    await importAll(await put());
    const labels = async () => (await at.client.hosts.get({ name: 'plc-gw' })).labels;
    expect(await labels()).toEqual({ collected: 'unsigned' });
    expect((await runFirebreak(at, ['label-rule', 'accept', 'plc-gw'])).code).toBe(0);
    expect(await labels()).toEqual({ collected: 'unsigned', app: 'plc' });
  });

  test('never makes a login of its host a way in', async () => {
    await importAll(await put({ facts: { ssh: { clientAddress: '6.6.6.6', serverAddress: '10.9.0.5', serverPort: 22 } } }));
    const host = await at.client.hosts.get({ name: 'plc-gw' });
    expect([host.consoleAddresses, host.facts?.ssh]).toEqual([[], null]);
  });
});

test('a clock that is ahead is told and does not make a bundle the newest for ever', async () => {
  expect(await importAll(await put({ stick, minutesAgo: -60 * 24 * 300, sessions: SESSIONS }))).toMatchObject([
    { collectedAtMs: at.clock.nowMs, flows: 1, notes: [expect.stringContaining('its clock is ahead')] },
  ]);
  at.clock.nowMs += 60_000;
  expect(await importAll(await put({ stick, minutesAgo: -1, facts: someFactsOf('10.9.0.8', 1) }))).toMatchObject([{ notes: [] }]);
  expect((await hostsNow())[0]?.addresses).toEqual(['10.9.0.8']);
});

test('an address that two signed bundles tell, as a standby does, stands for neither', async () => {
  await importAll(await put({ stick }), await put({ stick, hostname: 'standby', machineId: 'e'.repeat(32) }));
  expect((await hostsNow()).map(({ name, addresses }) => [name, addresses])).toEqual([
    ['plc-gw', []],
    ['standby', []],
  ]);
});

test('live connections that the collector left out are told', async () => {
  const cut = JSON.stringify({ ...JSON.parse(sessionsText(SESSIONS)), total: 20_001, truncated: true });
  expect(await importAll(await put({ stick, files: { 'sessions.json': cut } }))).toMatchObject([{ notes: ['1 of 20001 live connections are in it'] }]);
});

test('a folder is imported with its folders; one bad bundle stops no other, and the command says so by its exit', async () => {
  mkdirSync(join(folder.folder, 'site-a'));
  writeFileSync(join(folder.folder, 'site-a', 'one.tar.gz'), await aBundle({ stick, hostname: 'one' }));
  writeFileSync(join(folder.folder, 'two.tar.gz'), 'no bundle');
  writeFileSync(join(folder.folder, 'note.txt'), 'not looked at');
  const answer = await runFirebreak(at, ['bundle', 'import', folder.folder]);
  expect(answer).toMatchObject({
    code: 3,
    out: expect.stringMatching(/new host one[\s\S]*two\.tar\.gz: REFUSED: it is no gzip file[\s\S]*1 imported, 0 known already, 1 refused\./),
  });
});

test('a stick that was forgotten is refused, and what it brought stays', async () => {
  await importAll(await put({ stick }));
  await at.client.bundles.forgetKit({ id: stick.kit });
  expect(await importAll(await put({ stick, hostname: 'other' }))).toMatchObject([
    { outcome: 'refused', reason: expect.stringContaining('did not make or has forgotten') },
  ]);
  expect(await at.client.bundles.list({})).toMatchObject([{ kit: stick.kit }]);
});

test('hosts of bundles are on the map and in plans, and a push leaves them out with a sentence', async () => {
  await importAll(await put({ stick, sessions: SESSIONS }));
  const plan = await at.client.pushes.plan({ zone: null });
  expect([plan.hosts, plan.warnings]).toEqual([[], [expect.stringContaining('Reached by stick, and so left out: plc-gw')]]);
});

describe('machines without an id are told apart, and nothing is merged in silence:', () => {
  const nameless = (addresses: string[], more: BundleOrder = {}) => put({ stick, hostname: 'localhost', machineId: '', facts: { ...someFacts({ ports: [22], addresses }), hostname: 'localhost', machineId: '' }, ...more });
  const told = (outcomes: readonly BundleOutcome[]) => outcomes.map((one) => (one.outcome === 'imported' ? [one.host, one.isNewHost, one.notes.join('; ')] : [one.outcome]));

  test('two of one name with no address in common stay two', async () => {
    expect(told(await importAll(await nameless(['10.9.0.5'])))).toEqual([['localhost', true, expect.stringContaining('no rules can be carried to it')]]);
    expect(told(await importAll(await nameless(['10.9.0.6'])))).toEqual([['localhost-2', true, expect.stringMatching(/another is called “localhost” too \(localhost\): they have no address in common, so this one is kept apart/)]]);
    expect((await at.client.bundles.sites({})).map(({ host, machine }) => [host, machine])).toEqual([
      ['localhost', { hasId: false, sameName: ['localhost-2'] }],
      ['localhost-2', { hasId: false, sameName: ['localhost'] }],
    ]);
  });

  test('one of the same name and address is taken for the same, and that is said', async () => {
    await importAll(await nameless(['10.9.0.5', '10.9.1.5']));
    await importAll(await nameless(['10.9.0.6']));
    expect(told(await importAll(await nameless(['10.9.1.5'], { minutesAgo: 1 })))).toEqual([['localhost', false, expect.stringContaining('it was taken for localhost by its name “localhost” and its address 10.9.1.5, which another machine may have as well')]]);
    expect(await hostsNow()).toHaveLength(2);
  });

  test('machines with ids are by these: one of a name that is there is said, and the same one comes again without a word', async () => {
    await importAll(await put({ stick, hostname: 'plc', machineId: 'a'.repeat(32) }));
    expect(told(await importAll(await put({ stick, hostname: 'plc', machineId: 'b'.repeat(32) })))).toEqual([['plc-bbbbbb', true, expect.stringContaining('another machine is called “plc” too (plc); by their machine ids they are two')]]);
    expect(told(await importAll(await put({ stick, hostname: 'plc', machineId: 'a'.repeat(32), minutesAgo: 5 })))).toEqual([['plc', false, '']]);
  });
});

test('a dry run says what would become of each bundle and stores nothing; then the import does just that', async () => {
  const paths = [await put({ stick, hostname: 'one', sessions: SESSIONS }), await put({ hostname: 'two', machineId: 'b'.repeat(32), facts: { ...someFacts({ ports: [80], addresses: ['10.9.0.7'] }), hostname: 'two', machineId: 'b'.repeat(32) } })];
  writeFileSync(join(folder.folder, 'bad.tar.gz'), 'no bundle');
  paths.push(join(folder.folder, 'bad.tar.gz'));
  const entries = (await at.client.audit.list({ limit: 100, beforeSeq: null })).length;
  const foretold = await lastOf(await at.client.bundles.import({ paths, dryRun: true }));
  expect(foretold.map(({ outcome }) => outcome)).toEqual(['imported', 'imported', 'refused']);
  expect([await hostsNow(), await flowsNow(), await at.client.bundles.list({}), (await at.client.audit.list({ limit: 100, beforeSeq: null })).length]).toEqual([[], [], [], entries]);
  const done = await importAll(...paths);
  const withoutIds = (outcomes: readonly BundleOutcome[]) => outcomes.map((one) => ({ ...one, id: 0 }));
  expect(withoutIds(done)).toEqual(withoutIds(foretold));
  expect((await runFirebreak(at, ['bundle', 'import', '--dry-run', ...paths])).out).toContain('nothing was stored');
});

async function lastOf(events: AsyncIterable<{ type: 'progress' } | { type: 'done'; result: { bundles: BundleOutcome[] } }>): Promise<BundleOutcome[]> {
  for await (const event of events) if (event.type === 'done') return event.result.bundles;
  throw new Error('no result');
}
