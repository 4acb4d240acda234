import { expect, test } from 'vitest';
import type { FleetHost } from '../../model/host.ts';
import type { Policy, ZoneMode } from '../../model/policy.ts';
import { aHost, anIpList, aPolicy, aQuarantine, aRule, aZone } from '../testing/builders.ts';
import { findPath, listRefusals } from './find-path.ts';
import { createReachIndex, partyOf, type ReachIndex } from './reach-index.ts';
import { asEnforced, type Listener, type ReachWorld } from './reach-world.ts';
import { openingsBetween, type ReachDirection, spread } from './spread.ts';
import { addTallies, type PartyGroup, readPermit, tallyPassages } from './zone-permits.ts';

const NOW_MS = Date.UTC(2026, 0, 15);
const listen = (port: number, more: Partial<Listener> = {}): Listener => ({ protocol: 'tcp', port, families: [4, 6], address: null, process: null, unit: null, ...more });

/** lb → web → app → db, each listening on one port; and an unmanaged printer in no zone. */
const lb = aHost({ n: 1, name: 'lb', labels: 'app=shop,role=lb' });
const web = aHost({ n: 2, name: 'web', labels: 'app=shop,role=web' });
const app = aHost({ n: 3, name: 'app', labels: 'app=shop,role=app' });
const db = aHost({ n: 4, name: 'db', labels: 'app=shop,role=db' });
const printer = aHost({ n: 5, name: 'printer', managed: false });
const PORTS: Record<string, Listener[]> = { lb: [listen(443)], web: [listen(8080)], app: [listen(9000)], db: [listen(5432), listen(22)] };
const CHAIN = aPolicy({
  zones: [aZone({ mode: 'enforce', outbound: 'restricted' })],
  rules: [
    aRule({ n: 1, from: 'role=lb', to: 'role=web', services: 'tcp/8080' }),
    aRule({ n: 2, from: 'role=web', to: 'role=app', services: 'tcp/9000' }),
    aRule({ n: 3, from: 'role=app', to: 'role=db', services: 'tcp/5432' }),
  ],
});
const ALL = [lb, web, app, db];

type Given = { hosts?: readonly FleetHost[]; policy?: Policy; mode?: ZoneMode; listeners?: (host: FleetHost) => readonly Listener[] | null; runsOn?: ReachWorld['runsOn'] };
const anIndex = ({ hosts = ALL, policy = CHAIN, mode = 'enforce', listeners = (host) => PORTS[host.name] ?? null, runsOn = () => ({ policy, mode }) }: Given = {}): ReachIndex =>
  createReachIndex({ hosts, nowMs: NOW_MS, runsOn, listenersOf: listeners });
const party = (index: ReachIndex, host: FleetHost) => {
  const found = partyOf(index, host.id);
  if (!found) throw new Error(`${host.name} is not in the fleet`);
  return found;
};
const reach = (index: ReachIndex, host: FleetHost, direction: ReachDirection = 'out', maxHops = 9) =>
  spread(index, [party(index, host)], { direction, maxHops }).map((one) => `${one.hop} ${one.party.name} via ${one.via.name}${one.isCertain ? '' : '?'}`);

test('who holds a host gets on hop by hop, over what rules allow and something listens on', () => {
  expect(reach(anIndex(), lb)).toEqual(['1 web via lb', '2 app via web', '3 db via app']);
  expect(reach(anIndex(), lb, 'out', 2)).toEqual(['1 web via lb', '2 app via web']);
  expect(reach(anIndex(), db)).toEqual([]);
});

test('who gets to a host is the same chain seen from its end', () => {
  expect(reach(anIndex(), db, 'in')).toEqual(['1 app via db', '2 web via app', '3 lb via web']);
  expect(reach(anIndex(), lb, 'in')).toEqual([]);
});

test('a rule for a port on which nothing listens opens nothing', () => {
  expect(reach(anIndex({ listeners: (host) => (host.name === 'web' ? [] : (PORTS[host.name] ?? null)) }), lb)).toEqual([]);
});

test('a host that observes or only tests refuses nothing, and testing is told', () => {
  expect(reach(anIndex({ mode: 'observe', policy: { ...CHAIN, zones: [aZone({ mode: 'observe' })] } }), db)).toHaveLength(3);
  const testing = anIndex({ mode: 'test', policy: { ...CHAIN, zones: [aZone({ mode: 'test', outbound: 'restricted' })] } });
  const [passage] = openingsBetween(testing, party(testing, db), party(testing, lb)).map((opening) => opening.passage);
  expect(passage).toMatchObject({ passes: true, wouldBlock: true, in: { wouldBlock: true, by: null } });
  expect(reach(anIndex({ policy: asEnforced({ ...CHAIN, zones: [aZone({ mode: 'test', outbound: 'restricted' })] }) }), db)).toEqual([]);
});

test('hosts that run different policies each decide by their own', () => {
  const empty = aPolicy();
  const index = anIndex({ runsOn: (host) => (host.name === 'db' ? { policy: CHAIN, mode: 'enforce' } : { policy: empty, mode: 'observe' }) });
  expect(reach(index, lb, 'out', 1)).toEqual(['1 web via lb', '1 app via lb']);
  expect(reach(index, lb)).toContain('2 db via app');
});

test('an intruder is whichever user a rule names and waits for its hour; a deny rule for one user or hour does not hold him', () => {
  const rules = [
    aRule({ n: 1, from: 'role=lb', to: 'role=web', services: 'tcp/8080', as: 'user:deploy', schedule: 'Mon 03:00-04:00 UTC' }),
    aRule({ n: 2, action: 'deny', from: 'role=lb', to: 'role=web', services: 'tcp/8080', as: 'user:nobody' }),
  ];
  const index = anIndex({ policy: { ...CHAIN, rules } });
  expect(reach(index, lb)).toEqual(['1 web via lb']);
  expect(openingsBetween(index, party(index, lb), party(index, web))[0]?.passage.out).toMatchObject({ by: rules[0]?.id });
  const denied = [...rules, aRule({ n: 3, action: 'deny', from: 'role=lb', to: 'role=web', services: 'any' })];
  expect(reach(anIndex({ policy: { ...CHAIN, rules: denied } }), lb)).toEqual([]);
});

test('where nobody knows what listens, a host is reached only perhaps, and so is what lies behind it', () => {
  const policy = { ...CHAIN, zones: [aZone({ outbound: 'open' })] };
  const index = anIndex({ hosts: [...ALL, printer], policy });
  expect(reach(index, lb)).toEqual(['1 web via lb', '1 printer via lb?', '2 app via web', '3 db via app']);
  expect(reach(index, printer)).toEqual([]);
  const index2 = anIndex({ hosts: [...ALL, printer], policy: { ...policy, rules: [aRule({ n: 9, from: 'host:printer', to: 'role=db', services: 'tcp/22' })] } });
  expect(reach(index2, lb)).toEqual(['1 printer via lb?', '2 db via printer?']);
});

test('a quarantined host is neither reached nor gets on, also in the draft as if enforced', () => {
  const policy = asEnforced({ ...CHAIN, containments: [aQuarantine({ host: 'web' })] });
  expect(reach(anIndex({ policy }), lb)).toEqual([]);
  expect(reach(anIndex({ policy }), web)).toEqual([]);
});

test('a service that is bound to one address is reached only there, and one in the wrong family not at all', () => {
  const two = aHost({ n: 4, name: 'db', labels: 'app=shop,role=db', addresses: ['10.0.0.4', '10.1.0.4'] });
  const policy = { ...CHAIN, rules: [aRule({ n: 1, from: 'role=app', to: '10.1.0.4', services: 'tcp/5432' })] };
  const at = (listener: Listener) => reach(anIndex({ hosts: [app, two], policy, listeners: (host) => (host.name === 'db' ? [listener] : []) }), app);
  expect(at(listen(5432, { address: '10.1.0.4' }))).toEqual(['1 db via app']);
  expect(at(listen(5432, { address: '10.0.0.4' }))).toEqual([]);
  expect(at(listen(5432, { address: '172.17.0.1' }))).toEqual([]);
  expect(at(listen(5432, { families: [6] }))).toEqual([]);
});

test('a rule for a listening unit opens the port only where that unit listens', () => {
  const policy = { ...CHAIN, rules: [aRule({ n: 1, from: 'role=app', to: 'role=db', services: 'tcp/5432', servedBy: 'postgresql.service' })] };
  const at = (unit: string) => reach(anIndex({ hosts: [app, db], policy, listeners: (host) => (host.name === 'db' ? [listen(5432, { unit })] : []) }), app);
  expect(at('postgresql.service')).toEqual(['1 db via app']);
  expect(at('netcat.service')).toEqual([]);
});

test('a published container port is a service of its host', () => {
  const docker = aHost({ n: 4, name: 'docker', labels: 'app=shop,role=db', published: [{ protocol: 'tcp', from: 5432, to: 5432 }] });
  expect(reach(anIndex({ hosts: [app, docker], listeners: () => [] }), app)).toEqual(['1 docker via app']);
});

test('the path is a shortest chain with the services and rules of each step; none is told with what refuses', () => {
  const index = anIndex();
  const steps = findPath(index, party(index, lb), party(index, db));
  expect(steps?.map(({ from, to, openings }) => [from.name, to.name, openings.map(({ service, passage }) => [service.text, passage.in.by])])).toEqual([
    ['lb', 'web', [['tcp/8080', CHAIN.rules[0]?.id]]],
    ['web', 'app', [['tcp/9000', CHAIN.rules[1]?.id]]],
    ['app', 'db', [['tcp/5432', CHAIN.rules[2]?.id]]],
  ]);
  expect(findPath(index, party(index, db), party(index, lb))).toBeNull();
  expect(listRefusals(index, party(index, lb), party(index, db)).map(({ service, passage }) => [service.text, passage.in.passes, passage.out.passes])).toEqual([
    ['tcp/5432', false, false],
    ['tcp/22', false, false],
  ]);
});

const group = (index: ReachIndex, key: string, hosts: readonly FleetHost[]): PartyGroup => ({ key, members: hosts.map((host) => party(index, host)) });

test('zones permit each other everything, some services or nothing, with the rules, and one host alone has nobody to speak to', () => {
  const web2 = aHost({ n: 6, name: 'web2', labels: 'app=shop,role=web' });
  const index = anIndex({ hosts: [...ALL, web2], listeners: (host) => PORTS[host.name.replace(/\d$/, '')] ?? null });
  const [front, data] = [group(index, 'front', [web, web2]), group(index, 'data', [app, db])];
  const permit = readPermit(tallyPassages(index, front, data));
  expect(permit).toMatchObject({ kind: 'services', wouldBlock: false, services: [{ text: 'tcp/9000', asked: 2, pairs: 2, rules: [CHAIN.rules[1]?.id], reasons: [] }] });
  expect(readPermit(tallyPassages(index, data, front)).kind).toBe('nothing');
  expect(readPermit(tallyPassages(index, group(index, 'one', [db]), group(index, 'one', [db]))).kind).toBe('nobody');
  expect(readPermit(addTallies([tallyPassages(index, front, data), tallyPassages(index, data, front)])).services).toMatchObject([{ text: 'tcp/9000', pairs: 2 }]);
});

test('an observed zone permits everything, and says why; a service that only a rule names is told, too', () => {
  const observed = anIndex({ mode: 'observe', policy: aPolicy() });
  expect(readPermit(tallyPassages(observed, group(observed, 'a', [web]), group(observed, 'b', [db])))).toMatchObject({ kind: 'everything', services: expect.arrayContaining([expect.objectContaining({ text: 'other tcp ports', reasons: ['observed'] })]) });
  const named = anIndex({ policy: { ...CHAIN, rules: [aRule({ n: 1, from: 'role=web', to: 'role=db', services: 'tcp/6000-6010' })] } });
  expect(readPermit(tallyPassages(named, group(named, 'a', [web]), group(named, 'b', [db]))).services).toMatchObject([{ text: 'tcp/6000-6010', basis: 'named' }]);
});

test('lists and networks of rules stand outside beside everybody else', () => {
  const policy = { ...CHAIN, ipLists: [anIpList('office', ['10.30.0.0/16'])], rules: [aRule({ n: 1, from: 'iplist:office', to: 'role=db', services: 'tcp/22' })] };
  const index = anIndex({ policy });
  const outside = { key: 'outside', members: index.parties.filter(({ host }) => host === null) };
  expect(outside.members.map(({ name }) => name)).toEqual(['any other address', 'iplist:office']);
  expect(readPermit(tallyPassages(index, outside, group(index, 'data', [db])))).toMatchObject({ kind: 'services', services: [{ text: 'tcp/22', asked: 2, pairs: 1 }] });
});

test('hosts of one kind are judged once for all of them', () => {
  const many = Array.from({ length: 50 }, (_, i) => aHost({ n: 100 + i, labels: 'app=shop,role=web' }));
  const index = anIndex({ hosts: [...many, app], listeners: (host) => (host.name === 'app' ? [listen(9000)] : []) });
  expect(new Set(index.parties.filter(({ host }) => host !== null).map(({ kind }) => kind)).size).toBe(2);
  expect(reach(index, app, 'in')).toHaveLength(50);
});
