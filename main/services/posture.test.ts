import { afterEach, describe, expect, test } from 'vitest';
import { type PushKit, startPushKit } from '../../e2e/fakehost/push-kit.ts';
import { failureOf } from '../../e2e/fakehost/ssh-kit.ts';
import { ColumnMeaning, NewHost } from '../../shared/contract/host-imports.ts';
import { LabelEdit } from '../../shared/contract/label-rules.ts';
import { Policy } from '../../shared/model/policy.ts';
import { UNKNOWN_POSTURE } from '../../shared/model/posture.ts';
import { aPolicy, aRule, aZone, expectParsed } from '../../shared/policy/testing/builders.ts';
import { collectFrom } from './agent-service.ts';
import { listAlertViews } from './alert-views.ts';
import { listChosenHosts } from './find-host.ts';
import { getHostDetail, getHostView } from './host-views.ts';
import { labelHost } from './inventory.ts';
import { preparePlan, readBundleTexts } from './plan-service.ts';
import { parseSelectorSet } from '../../shared/text/selector-text.ts';

const DAY_MS = 86_400_000;
let kit: PushKit;
afterEach(() => kit.close());

const collect = async (): Promise<void> => {
  kit.clock.nowMs += 60_000;
  for await (const event of collectFrom(kit.backend, { kind: 'all' })) expect(event.type).toMatch(/progress|done/);
};
const warnings = (): readonly string[] => preparePlan(kit.backend, null).plan.warnings;
/** host-2 is asked by whoever has endpoint security. */
const byPosture = (from: string) => Policy.parse(aPolicy({ zones: [aZone({ select: 'role=db' })], rules: [aRule({ from, to: 'role=db', services: 'tcp/8080' })] }));
async function startWith(from: string): Promise<void> {
  kit = await startPushKit(2);
  labelHost(kit.backend, 'host-1', { role: 'web' });
  labelHost(kit.backend, 'host-2', { role: 'db' });
  await collect();
  kit.setPolicy(byPosture(from));
}
const letsIn = (): boolean => readBundleTexts(kit.backend, 'host-2').after.includes(kit.host(0).machine.spec.addresses[0] ?? '-');

describe('rules that name posture', () => {
  test('let in who says so, and no longer once it says otherwise: the plan says who, why and since when, and nothing is pushed by itself', async () => {
    await startWith('role=web,posture.edr=present');
    expect(letsIn()).toBe(true);
    expect((await kit.push()).at(-1)?.outcome).toBe('confirmed');
    const confirmed = kit.host(1).machine.agent?.running.hash;
    expect(warnings().join('\n')).not.toContain('posture');
    kit.host(0).machine.posture = { edr: [] };
    await collect();
    expect(letsIn()).toBe(false);
    expect(warnings()).toContainEqual(expect.stringMatching(/^host-1 is no longer in role=web,posture\.edr=present, because posture\.edr=absent since \d{4}-\d\d-\d\d \d\d:\d\dZ$/));
    expect(kit.host(1).machine.agent?.running.hash).toBe(confirmed);
    expect(preparePlan(kit.backend, null).plan.hosts.filter((host) => host.bundleBefore !== host.bundleAfter).map(({ hostName }) => hostName)).toEqual(['host-2']);
    expect((await kit.push()).at(-1)?.outcome).toBe('confirmed');
    expect(warnings().join('\n')).not.toContain('posture');
    kit.host(0).machine.posture = {};
    await collect();
    expect(warnings()).toContainEqual(expect.stringMatching(/^host-1 is now in role=web,posture\.edr=present, because posture\.edr=present since/));
  });

  test('let in nobody whose agent does not tell', async () => {
    await startWith('role=web,posture.disk=encrypted');
    kit.host(0).machine.posture = null;
    await collect();
    expect(letsIn()).toBe(false);
    expect(getHostView(kit.backend, 'host-1').posture).toEqual(UNKNOWN_POSTURE);
  });

  test('let in nobody who has been silent for more than seven days, and the plan says that too', async () => {
    await startWith('role=web,posture.secure-boot=on');
    await kit.push();
    expect(letsIn()).toBe(true);
    kit.clock.nowMs += 9 * DAY_MS;
    expect(letsIn()).toBe(false);
    expect(warnings()).toContainEqual(expect.stringMatching(/^host-1 is no longer in role=web,posture\.secure-boot=on, because posture\.secure-boot=unknown since/));
  });

  test('name what selectors of commands name, too', async () => {
    await startWith('any');
    kit.host(1).machine.posture = { edr: [] };
    await collect();
    expect(listChosenHosts(kit.backend, { kind: 'selector', select: expectParsed(parseSelectorSet('posture.edr=absent')) }).map(({ name }) => name)).toEqual(['host-2']);
  });
});

describe('nobody sets them', () => {
  test('by hand, with a new host or by a label rule', async () => {
    kit = await startPushKit(1);
    const said = /come from what hosts report about themselves, and nobody can set them/;
    const byHand = await failureOf(Promise.resolve().then(() => labelHost(kit.backend, 'host-1', { 'posture.edr': 'present' })));
    expect(JSON.stringify(byHand.payload)).toMatch(said);
    expect(getHostView(kit.backend, 'host-1').handLabels).not.toHaveProperty(['posture.edr']);
    expect(LabelEdit.safeParse({ kind: 'put', id: null, rule: { names: ['*'], networks: null, facts: null, labels: { 'posture.edr': 'present' }, note: '' }, position: null, accept: [] }).success).toBe(false);
    expect(NewHost.safeParse({ name: 'x', ssh: null, addresses: ['10.9.9.9'], labels: { 'posture.disk': 'encrypted' }, note: '' }).success).toBe(false);
    expect(ColumnMeaning.safeParse('label:posture.disk').success).toBe(false);
  });
});

test('the detail of a host has each part with since when, and what it was before', async () => {
  kit = await startPushKit(1);
  await collect();
  kit.clock.nowMs += DAY_MS;
  kit.host(0).machine.posture = { secureBoot: false };
  await collect();
  expect(getHostDetail(kit.backend, 'host-1').postureParts[0]).toMatchObject({ fact: 'secure-boot', value: 'off', before: 'on' });
});

test('what gets worse is one alert, which settles when it is good again; pending updates and silence are none', async () => {
  kit = await startPushKit(1);
  const alerts = () => listAlertViews(kit.backend, { settled: true }).filter(({ kind }) => kind === 'posture').map(({ title, state }) => `${state}: ${title}`);
  await collect();
  kit.host(0).machine.posture = { securityUpdates: 5, secureBoot: null };
  await collect();
  expect(alerts()).toEqual([]);
  kit.host(0).machine.posture = { edr: [] };
  await collect();
  await collect();
  expect(alerts()).toEqual(['open: host-1: Endpoint security is absent, and was present']);
  kit.host(0).machine.posture = {};
  await collect();
  expect(alerts()).toEqual(['settled: host-1: Endpoint security is absent, and was present']);
});
