import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { aHost, aPolicy, aRule, aZone } from '../testing/builders.ts';
import { arbitraryPolicy } from '../testing/arbitrary-policy.ts';
import { KUBERNETES_ABILITIES, printKubernetes } from './kubernetes.ts';
import { printRefusal } from './refusal-book.ts';
import { toExport } from './to-export.ts';
import type { Policy } from '../../model/policy.ts';
import type { FleetHost } from '../../model/host.ts';

const NOW_MS = Date.UTC(2026, 0, 15);
const STAMP = { atMs: NOW_MS, policyText: 'version 1', policyHash: '0' };
const WEB = aHost({ n: 2, labels: 'app=shop,role=web', addresses: ['10.0.0.2', 'fd00::2'] });

function exportTo(policy: Policy, hosts: readonly FleetHost[]) {
  const made = toExport(policy, hosts, { chosen: new Set(hosts.flatMap((host) => (host.managed ? [] : [host.id]))), nowMs: NOW_MS, abilities: KUBERNETES_ABILITIES });
  const text = printKubernetes({ ...made, stamp: STAMP })[0]?.text ?? '';
  const policies = parseAllDocuments(text).flatMap((document) => document.toJS() ?? []);
  // The official OpenAPI schema, as kubernetes-models carries it; throws on what it refuses.
  for (const one of policies) new NetworkPolicy(one).validate();
  return { policies, refusals: made.refusals.map(printRefusal) };
}

const db = (n: number, labels: string) => aHost({ n, labels, managed: false, addresses: [`10.0.0.${n}`, `fd00::${n}`] });
const shop = (policy: Partial<Policy>, ...hosts: FleetHost[]) => exportTo(aPolicy({ zones: [aZone()], ...policy }), [...hosts, WEB]);

test('the schema refuses what is no NetworkPolicy', () => {
  const wrong: unknown = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'x' }, spec: { podSelector: {}, ingress: [{ ports: [{ endPort: 'x' }] }] } };
  expect(() => new NetworkPolicy(wrong as ConstructorParameters<typeof NetworkPolicy>[0]).validate()).toThrow('endPort');
});

test('a rule is an ingress of addresses and ports; nothing allowed is an empty list, which lets nobody in', () => {
  const { policies, refusals } = shop({ rules: [aRule({ services: 'tcp/0-79,tcp/5432,udp' })] }, db(1, 'app=shop,role=db'), db(3, 'app=shop,role=cache'));
  expect(refusals).toEqual([]);
  const from4 = [{ ipBlock: { cidr: '10.0.0.2/32' } }];
  const from6 = [{ ipBlock: { cidr: 'fd00::2/128' } }];
  const tcp = [{ protocol: 'TCP', port: 1, endPort: 79 }, { protocol: 'TCP', port: 5432 }];
  const console = { from: [{ ipBlock: { cidr: '10.9.9.9/32' } }], ports: [{ protocol: 'TCP', port: 22 }] };
  expect(policies.map(({ spec }) => spec)).toEqual([
    {
      podSelector: { matchLabels: { app: 'shop', role: 'db' } },
      policyTypes: ['Ingress'],
      ingress: [console, { from: from4, ports: tcp }, { from: from4, ports: [{ protocol: 'UDP' }] }, { from: from6, ports: tcp }, { from: from6, ports: [{ protocol: 'UDP' }] }],
    },
    { podSelector: { matchLabels: { app: 'shop', role: 'cache' } }, policyTypes: ['Ingress'], ingress: [console] },
  ]);
});

test('outbound is declared only where the zone restricts it', () => {
  const { policies } = shop({ zones: [aZone({ outbound: 'restricted' })], rules: [aRule({ from: 'role=db', to: 'any', services: 'any' })] }, db(1, 'app=shop,role=db'));
  expect(policies.map(({ spec }) => [spec.policyTypes, spec.egress])).toEqual([[['Ingress', 'Egress'], [{ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }, { to: [{ ipBlock: { cidr: '::/0' } }] }]]]);
});

test('hosts with the same labels that have other families are one policy', () => {
  const { policies, refusals } = shop({ rules: [aRule()] }, aHost({ n: 1, labels: 'app=shop,role=db', managed: false }), db(3, 'app=shop,role=db'));
  expect(refusals).toEqual([]);
  expect(policies.map(({ spec }) => [spec.podSelector.matchLabels, spec.ingress.length])).toEqual([[{ app: 'shop', role: 'db' }, 3]]);
});

describe('refused', () => {
  test('deny, ICMP, port 0, schedules, ends, and rules about own addresses', () => {
    const rules = [aRule({ action: 'deny' }), aRule({ n: 2, services: 'icmp/8' }), aRule({ n: 3, services: 'udp/0' }), aRule({ n: 4, schedule: 'daily 08:00-18:00 UTC' }), aRule({ n: 5, expiresOn: '2026-06-30' }), aRule({ n: 6, to: '10.0.0.1' })];
    const { policies, refusals } = shop({ rules }, db(1, 'app=shop,role=db'));
    expect(refusals.map((text) => text.slice(0, 19))).toEqual(rules.map(({ id }) => `rule ${id} `.slice(0, 19)));
    expect(policies.map(({ spec }) => spec.ingress.length)).toEqual([1]);
  });

  test('a host whose labels choose one that was left out', () => {
    const zones = [aZone({ name: 'tested', select: 'role=db', mode: 'test' }), aZone()];
    const { policies, refusals } = shop({ zones }, db(1, 'app=shop'), db(3, 'app=shop,role=db'));
    expect([policies, refusals.map((text) => text.slice(0, 50))]).toEqual([[], [expect.stringContaining('host h3: zone tested is in test'), expect.stringContaining('host h1: its labels choose h3 too')]]);
  });

  test('hosts that labels do not tell apart: none, odd ones, and those that choose another host as well', () => {
    const zones = [aZone({ select: 'tier!=x' })];
    const { policies, refusals } = shop({ zones, rules: [aRule()] }, db(1, ''), db(3, 'app=a/b'), db(4, 'app=shop'), db(5, 'app=shop,role=db'));
    expect(refusals).toEqual([
      expect.stringContaining('host h1: it has no labels, and a policy without labels is for every pod'),
      expect.stringContaining('host h3: its label app=a/b cannot be a label there'),
      expect.stringContaining('host h4: its labels choose h5 too, which is judged otherwise'),
    ]);
    expect(policies.map(({ spec }) => spec.podSelector.matchLabels)).toEqual([{ app: 'shop', role: 'db' }]);
  });
});

test('whatever the policy, the schema takes it, no selector is empty and no list of ends is', () => {
  let seen = 0;
  for (let seed = 1; seed <= 60; seed += 1) {
    const { policy, hosts } = arbitraryPolicy(seed, { mode: 'enforce' });
    const { policies } = exportTo(policy, hosts.map((host) => ({ ...host, managed: false })));
    for (const { spec } of policies) {
      seen += 1;
      expect(Object.keys(spec.podSelector.matchLabels).length).toBeGreaterThan(0);
      for (const rule of [...spec.ingress, ...(spec.egress ?? [])]) expect([(rule.from ?? rule.to).length > 0, rule.ports === undefined || rule.ports.length > 0]).toEqual([true, true]);
    }
  }
  expect(seen).toBeGreaterThan(50);
});
