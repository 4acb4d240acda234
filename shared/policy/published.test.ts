import { describe, expect, it } from 'vitest';
import { UnitName } from '../model/identity.ts';
import { explain } from './explain.ts';
import { createFlowJudge } from './judge-flow.ts';
import { createSimulator, type Packet } from './simulate.ts';
import { suggestRules } from './suggest.ts';
import { aFlow } from './testing/a-flow.ts';
import { aHost, aPolicy, aRule, aZone, hostId, serviceRefs } from './testing/builders.ts';

const TODAY = { nowMs: Date.UTC(2026, 0, 15) };
const WEB = aHost({ n: 2, labels: 'app=shop,role=web' });
const dockerHost = (published = [{ protocol: 'tcp' as const, from: 8080, to: 8081 }]) => aHost({ n: 1, labels: 'app=shop,role=db', consoles: ['10.9.9.9'], published });
const packet = (input: Partial<Packet> = {}): Packet => ({ source: '10.0.0.2', destination: '10.0.0.1', protocol: 'tcp', port: 8080, sourcePort: null, ...input });
const verdict = (rules: Parameters<typeof aRule>[0][], asked: Packet, host = dockerHost()) =>
  createSimulator(aPolicy({ zones: [aZone()], rules: rules.map((rule, i) => aRule({ n: i + 1, ...rule })) }), [host, WEB], TODAY).decideInbound(host.id, asked).verdict;

describe('a port that leads into a container', () => {
  it('is let in by the rules of its host, by the port that was asked for', () => {
    expect([verdict([{ services: 'tcp/8080' }], packet()), verdict([{ services: 'tcp/80' }], packet()), verdict([], packet())]).toEqual(['allowed', 'blocked', 'blocked']);
  });

  it('is not let in by a rule for what a unit of the host listens on', () => {
    const rule = { services: 'tcp/8080', servedBy: UnitName.parse('nginx.service') };
    const asked = packet({ listener: 'nginx.service' });
    expect([verdict([rule], asked), verdict([rule], asked, dockerHost([]))]).toEqual(['blocked', 'allowed']);
  });

  it('is not the console’s way to the host: what is redirected from the port of SSH is judged, and what facts say of that port locks nobody out', () => {
    const asked = packet({ source: '10.9.9.9', port: 22 });
    const claims = dockerHost([{ protocol: 'tcp', from: 22, to: 22 }]);
    expect([verdict([], asked), verdict([], { ...asked, isForwarded: true }), verdict([], asked, claims)]).toEqual(['allowed', 'blocked', 'allowed']);
  });

  it('is named as such by an explanation', () => {
    const answer = explain(aPolicy({ zones: [aZone()] }), [dockerHost(), WEB], TODAY, { from: 'h2', to: 'h1', service: serviceRefs('tcp/8080')[0] ?? { kind: 'any' } });
    expect(answer.ok && answer.value.steps.some((step) => step.text.includes('redirects this port to a container'))).toBe(true);
  });

  it('is suggested a rule for, though nothing of the host listens there', () => {
    const flows = [aFlow({ port: 8080, unit: null }), aFlow({ port: 9999, unit: null }), aFlow({ port: 5432 })];
    const { suggestions } = suggestRules(flows, aPolicy({ zones: [aZone({ mode: 'observe' })] }), [dockerHost(), WEB], { ...TODAY, zone: null });
    expect(suggestions.flatMap(({ rule }) => rule.services)).toEqual(serviceRefs('tcp/5432,tcp/8080'));
  });
});

it('what a container sends under the name of its host is judged by rules that are for everybody there', () => {
  const host = aHost({ n: 1, labels: 'app=shop,role=db' });
  const rules = [aRule({ n: 1, from: 'role=db', to: 'role=web', services: 'tcp/80', as: 'user:backup' }), aRule({ n: 2, from: 'role=db', to: 'role=web', services: 'tcp/443' })];
  const simulator = createSimulator(aPolicy({ zones: [aZone({ outbound: 'restricted' })], rules }), [host, WEB], TODAY);
  const verdictOf = (port: number, isForwarded: boolean) =>
    simulator.decideOutbound(host.id, { source: '10.0.0.1', destination: '10.0.0.2', protocol: 'tcp', port, sourcePort: null, user: 'backup', isForwarded }).verdict;
  expect([verdictOf(80, false), verdictOf(80, true), verdictOf(443, true)]).toEqual(['allowed', 'blocked', 'allowed']);
});

it('what a router passes on is recorded, not judged', () => {
  const judge = createFlowJudge(aPolicy({ zones: [aZone()] }), [aHost({ n: 1, labels: 'app=shop' })], TODAY);
  expect(judge(aFlow({ reporter: hostId(1), direction: 'forward' })).kind).toBe('observed');
});
