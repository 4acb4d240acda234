import { afterEach, expect, test } from 'vitest';
import { type PushKit, startPushKit } from '../../e2e/fakehost/push-kit.ts';
import { aShop } from '../../e2e/fakehost/push-policies.ts';
import { failureOf } from '../../e2e/fakehost/ssh-kit.ts';
import { Policy } from '../../shared/model/policy.ts';
import { collectFrom } from './agent-service.ts';
import { recordConsole } from './agent-record.ts';
import { getHost } from './find-host.ts';
import { getHostView } from './host-views.ts';
import { addHost, labelHost } from './inventory.ts';
import { preparePlan, readBundleTexts } from './plan-service.ts';
import { listPushes, startPush } from './push-service.ts';

let kit: PushKit;
afterEach(() => kit.close());

const plan = (zone: string | null = null) => preparePlan(kit.backend, zone).plan;
const denySsh = (mode: 'observe' | 'test' | 'enforce') =>
  Policy.parse({
    ...aShop(mode),
    rules: [{ id: 'r_000000000001', action: 'deny', from: { kind: 'any' }, to: { kind: 'zone', zone: 'shop' }, services: [{ kind: 'inline', entry: { kind: 'ports', protocol: 'tcp', from: 1, to: 1024 } }], owner: '', reason: '', ticket: '', reviewOn: null, expiresOn: null }],
  });

test('an empty draft changes nothing', async () => {
  kit = await startPushKit(2);
  expect(plan()).toMatchObject({ baseVersion: null, policyDiff: [], impact: [], impactTotal: 0, refusals: [], warnings: [], brokenTests: [], windows: [], hosts: [{ rows: [] }, { rows: [] }] });
});

test('a plan shows the policy, each host, and the observed flows that change, and pushing what was planned leaves nothing to plan', async () => {
  kit = await startPushKit(2);
  const [web, db] = [kit.host(0).machine, kit.host(1).machine];
  const packet = { source: web.spec.addresses[0] ?? '', destination: db.spec.addresses[0] ?? '', protocol: 'tcp' as const, port: 8080 };
  db.pass({ ...packet, direction: 'in', user: null, unit: null });
  for await (const event of collectFrom(kit.backend, { kind: 'all' })) expect(event.type).toMatch(/progress|done/);
  kit.setPolicy(aShop('enforce', 'host-2'));
  const made = plan();
  expect(made.policyDiff).toMatchObject([{ change: 'added', what: 'zone', name: 'shop' }]);
  expect(made.hosts.map((host) => [host.hostName, host.modeBefore, host.modeAfter, host.bundleBefore === host.bundleAfter])).toEqual([
    ['host-1', 'observe', 'observe', true],
    ['host-2', 'observe', 'enforce', false],
  ]);
  expect(made.impact).toMatchObject([{ change: 'allowed-to-blocked', reporterName: 'host-2', peerName: 'host-1', direction: 'in', protocol: 'tcp', port: 8080, user: 'www-data', unit: 'nginx.service', connections: 1, by: null }]);
  await kit.push();
  expect(plan()).toMatchObject({ baseVersion: 1, policyDiff: [], impactTotal: 0 });
  expect(plan().hosts.every((host) => host.bundleBefore === host.bundleAfter)).toBe(true);
});

test('a rule that would cut the console off is refused by the plan and by the push, and nothing is sent', async () => {
  kit = await startPushKit(1);
  kit.setPolicy(denySsh('test'));
  expect(plan().refusals).toMatchObject([{ host: 'host-1', rule: 'r_000000000001', reason: expect.stringMatching(/denies SSH from the console 10\.77\.0\.1/) }]);
  const commandsBefore = kit.host(0).commands.length;
  const refused = failureOf(Promise.resolve().then(() => startPush(kit.backend, { planHash: plan().hash, zone: null, note: '', confirmWithinSeconds: 60 })));
  expect((await refused).code).toBe('PLAN_REFUSED');
  expect({ sent: kit.host(0).commands.length - commandsBefore, pushes: listPushes(kit.backend) }).toEqual({ sent: 0, pushes: [] });
});

test('a console that comes from an address which the plan does not let in is refused by the host’s check, and the next plan lets it in', async () => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('enforce'));
  const { machine } = kit.host(0);
  const facts = machine.facts.bind(machine);
  machine.facts = (ssh) => facts(ssh === null ? null : { ...ssh, clientAddress: '10.77.0.99' });
  const before = plan().hash;
  const push = (await kit.push()).at(-1);
  expect(push).toMatchObject({ outcome: 'failed', hosts: [{ step: 'failed', detail: expect.stringMatching(/comes from 10\.77\.0\.99/) }] });
  expect(machine.agent?.running.mode).toBe('observe');
  expect(plan().hash).not.toBe(before);
  expect(readBundleTexts(kit.backend, 'host-1').after).toMatch(/^# console 10\.77\.0\.1 10\.77\.0\.99$/m);
  expect((await kit.push()).at(-1)?.outcome).toBe('confirmed');
});

test('a console whose address the host writes in its IPv6 form is the same console', async () => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('enforce'));
  const { machine } = kit.host(0);
  const facts = machine.facts.bind(machine);
  machine.facts = (ssh) => facts(ssh === null ? null : { ...ssh, clientAddress: '::ffff:10.77.0.1' });
  expect((await kit.push()).at(-1)?.outcome).toBe('confirmed');
});

test('a host that reports the address of another takes it out of the rules, and the plan says so by name', async () => {
  kit = await startPushKit(2);
  const { machine } = kit.host(1);
  const facts = machine.facts.bind(machine);
  machine.facts = (ssh) => ({ ...facts(ssh), addresses: [...facts(ssh).addresses, { interface: 'eth1', family: 4, address: '10.77.0.11', prefix: 32, scope: 'global' }] });
  for await (const event of collectFrom(kit.backend, { kind: 'all' })) expect(event.type).toMatch(/progress|done/);
  expect(plan().warnings).toEqual([expect.stringMatching(/^Reported by several hosts.*: 10\.77\.0\.11 \(host-1, host-2\)$/)]);
});

test('a host that traffic can pass unjudged is named once it is to judge, and marked in lists', async () => {
  kit = await startPushKit(2);
  const { machine } = kit.host(1);
  const facts = machine.facts.bind(machine);
  machine.facts = (ssh) => ({ ...facts(ssh), bypasses: [{ kind: 'macvlan', name: 'eth0 in the network namespace of web' }], published: [{ protocol: 'tcp', port: 8080, portEnd: 8081, address: null, to: '172.17.0.2:80' }] });
  for await (const event of collectFrom(kit.backend, { kind: 'all' })) expect(event.type).toMatch(/progress|done/);
  const text = 'On the network by macvlan, past every rule of the host: eth0 in the network namespace of web';
  expect(plan().warnings).toEqual([]);
  kit.setPolicy(aShop('test'));
  expect(plan().warnings).toEqual([`Traffic can pass host-2 unjudged. ${text}`]);
  expect(getHostView(kit.backend, 'host-2')).toMatchObject({ warnings: expect.arrayContaining([{ code: 'BYPASS', text: `${text}.` }]), published: [{ protocol: 'tcp', from: 8080, to: 8081 }] });
  expect(getHostView(kit.backend, 'host-1').published).toEqual([]);
});

test('a host that this console runs on must still be let out to the others', async () => {
  kit = await startPushKit(2);
  const [zone] = aShop('enforce', 'host-1').zones;
  if (zone === undefined) throw new Error('the policy has a zone');
  kit.setPolicy({ ...aShop('enforce'), zones: [{ ...zone, outbound: 'restricted' }] });
  const onHost1 = { ...kit.backend, localAddresses: () => ['127.0.0.1', '10.77.0.11'] };
  expect(preparePlan(onHost1, null).plan.refusals).toEqual([]);
  recordConsole(kit.backend, getHost(kit.backend, 'host-1').id, '10.77.0.11');
  expect(preparePlan(onHost1, null).plan.refusals).toMatchObject([{ host: 'host-2', reason: expect.stringMatching(/goes through host-1, which could no longer reach its port 22/) }]);
  expect(plan().refusals).toEqual([]);
});

test('a host that will let nobody but this console into SSH is named, unless a rule lets others in, and only on its way to enforce', async () => {
  kit = await startPushKit(2);
  kit.setPolicy(aShop('test'));
  expect(plan().warnings).toEqual([]);
  kit.setPolicy(aShop('enforce'));
  const warnings = () => plan().warnings.filter((text) => !text.includes('without evidence'));
  expect(warnings()).toEqual([expect.stringMatching(/^SSH to host-1, host-2 will be open to this console alone \(10\.77\.0\.1\)/)]);
  const rule = { id: 'r_000000000001', action: 'allow', from: { kind: 'cidr', cidrs: ['10.0.0.0/8'] }, to: { kind: 'host', host: 'host-1' }, services: [{ kind: 'inline', entry: { kind: 'ports', protocol: 'tcp', from: 1, to: 1024 } }], owner: '', reason: '', ticket: '', reviewOn: null, expiresOn: null };
  kit.setPolicy(Policy.parse({ ...aShop('enforce'), rules: [rule] }));
  expect(warnings()).toEqual([expect.stringMatching(/^SSH to host-2 will be open/)]);
  await kit.push();
  expect(plan().warnings).toEqual([]);
});

test('broken policy tests close the gate', async () => {
  kit = await startPushKit(2);
  const tests = [{ expect: 'allow', from: { kind: 'host', host: 'host-1' }, to: { kind: 'host', host: 'host-2' }, service: { kind: 'inline', entry: { kind: 'ports', protocol: 'tcp', from: 5432, to: 5432 } } }];
  kit.setPolicy(Policy.parse({ ...aShop('enforce'), tests }));
  expect(plan().brokenTests).toHaveLength(1);
  const refused = failureOf(Promise.resolve().then(() => startPush(kit.backend, { planHash: plan().hash, zone: null, note: '', confirmWithinSeconds: 60 })));
  expect((await refused).code).toBe('GATE_CLOSED');
});

test('a draft that does not compile is a refusal, not a failure of the plan', async () => {
  kit = await startPushKit(1);
  const broken = denySsh('test');
  kit.setPolicy(Policy.parse({ ...broken, rules: broken.rules.map((rule) => ({ ...rule, to: { kind: 'zone', zone: 'gone' } })) }));
  expect(plan()).toMatchObject({ hosts: [], refusals: [{ host: 'the whole push', reason: expect.stringMatching(/gone/) }] });
});

test('hosts without an agent are left out, and named', async () => {
  kit = await startPushKit(1);
  addHost(kit.backend, { name: 'bare-1', ssh: { address: '192.0.2.7', port: 22, user: 'ops', identity: { kind: 'agent' }, sudo: 'none', jump: null }, addresses: [], labels: { app: 'shop' }, note: '' });
  kit.setPolicy(aShop('test'));
  expect(plan()).toMatchObject({ hosts: [{ hostName: 'host-1' }], warnings: ['Without an agent, and so left out: bare-1'], refusals: [] });
});

test('a zone that is not in the draft cannot be planned', async () => {
  kit = await startPushKit(1);
  expect((await failureOf(Promise.resolve().then(() => plan('nowhere')))).code).toBe('NOT_FOUND');
});

test('whatever a plan was made from changes its hash', async () => {
  kit = await startPushKit(2);
  kit.setPolicy(aShop('test'));
  const hashes = [plan().hash, plan('shop').hash];
  labelHost(kit.backend, 'host-1', { env: 'prod' });
  hashes.push(plan().hash);
  recordConsole(kit.backend, getHost(kit.backend, 'host-1').id, '10.77.0.50');
  hashes.push(plan().hash);
  kit.setPolicy(aShop('enforce'));
  hashes.push(plan().hash);
  await kit.push();
  hashes.push(plan().hash);
  expect(new Set(hashes).size).toBe(hashes.length);
  expect(plan().hash).toBe(hashes.at(-1));
});
