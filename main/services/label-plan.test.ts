import { afterEach, expect, test } from 'vitest';
import { type PushKit, startPushKit } from '../../e2e/fakehost/push-kit.ts';
import { aShop } from '../../e2e/fakehost/push-policies.ts';
import { failureOf } from '../../e2e/fakehost/ssh-kit.ts';
import { aLabelRule } from '../../shared/labels/testing/a-label-rule.ts';
import { Policy } from '../../shared/model/policy.ts';
import { aZone } from '../../shared/policy/testing/builders.ts';
import { collectFrom } from './agent-service.ts';
import { applyLabelEdit } from './label-rules.ts';
import { preparePlan } from './plan-service.ts';
import { startPush } from './push-service.ts';

let kit: PushKit;
afterEach(() => kit.close());

const plan = () => preparePlan(kit.backend, null).plan;
const collect = async () => {
  kit.clock.nowMs += 1000;
  for await (const event of collectFrom(kit.backend, { kind: 'all' })) if (event.type === 'done') expect(event.result.hosts.every(({ ok }) => ok)).toBe(true);
};

test('what a collect learns waits beside the plan and changes nothing in it; once accepted the host moves zone, and the plan of before is stale', async () => {
  kit = await startPushKit(2);
  const web = aZone({ name: 'web', select: 'kind=web', mode: 'test' });
  kit.setPolicy(Policy.parse({ ...aShop('test'), zones: [web, ...aShop('test').zones] }));
  const { id: _id, ...rule } = aLabelRule({ names: 'host-1', facts: 'listens=tcp/8080', labels: 'kind=web' });
  const [made] = applyLabelEdit(kit.backend, { kind: 'put', id: null, rule, position: null, accept: [] }).rules;
  await kit.push();
  const before = plan();
  await collect();
  expect(plan()).toMatchObject({ hosts: before.hosts, warnings: [expect.stringMatching(/^What hosts say about themselves .*: host-1 \(\+kind=web waits to be accepted, because its name fits “host-1” and it says that it listens on tcp\/8080\)$/)] });
  const planned = plan();
  applyLabelEdit(kit.backend, { kind: 'accept', claims: [{ rule: made?.id ?? aLabelRule().id, hostName: 'host-1', holds: true }] });
  const after = plan();
  expect([planned.hash === after.hash, after.warnings, after.hosts.map(({ zone }) => zone)]).toEqual([false, ['Moved from zone shop to web since the last push: host-1'], ['web', 'shop']]);
  const push = (async () => {
    for await (const _state of startPush(kit.backend, { planHash: planned.hash, zone: null, note: '', confirmWithinSeconds: 60 })) expect.fail('nothing may be pushed');
  })();
  expect(await failureOf(push)).toMatchObject({ code: 'PLAN_STALE' });
});
