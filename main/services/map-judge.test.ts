import { expect, test } from 'vitest';
import type { Policy } from '../../shared/model/policy.ts';
import type { FleetHost } from '../../shared/model/host.ts';
import { createFlowJudge } from '../../shared/policy/judge-flow.ts';
import { aPolicy, aQuarantine, aRule, aZone, aHost, hostId } from '../../shared/policy/testing/builders.ts';
import { zoneOfHosts } from '../../shared/policy/zones.ts';
import type { StoredFlow } from '../db/flow-query.ts';
import { judgeDraft } from './map-judge.ts';

const NOW_MS = Date.UTC(2026, 5, 15, 12);
const HOSTS: readonly FleetHost[] = [
  aHost({ n: 1, labels: 'role=web,env=prod' }),
  aHost({ n: 2, labels: 'role=db,env=prod' }),
  aHost({ n: 3, labels: 'role=web,env=dev' }),
  aHost({ n: 4, labels: 'role=db,env=dev' }),
  aHost({ n: 5, labels: 'role=web,env=test' }),
];
const RULES = [
  aRule({ n: 1, from: 'role=web', to: 'role=db', services: 'tcp/5432' }),
  aRule({ n: 2, from: 'any', to: 'role=web', services: 'tcp/443' }),
  aRule({ n: 3, from: 'env=dev', to: 'env=prod', services: 'any', action: 'deny' }),
];
const ZONES = [
  aZone({ name: 'prod', select: 'env=prod', mode: 'enforce', outbound: 'restricted' }),
  aZone({ name: 'dev', select: 'env=dev', mode: 'test', outbound: 'open' }),
  aZone({ name: 'rest', select: 'env=test', mode: 'observe' }),
];

function judgesOf(policy: Policy) {
  const judge = createFlowJudge(policy, HOSTS, { nowMs: NOW_MS });
  const explain = createFlowJudge(policy, HOSTS, { nowMs: NOW_MS, assume: 'all-restricted' });
  return { policy, zones: zoneOfHosts(policy, HOSTS), hosts: new Map(HOSTS.map((host) => [host.id, host])), judge, explain };
}

const PORTS = [22, 53, 443, 5432] as const;
const flows: readonly StoredFlow[] = HOSTS.flatMap((host) =>
  (['in', 'out', 'forward'] as const).flatMap((direction) =>
    [...HOSTS.flatMap((peer) => peer.addresses), '198.51.100.7'].flatMap((peerAddress) =>
      PORTS.map((port) => ({
        id: 1,
        reporter: host.id,
        direction,
        peerAddress,
        forwardTo: null,
        protocol: 'tcp',
        port,
        user: null,
        unit: null,
        process: null,
        processConfidence: 'unknown' as const,
        zone: null,
        verdict: 'accepted' as const,
        policyVersion: null,
        connections: 1,
        firstSeenAtMs: NOW_MS,
        lastSeenAtMs: NOW_MS,
      })),
    ),
  ),
);

/** As it is written down: the draft's verdict first, and only where it says nothing of rules whether one explains it. */
function inWords({ judge, explain, zones }: ReturnType<typeof judgesOf>, flow: StoredFlow) {
  const explained = () => {
    const judgement = explain(flow);
    return judgement.kind !== 'decided' ? 'unknown' : judgement.verdict === 'allowed' ? 'allowed' : 'no-rule';
  };
  const judgement = judge(flow);
  if (judgement.kind === 'unknown') return 'unknown';
  if (judgement.kind === 'observed' || judgement.by === 'outbound-open' || judgement.by === 'not-selected') return explained();
  if (judgement.verdict === 'allowed') return 'allowed';
  return zones.get(flow.reporter)?.zone?.mode === 'enforce' ? 'blocked' : 'would-block';
}

test.each([
  ['rules alone', aPolicy({ zones: ZONES, rules: RULES })],
  [
    'rules behind a quarantine, which refuses what they let through',
    aPolicy({ zones: ZONES, rules: RULES, containments: [aQuarantine({ host: 'h2', startsAt: '2026-06-15T00:00:00Z', endsAt: '2026-06-16T00:00:00Z' })] }),
  ],
])('the shorter way to what the draft does with a flow gives the same: %s', (_, policy) => {
  const judges = judgesOf(policy);
  const verdicts = flows.map((flow) => judgeDraft(judges, flow));
  expect(verdicts).toEqual(flows.map((flow) => inWords(judges, flow)));
  expect(new Set(verdicts)).toEqual(new Set(['allowed', 'no-rule', 'would-block', 'blocked', 'unknown']));
});

test('a host in quarantine refuses in the draft what a rule allows', () => {
  const judges = judgesOf(
    aPolicy({ zones: ZONES, rules: RULES, containments: [aQuarantine({ host: 'h2', startsAt: '2026-06-15T00:00:00Z', endsAt: '2026-06-16T00:00:00Z' })] }),
  );
  const toDatabase = flows.find((flow) => flow.reporter === hostId(2) && flow.direction === 'in' && flow.peerAddress === '10.0.0.1' && flow.port === 5432);
  expect(toDatabase && judgeDraft(judges, toDatabase)).toBe('blocked');
});
