import { afterEach, expect, test } from 'vitest';
import { type PushKit, startPushKit } from '../../e2e/fakehost/push-kit.ts';
import { aShop } from '../../e2e/fakehost/push-policies.ts';
import { Policy } from '../../shared/model/policy.ts';
import { listAddressTimes, replaceDiscoveredAddresses } from '../db/host-address-store.ts';
import { collectFrom } from './agent-service.ts';
import { getHost } from './find-host.ts';
import { readTimeline } from './host-timeline.ts';
import { getHostDetail, getHostView } from './host-views.ts';
import { preparePlan } from './plan-service.ts';

let kit: PushKit;
afterEach(() => kit.close());

const HOUR_MS = 3_600_000;
/** An hour later, these hosts say that they have these addresses; all are asked, or those named. */
async function laterWith(addresses: Readonly<Record<string, readonly string[]>>, asked = kit.hosts.map(({ name }) => name)): Promise<void> {
  kit.clock.nowMs += HOUR_MS;
  for (const host of kit.hosts) host.machine.addresses = addresses[host.name] ?? host.machine.addresses;
  for await (const event of collectFrom(kit.backend, { kind: 'names', names: asked })) if (event.type === 'done') expect(event.result.hosts.filter(({ ok }) => !ok)).toEqual([]);
}
const warningsOf = (name: string) => getHostView(kit.backend, name).warnings.map(({ code, text }) => `${code} ${text}`);
const plan = () => preparePlan(kit.backend, null).plan;
const port = (from: number) => ({ kind: 'inline', entry: { kind: 'ports', protocol: 'tcp', from, to: from } });
const one = (role: string) => ({ kind: 'selector', select: { include: [{ terms: [{ key: 'role', op: '=', values: [role] }] }], exclude: [] } });
/** host-1 may reach all of the shop on 8080. */
const withRule = (mode: 'enforce' | 'test') => Policy.parse({ ...aShop(mode), rules: [{ id: 'r_000000000001', action: 'allow', from: one('host-1'), to: { kind: 'zone', zone: 'shop' }, services: [port(8080)], owner: '', reason: '', ticket: '', reviewOn: null, expiresOn: null }] });

test('a host that says what it said before has no news', async () => {
  kit = await startPushKit(1);
  await laterWith({});
  expect(warningsOf('host-1')).toEqual([]);
  expect(getHostDetail(kit.backend, 'host-1').addressTimes).toEqual([{ address: '10.77.0.11', firstSeenAtMs: kit.clock.nowMs - HOUR_MS, lastSeenAtMs: kit.clock.nowMs, leftAtMs: null }]);
});

test('an address that a host has no more is told with the one that it has instead, and both with their times, for a week', async () => {
  kit = await startPushKit(1);
  await laterWith({ 'host-1': ['10.77.0.50'] });
  expect(warningsOf('host-1')).toEqual(['ADDRESS_CHANGED Its addresses changed: without 10.77.0.11 (last reported 2026-11-21 00:00Z, gone by 2026-11-21 01:00Z); new: 10.77.0.50 (since 2026-11-21 01:00Z). Rules follow with the next push.']);
  expect(readTimeline(kit.backend, 'host-1').entries.map(({ title, detail }) => `${title} ${detail}`)).toEqual(expect.arrayContaining(['address new 10.77.0.50', 'address gone 10.77.0.11, last reported 2026-11-21 00:00Z']));
  kit.clock.nowMs += 8 * 24 * HOUR_MS;
  expect(warningsOf('host-1')).toEqual([]);
});

test('an address that comes back is no news any more, and is there since then', async () => {
  kit = await startPushKit(1);
  await laterWith({ 'host-1': ['10.77.0.11', '10.77.0.50'] });
  expect(warningsOf('host-1')).toEqual([]);
  await laterWith({ 'host-1': ['10.77.0.11'] });
  expect(warningsOf('host-1')).toEqual([expect.stringMatching(/without 10\.77\.0\.50/)]);
  await laterWith({ 'host-1': ['10.77.0.11', '10.77.0.50'] });
  expect(warningsOf('host-1')).toEqual([]);
  expect(getHostDetail(kit.backend, 'host-1').addressTimes[1]).toMatchObject({ address: '10.77.0.50', firstSeenAtMs: kit.clock.nowMs });
});

test('IPv6 addresses that take turns beside one that stays are no news', async () => {
  kit = await startPushKit(1);
  await laterWith({ 'host-1': ['10.77.0.11', 'fd77::11', 'fd77::aaaa'] });
  await laterWith({ 'host-1': ['10.77.0.11', 'fd77::11', 'fd77::bbbb'] });
  expect(warningsOf('host-1')).toEqual([]);
  await laterWith({ 'host-1': ['10.77.0.11', 'fd78::11'] });
  expect(warningsOf('host-1')).toEqual([expect.stringMatching(/without fd77::11 .*, fd77::bbbb .*; new: fd78::11/)]);
});

test('an address that went from one host to another is told on both, and leaves the rules of one by name', async () => {
  kit = await startPushKit(2);
  kit.setPolicy(withRule('enforce'));
  expect((await kit.push()).at(-1)?.outcome).toBe('confirmed');
  await laterWith({ 'host-1': ['10.77.0.50'] });
  await laterWith({ 'host-2': ['10.77.0.12', '10.77.0.11'] });
  const moved = 'ADDRESS_REUSED 10.77.0.11 went from one host to another:';
  expect(warningsOf('host-2')).toEqual([`${moved} host-1 reported it until 2026-11-21 00:00Z, this host does since 2026-11-21 02:00Z. Rules follow with the next push.`]);
  expect(warningsOf('host-1')[0]).toBe(`${moved} this host reported it until 2026-11-21 00:00Z, host-2 does since 2026-11-21 02:00Z. Rules follow with the next push.`);
  expect(plan().warnings).toContainEqual('10.77.0.11 left host-1 (last reported 2026-11-21 00:00Z), and so leaves the rules of host-1, host-2; it is reported by host-2 since 2026-11-21 02:00Z');
  expect(plan().hosts.find(({ hostName }) => hostName === 'host-2')?.rows.map(({ text, effect }) => [text, effect])).toEqual([[expect.stringMatching(/\(\+10\.77\.0\.50, −10\.77\.0\.11, which left host-1\)$/), 'widens']]);
  expect((await kit.push()).at(-1)?.outcome).toBe('confirmed');
  expect(plan().warnings).toEqual([]);
});

test('an address whose former host was not read since stands for neither, and both hosts say what to do', async () => {
  kit = await startPushKit(2);
  await laterWith({ 'host-2': ['10.77.0.12', '10.77.0.11'] }, ['host-2']);
  expect(warningsOf('host-2')).toEqual([expect.stringMatching(/^ADDRESS_REUSED 10\.77\.0\.11 .*host-1 was not read since\. Until then it stands for neither in rules\. If host-1 still lives: firebreak collect host-1; if not: firebreak host remove host-1\.$/)]);
  expect(warningsOf('host-1')).toEqual([expect.stringMatching(/^ADDRESS_REUSED 10\.77\.0\.11/)]);
  // Both say that they have it: a virtual address, which the plan tells of.
  await laterWith({}, ['host-1']);
  expect([warningsOf('host-1'), warningsOf('host-2')]).toEqual([[], []]);
  expect(plan().warnings).toEqual([expect.stringMatching(/^Reported by several hosts.*10\.77\.0\.11 \(host-1, host-2\)/)]);
});

test('a host that makes up addresses leaves no more than 256 behind, for no more than 90 days', async () => {
  kit = await startPushKit(1);
  const { id } = getHost(kit.backend, 'host-1');
  const many = Array.from({ length: 400 }, (_, n) => `10.78.${n >> 8}.${n & 255}`);
  const replace = (addresses: readonly string[], atMs: number) => kit.backend.workspace.transaction((tx) => replaceDiscoveredAddresses(tx, id, addresses, atMs));
  replace(many, kit.clock.nowMs);
  replace(['10.77.0.11'], kit.clock.nowMs + 1);
  expect(listAddressTimes(kit.backend.workspace.read)).toHaveLength(257);
  replace(['10.77.0.11'], kit.clock.nowMs + 91 * 24 * HOUR_MS);
  expect(listAddressTimes(kit.backend.workspace.read).map(({ address }) => address)).toEqual(['10.77.0.11']);
});
