import { expect, it } from 'vitest';
import { compileHost } from './compile.ts';
import { diffHostRulesets } from './diff-host.ts';
import { explain } from './explain.ts';
import { createFlowJudge, toDraftVerdict } from './judge-flow.ts';
import { createSimulator } from './simulate.ts';
import { aFlow } from './testing/a-flow.ts';
import { aHost, aPolicy, aRule, aZone, expectParsed, hostId, serviceRefs } from './testing/builders.ts';

const NOW = { nowMs: Date.UTC(2026, 0, 15) };
const HOSTS = [aHost({ n: 1, labels: 'role=web' }), aHost({ n: 2, labels: 'role=db' })];
const admin = aZone({ name: 'data', select: 'role=db', onlyServices: 'tcp/22,tcp/3389' });
const rules = [aRule({ services: 'tcp/22' }), aRule({ n: 2, action: 'deny', from: 'any', services: 'tcp/23' })];
const policy = aPolicy({ zones: [admin], rules });
const packet = (port: number, source = '10.0.0.1') => ({ source, destination: '10.0.0.2', protocol: 'tcp', port, sourcePort: null }) as const;

it('only the zone’s services are refused by default; rules decide on every service as ever', () => {
  const { decideInbound } = createSimulator(policy, HOSTS, NOW);
  expect([packet(22), packet(22, '10.0.0.9'), packet(3389), packet(23), packet(5432)].map((one) => decideInbound(hostId(2), one)).map(({ verdict, reason }) => [verdict, reason])).toEqual([
    ['allowed', 'rule'],
    ['blocked', 'default'],
    ['blocked', 'default'],
    ['blocked', 'rule'],
    ['allowed', 'not-selected'],
  ]);
});

it('explain and draft verdicts say that the service is none of the zone’s', () => {
  const [service = { kind: 'any' as const }] = serviceRefs('tcp/5432');
  expect(expectParsed(explain(policy, HOSTS, NOW, { from: 'h1', to: 'h2', service })).steps.map((step) => step.text)).toContain(
    'allowed: zone data refuses by default only the services that it names, and this is none of them',
  );
  expect(toDraftVerdict(createFlowJudge(policy, HOSTS, NOW)(aFlow({ reporter: hostId(2), peerAddress: '10.0.0.1' })))).toEqual({ kind: 'allowed', by: 'not-selected' });
});

it('what is accepted for being none of the zone’s services is still no rule’s, so that suggestions come', () => {
  const judge = createFlowJudge(policy, HOSTS, { ...NOW, assume: 'all-restricted' });
  expect(judge(aFlow({ reporter: hostId(2), peerAddress: '10.0.0.1' }))).toMatchObject({ verdict: 'blocked', by: null });
});

it('refusing fewer services by default widens, refusing all again tightens', () => {
  const rulesetOf = (onlyServices: string | null) => compileHost(aPolicy({ zones: [{ ...admin, onlyServices: onlyServices === null ? null : serviceRefs(onlyServices) }], rules }), HOSTS, hostId(2), NOW);
  const effects = (before: string | null, after: string | null) => diffHostRulesets(rulesetOf(before), rulesetOf(after)).map(({ effect, text }) => [effect, text]);
  expect([effects(null, 'tcp/22'), effects('tcp/22', null), effects('tcp/22', 'tcp/22')]).toEqual([
    [['widens', 'refused by default: every service → tcp/22']],
    [['tightens', 'refused by default: tcp/22 → every service']],
    [],
  ]);
});
