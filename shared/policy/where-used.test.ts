import { expect, it } from 'vitest';
import { aPolicy, aRule, aService, aZone, anIpList, peer, ruleId, serviceRefs } from './testing/builders.ts';
import { countUses, listUses } from './where-used.ts';

const [named = { kind: 'any' as const }] = serviceRefs('pg');
const policy = aPolicy({
  zones: [aZone({ onlyServices: 'pg,tcp/22' }), aZone({ name: 'dev', select: 'env=dev' })],
  rules: [
    aRule({ n: 1, from: 'iplist:office', to: 'zone:shop', services: 'tcp/443' }),
    aRule({ n: 2, from: 'zone:shop', to: 'zone:shop', services: 'tcp/22,pg' }),
    aRule({ n: 3, from: 'host:shop', to: 'role=shop', services: 'tcp/5432' }),
  ],
  services: [aService('pg', 'tcp/5432')],
  ipLists: [anIpList('office', ['10.30.0.0/16'])],
  tests: [{ expect: 'deny', from: peer('iplist:office'), to: peer('zone:shop'), service: named }],
});
const uses = (kind: 'service' | 'iplist' | 'zone' | 'host', name: string) => listUses(policy, { kind, name }).map(({ label, as }) => `${label}: ${as}`);

it('says every place that names an object and what it is there', () => {
  expect([uses('service', 'pg'), uses('iplist', 'office'), uses('zone', 'shop'), uses('host', 'shop')]).toEqual([
    ['zone shop: only services', `rule ${ruleId(2)}: service`, 'policy test 1: service'],
    [`rule ${ruleId(1)}: consumers`, 'policy test 1: consumers'],
    [`rule ${ruleId(1)}: providers`, `rule ${ruleId(2)}: consumers and providers`, 'policy test 1: providers'],
    [`rule ${ruleId(3)}: consumers`],
  ]);
});

it('what has the same ports, the same addresses or the same word as a label is not named', () => {
  expect([uses('service', 'tcp/5432'), uses('zone', 'dev'), uses('iplist', 'shop'), uses('zone', 'office')]).toEqual([[], [], [], []]);
});

it('counts by kind, and says nothing for nothing', () => {
  expect([countUses(listUses(policy, { kind: 'zone', name: 'shop' })), countUses(listUses(policy, { kind: 'service', name: 'pg' })), countUses([])]).toEqual(['2 rules, 1 policy test', '1 rule, 1 zone, 1 policy test', '']);
});
