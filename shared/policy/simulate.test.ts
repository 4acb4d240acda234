import { describe, expect, it } from 'vitest';
import { createSimulator, type Packet } from './simulate.ts';
import { aHost, aPolicy, aRule, aZone, hostId, ruleId } from './testing/builders.ts';

const TODAY = { nowMs: Date.UTC(2026, 0, 15) };
const WEB = aHost({ n: 1, labels: 'app=shop,role=web', addresses: ['10.0.0.1', 'fd00::1'], resolvers: ['10.0.0.53'], timeServers: ['10.0.0.54'] });
const DB = aHost({ n: 2, labels: 'app=shop,role=db', addresses: ['10.0.0.2', 'fd00::2'] });
const OTHER = aHost({ n: 3, addresses: ['10.0.0.3'], managed: false });
const packet = (input: Partial<Packet> = {}): Packet => ({
  source: '10.0.0.1',
  destination: '10.0.0.2',
  protocol: 'tcp',
  port: 5432,
  sourcePort: null,
  ...input,
});
const simulate = (zone: Parameters<typeof aZone>[0] = {}, rules = [aRule()]) =>
  createSimulator(aPolicy({ zones: [aZone(zone)], rules }), [WEB, DB, OTHER], TODAY);

describe('a connection', () => {
  it('is decided at both ends, and the worse end counts', () => {
    const deny = aRule({ n: 2, action: 'deny', services: 'tcp/5432', from: 'any', to: 'host:h2' });
    const answer = simulate({}, [aRule(), deny]).decideConnection(packet());
    expect({
      verdict: answer.verdict,
      by: answer.by,
      steps: answer.steps.map((step) => [step.host.name, step.direction, step.decision.verdict, step.decision.reason]),
    }).toEqual({
      verdict: 'blocked',
      by: ruleId(2),
      steps: [
        ['h1', 'out', 'blocked', 'rule'],
        ['h2', 'in', 'blocked', 'rule'],
      ],
    });
  });

  it.each([
    ['enforce', 'blocked'],
    ['test', 'would-block'],
    ['observe', 'allowed'],
  ] as const)('without a rule in a zone that is in %s is %s', (mode, verdict) => {
    expect(simulate({ mode }, []).decideConnection(packet()).verdict).toBe(verdict);
  });

  it('between ends without agents is nobody’s to judge', () => {
    expect(simulate().decideConnection(packet({ source: '10.0.0.3', destination: '192.0.2.1' }))).toEqual({
      verdict: 'allowed',
      atBest: 'allowed',
      judged: false,
      by: null,
      steps: [],
    });
  });

  it('of a host to itself passes', () => {
    expect(simulate({ outbound: 'restricted' }, []).decideConnection(packet({ source: '10.0.0.2', destination: '10.0.0.2' })).verdict).toBe('allowed');
  });

  it('cannot cross address families', () => {
    expect(() => simulate().decideConnection(packet({ destination: 'fd00::2' }))).toThrow('two address families');
  });
});

describe('the essential block', () => {
  const inbound = (input: Partial<Packet>) => simulate({ outbound: 'restricted' }, []).decideInbound(hostId(2), packet(input));
  const outbound = (input: Partial<Packet>) => simulate({ outbound: 'restricted' }, []).decideOutbound(hostId(1), packet(input));

  it.each([
    [{ source: '10.9.9.9', port: 22 }, 'management'],
    [{ protocol: 'icmp', port: 8 }, 'icmp'],
    [{ protocol: 'igmp', port: null }, 'icmp'],
    [{ source: 'fe80::1', destination: 'fd00::2', protocol: 'icmpv6', port: 135 }, 'icmp'],
    [{ protocol: 'udp', port: 68, sourcePort: 67 }, 'dhcp'],
    [{ source: 'fe80::1', destination: 'fd00::2', protocol: 'udp', port: 546, sourcePort: 547 }, 'dhcp'],
  ] as const)('lets %j in', (input, reason) => expect(inbound(input)).toMatchObject({ verdict: 'allowed', by: 'essential', reason }));

  it.each([
    [{ source: '10.9.9.8', port: 22 }],
    [{ source: '10.9.9.9', port: 23 }],
    [{ protocol: 'icmp', port: 13 }],
    [{ protocol: 'icmpv6', port: 135 }],
    [{ protocol: 'udp', port: 68, sourcePort: null }],
    [{ source: 'fd00::9', destination: 'fd00::2', protocol: 'udp', port: 546, sourcePort: 547 }],
  ] as const)('does not let %j in', (input) => expect(inbound(input)).toMatchObject({ verdict: 'blocked', reason: 'default' }));

  it.each([
    [{ destination: '10.0.0.53', protocol: 'udp', port: 53 }, 'resolvers'],
    [{ destination: '10.0.0.53', protocol: 'tcp', port: 53 }, 'resolvers'],
    [{ destination: '10.0.0.54', protocol: 'udp', port: 123 }, 'resolvers'],
    [{ destination: '10.9.9.9', port: 50_000, sourcePort: 22 }, 'management'],
    [{ source: 'fd00::1', destination: 'ff02::1:2', protocol: 'udp', port: 547, sourcePort: 546 }, 'dhcp'],
    [{ destination: '127.0.0.53', protocol: 'udp', port: 53 }, 'loopback'],
  ] as const)('lets %j out', (input, reason) => expect(outbound(input)).toMatchObject({ verdict: 'allowed', by: 'essential', reason }));

  it.each([
    [{ destination: '10.0.0.53', protocol: 'udp', port: 54 }],
    [{ destination: '10.0.0.54', protocol: 'tcp', port: 123 }],
    [{ destination: '10.9.9.9', port: 50_000 }],
  ] as const)('does not let %j out', (input) => expect(outbound(input)).toMatchObject({ verdict: 'blocked', reason: 'default' }));

  it('comes before every deny rule', () => {
    const deny = aRule({ action: 'deny', from: 'any', to: 'any', services: 'any' });
    expect(simulate({}, [deny]).decideInbound(hostId(2), packet({ source: '10.9.9.9', port: 22 })).by).toBe('essential');
  });
});

it('outbound that is open is judged by deny rules alone', () => {
  const deny = aRule({ action: 'deny', from: 'role=web', to: '192.0.2.0/24', services: 'any' });
  const simulator = simulate({}, [deny]);
  const reasons = ['192.0.2.9', '198.51.100.9'].map((destination) => simulator.decideOutbound(hostId(1), packet({ destination })).reason);
  expect(reasons).toEqual(['rule', 'outbound-open']);
});

it('can be asked what the rules say whatever the zones do', () => {
  const policy = aPolicy({ zones: [aZone({ mode: 'observe' })], rules: [aRule()] });
  const ask = (assume: 'zones-enforced' | 'all-restricted', port: number) =>
    createSimulator(policy, [WEB, DB, OTHER], { ...TODAY, assume }).decideConnection(packet({ port })).verdict;
  expect([ask('zones-enforced', 5432), ask('zones-enforced', 1), ask('all-restricted', 5432), ask('all-restricted', 1)]).toEqual([
    'allowed',
    'blocked',
    'allowed',
    'blocked',
  ]);
});
