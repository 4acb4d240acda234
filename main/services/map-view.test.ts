import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { MapQuery } from '../../shared/contract/map-query.ts';
import { HostId } from '../../shared/model/ids.ts';
import { parseSelectorSet } from '../../shared/text/selector-text.ts';
import { saveBundle, setAppliedBundle } from '../db/bundle-store.ts';
import { insertHost } from '../db/host-store.ts';
import { readDraft } from './draft.ts';
import { ingestDrain } from './ingest.ts';
import { readFlatMap } from './map-flat.ts';
import { snapshotLine, type TestElement } from './testing/snapshot-lines.ts';
import { makeBackend, TEST_NOW_MS, type TestBackend } from './testing/test-backend.ts';
import { ensureVersion } from './versions.ts';

const HOUR_MS = 3_600_000;
let at: TestBackend;

/** Addresses end in the order of adding, from 1. */
const HOSTS = [
  ['web-1', 'web', 'shop'],
  ['web-2', 'web', 'shop'],
  ['web-3', 'cache', 'shop'],
  ['blog-1', 'web', 'blog'],
  ['db-1', 'db', 'shop'],
  ['mon-1', 'mon', 'ops'],
] as const;

beforeEach(async () => {
  at = makeBackend();
  for (const [index, [name, role, app]] of HOSTS.entries()) addHost(index + 1, name, { role, app });
  await at.client.policy.addZone({ name: 'front', select: selecting('role=web|cache'), outbound: 'open', note: '' });
  await at.client.policy.addZone({ name: 'data', select: selecting('role=db'), outbound: 'open', note: '' });
  sends('web-1', [to(5, 'tcp', 5432), to(2, 'tcp', 80)]);
  sends('web-2', [to(5, 'tcp', 5432), to(5, 'tcp', 6432)]);
  sends('mon-1', [to(5, 'tcp', 22)]);
});
afterEach(() => at.close());

/** Past the command: the ids of the test backend repeat after three hosts. */
function addHost(n: number, name: string, handLabels: Record<string, string>): void {
  const ssh = { address: `10.0.0.${n}`, port: 22, user: 'root', identity: { kind: 'agent' as const }, sudo: 'none' as const, jump: null };
  const id = HostId.parse(`h_${String(n).padStart(12, '0')}`);
  at.backend.workspace.transaction((tx) => insertHost(tx, { id, name, ssh, note: '', createdAtMs: TEST_NOW_MS, handLabels, addresses: [{ address: `10.0.0.${n}`, source: 'manual' }] }));
}

function selecting(text: string) {
  const parsed = parseSelectorSet(text);
  if (!parsed.ok) throw new Error(`${text} is no selector`);
  return parsed.value;
}
const to = (host: number, protocol: string, port: number): TestElement => ({ key: [`10.0.0.${host}`, protocol, port, 33, '1234'], packets: 2 });
const sends = (name: string, out4: TestElement[], seq = 1) => ingestDrain(at.backend, at.hostId(name), [snapshotLine({ seq, atMs: TEST_NOW_MS - HOUR_MS, sets: { out4 } })]);
const map = (query: Partial<MapQuery> = {}) => at.client.flows.map({ sinceMs: null, ...query });
const labelsOf = async (query: Partial<MapQuery>) => (await map(query)).nodes.map((node) => node.label);
const edgesOf = async (query: Partial<MapQuery>) => {
  const { nodes, edges } = await map(query);
  const nameOf = (id: string) => nodes.find((node) => node.id === id)?.label ?? id;
  return edges.map((edge) => `${nameOf(edge.source)} > ${nameOf(edge.target)} ${edge.protocol}/${edge.port} ${edge.pairs}`).toSorted();
};
const allowing = (from: string, where: string, port: number) =>
  at.client.policy.addRules({
    rules: [
      {
        ...{ action: 'allow', owner: '', reason: '', ticket: '', reviewOn: null, expiresOn: null },
        from: { kind: 'selector', select: selecting(from) },
        to: { kind: 'selector', select: selecting(where) },
        services: [{ kind: 'inline', entry: { kind: 'ports', protocol: 'tcp', from: port, to: port } }],
      },
    ],
  });

describe('how far a map is opened', () => {
  test('a small site shows its hosts, and a zone that is shut in spite of it', async () => {
    expect((await map()).level).toBe('host');
    expect(await labelsOf({ shut: ['zone:front'] })).toEqual(['front', 'db-1', 'mon-1']);
  });

  test('at zone level lines are summed up between zones, and what goes on within one is told of it', async () => {
    expect(await edgesOf({ level: 'zone' })).toEqual(['In no zone > data tcp/22 1', 'front > data tcp/5432 2', 'front > data tcp/6432 1', 'front > front tcp/80 1']);
    expect((await map({ level: 'zone' })).nodes.map(({ label, count, kind }) => `${kind} ${label} ${count}`)).toEqual(['zone front 4', 'zone data 1', 'zone In no zone 1']);
  });

  test('a zone opens into its applications, one of them into roles, a role into hosts; a group of one host is that host', async () => {
    const open = ['zone:front'];
    expect(await labelsOf({ level: 'zone', open })).toEqual(['blog-1', 'shop', 'data', 'In no zone']);
    open.push('app:front|shop');
    expect(await labelsOf({ level: 'zone', open })).toEqual(['blog-1', 'web-3', 'web', 'data', 'In no zone']);
    open.push('role:front|shop|web');
    const { groups, nodes } = await map({ level: 'zone', open });
    expect(groups.map(({ id, parent }) => [id, parent])).toEqual([
      ['zone:front', null],
      ['app:front|shop', 'zone:front'],
      ['role:front|shop|web', 'app:front|shop'],
    ]);
    expect(nodes.filter((node) => node.parent === 'role:front|shop|web').map((node) => node.label)).toEqual(['web-1', 'web-2']);
  });

  test('a level with one group is left out: a zone of one application opens into roles', async () => {
    expect(await labelsOf({ level: 'zone', open: ['zone:data'] })).toEqual(['front', 'db-1', 'In no zone']);
    expect(await labelsOf({ level: 'role' })).toEqual(['blog-1', 'web-3', 'web', 'db-1', 'mon-1']);
  });

  test('ids of groups that are gone do nothing', async () => {
    expect(await labelsOf({ level: 'zone', open: ['zone:gone', 'app:|'] })).toEqual(['front', 'data', 'In no zone']);
  });

  test('a group says what its hosts share', async () => {
    const { nodes } = await map({ level: 'zone', open: ['zone:front'] });
    expect(nodes.find((node) => node.label === 'shop')).toMatchObject({ labels: { app: 'shop' }, names: ['web-1', 'web-2', 'web-3'], count: 3 });
  });
});

describe('filters of the map', () => {
  test.each<[string, Partial<MapQuery>, string[]]>([
    ['a selector at either end', { who: 'role=mon' }, ['mon-1 > db-1 tcp/22 1']],
    ['a zone', { who: 'zone:data', service: '22' }, ['mon-1 > db-1 tcp/22 1']],
    ['a bare host name', { who: 'web-1' }, ['web-1 > db-1 tcp/5432 1', 'web-1 > web-2 tcp/80 1']],
    ['a network', { who: '10.0.0.6/32' }, ['mon-1 > db-1 tcp/22 1']],
    ['a port', { service: '80' }, ['web-1 > web-2 tcp/80 1']],
    ['a range', { service: 'tcp/5000-6500' }, ['web-1 > db-1 tcp/5432 1', 'web-2 > db-1 tcp/5432 1', 'web-2 > db-1 tcp/6432 1']],
    ['a unit as process', { process: 'NGINX', service: '6432' }, ['web-2 > db-1 tcp/6432 1']],
    ['text of a name', { text: 'MON' }, ['mon-1 > db-1 tcp/22 1']],
    ['a verdict', { verdicts: ['blocked'] }, []],
  ])('keeps what fits %s', async (_what, query, expected) => {
    expect(await edgesOf(query)).toEqual(expected);
  });

  test('what cannot be read is said for every field at once', async () => {
    await expect(map({ who: 'zone:nowhere', service: 'gopher' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      data: { issues: [{ path: 'who', message: expect.stringContaining('there is no zone “nowhere”') }, { path: 'service', message: expect.stringContaining('there is no service “gopher”') }] },
    });
  });

  test('hosts that were asked for by name stay though nothing was seen of them', async () => {
    expect(await labelsOf({ text: 'blog' })).toEqual(['blog-1']);
    expect(await labelsOf({ text: 'blog', verdicts: ['blocked'] })).toEqual([]);
  });
});

describe('live and draft', () => {
  const verdicts = async () => (await map({ service: '22' })).edges.map(({ verdict, draft, differing }) => [verdict, draft, differing]);

  test('live goes by the rules that the host runs, the draft by those that it would', async () => {
    expect(await verdicts()).toEqual([['no-rule', 'no-rule', 0]]);
    await allowing('role=mon', 'role=db', 22);
    expect(await verdicts()).toEqual([['no-rule', 'allowed', 1]]);
    runs('mon-1');
    expect(await verdicts()).toEqual([['allowed', 'allowed', 0]]);
    await at.client.policy.removeRule({ id: (await at.client.policy.get({})).policy.rules[0]?.id ?? expect.fail('the rule is gone') });
    expect(await verdicts()).toEqual([['allowed', 'no-rule', 1]]);
  });

  test('a verdict is filtered by in the view that is shown', async () => {
    await allowing('role=mon', 'role=db', 22);
    expect(await edgesOf({ verdicts: ['allowed'], lens: 'live' })).toEqual([]);
    expect(await edgesOf({ verdicts: ['allowed'], lens: 'draft' })).toEqual(['mon-1 > db-1 tcp/22 1']);
  });

  /** As a confirmed push leaves it. */
  function runs(name: string): void {
    at.backend.workspace.transaction((tx) => {
      const { id } = ensureVersion(at.backend, tx, readDraft(at.backend).policy, '');
      const host = at.hostId(name);
      saveBundle(tx, { host, hash: 'a'.repeat(64), version: id, mode: 'observe', zone: null, text: '', rulesetJson: '{}', createdAtMs: TEST_NOW_MS });
      setAppliedBundle(tx, host, 'a'.repeat(64), TEST_NOW_MS);
    });
  }
});

describe('noise hubs', () => {
  beforeEach(() => {
    for (const name of ['web-1', 'web-2', 'web-3', 'blog-1', 'db-1']) sends(name, [to(6, 'udp', 53)], 2);
  });

  test('a known service that five use is told by badges, and is drawn once it is unfolded', async () => {
    const folded = await map({ foldHubs: true });
    expect(folded.hubs.map(({ text, clients, isFolded }) => [text, clients, isFolded])).toEqual([['DNS', 5, true]]);
    expect(folded.edges.some((edge) => edge.port === 53)).toBe(false);
    expect(folded.nodes.map(({ label, badges }) => [label, ...badges.map(({ hub, isProvider }) => `${hub} ${isProvider}`)])).toEqual([
      ['blog-1', 'DNS false'],
      ['web-1', 'DNS false'],
      ['web-2', 'DNS false'],
      ['web-3', 'DNS false'],
      ['db-1', 'DNS false'],
      ['mon-1', 'DNS true'],
    ]);
    const drawn = await map({ foldHubs: true, unfolded: ['DNS'] });
    expect([drawn.edges.filter((edge) => edge.port === 53).length, drawn.nodes.flatMap((node) => node.badges)]).toEqual([5, []]);
  });

  test('a group sums up the badges of its hosts', async () => {
    const { nodes } = await map({ level: 'zone', foldHubs: true });
    expect(nodes.map(({ label, badges }) => [label, badges.length])).toEqual([['front', 1], ['data', 1], ['In no zone', 1]]);
  });
});

describe('places, finding and the CSV', () => {
  test('both pictures have places of their own, by hand and kept; forgetting one leaves the other', async () => {
    const put = (picture: 'hosts' | 'groups', isKept: boolean, x: number) => at.client.flows.savePositions({ positions: [{ id: 'zone:front', x, y: 0 }], picture, isKept });
    for (const [picture, isKept, x] of [['hosts', false, 1], ['hosts', true, 2], ['groups', false, 3], ['groups', true, 4]] as const) await put(picture, isKept, x);
    const read = async () => [(await map()).groups[0], (await map({ level: 'zone' })).nodes[0]].map((item) => [item?.x, item?.keptX]);
    expect(await read()).toEqual([[1, 2], [3, 4]]);
    await at.client.flows.forgetPositions({ picture: 'groups' });
    expect(await read()).toEqual([[1, 2], [null, null]]);
  });

  test('a host is found by name or address, with the groups to open; those that begin with the text come first', async () => {
    const found = await at.client.flows.mapFind({ text: 'web' });
    expect(found.map((place) => place.label)).toEqual(['web-1', 'web-2', 'web-3']);
    expect(found[0]).toMatchObject({ id: `host:${at.hostId('web-1')}`, open: ['zone:front', 'app:front|shop', 'role:front|shop|web'] });
    expect((await at.client.flows.mapFind({ text: '10.0.0.6' })).map(({ label, detail }) => [label, detail])).toEqual([['mon-1', 'no zone, 10.0.0.6']]);
    expect(await at.client.flows.mapFind({ text: ' ' })).toEqual([]);
  });

  test('the CSV has a row for each line that is shown, hubs too', async () => {
    const { text, rows } = await at.client.flows.mapCsv({ sinceMs: null, level: 'zone', foldHubs: true });
    expect([rows, text.trimEnd().split('\r\n').length]).toEqual([4, 5]);
    expect(text).toContain('front,zone,front,data,zone,data,tcp,5432,no-rule,no-rule,2,0,4,www-data,nginx.service,');
  });
});

test('saving places reads neither fleet nor flows again, and the next picture has them; anything else that is written does', async () => {
  await map();
  const before = readFlatMap(at.backend, null);
  const [first] = (await map()).nodes;
  await at.client.flows.savePositions({ positions: [{ id: first?.id ?? '', x: 70, y: -7 }], picture: 'hosts' });
  expect(readFlatMap(at.backend, null)).toBe(before);
  const [placed] = (await map()).nodes;
  expect(placed).toMatchObject({ id: first?.id, x: 70, y: -7 });
  await at.client.flows.forgetPositions({ picture: 'hosts' });
  expect(readFlatMap(at.backend, null)).toBe(before);
  sends('blog-1', [to(5, 'tcp', 5432)]);
  expect(readFlatMap(at.backend, null).edges.length).toBe(before.edges.length + 1);
});
