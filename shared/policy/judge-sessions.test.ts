import { describe, expect, it, test } from 'vitest';
import { createSessionJudge, type JudgedSession } from './judge-sessions.ts';
import { aHost, aPolicy, aRule, aZone, hostId, ruleId } from './testing/builders.ts';

const MONDAY_NOON = { nowMs: Date.UTC(2026, 0, 12, 12) };
const WEB = aHost({ n: 1, labels: 'app=shop,role=web', addresses: ['10.0.0.1', 'fd00::1'] });
const DB = aHost({ n: 2, labels: 'app=shop,role=db', addresses: ['10.0.0.2', 'fd00::2'], published: [{ protocol: 'tcp', from: 8088, to: 8088 }] });

const aSession = (input: Partial<JudgedSession> = {}): JudgedSession => ({ protocol: 'tcp', direction: 'in', path: 'local', local: '10.0.0.2', localPort: 5432, peer: '10.0.0.1', peerPort: 40_000, user: null, unit: null, ...input });
const outgoing = (input: Partial<JudgedSession> = {}) => aSession({ direction: 'out', localPort: 40_000, peerPort: 5432, peer: '10.0.0.9', ...input });
const judge = (session: JudgedSession, rules = [aRule()], zone: Parameters<typeof aZone>[0] = {}) => createSessionJudge(aPolicy({ zones: [aZone(zone)], rules }), [WEB, DB], MONDAY_NOON)(hostId(2), session);

describe('a live connection into a host', () => {
  it.each([
    ['that a rule allows', 'allowed', aSession()],
    ['that a rule allows, IPv6', 'allowed', aSession({ local: 'fd00:0:0:0:0:0:0:2', peer: 'fd00:0:0:0:0:0:0:1' })],
    ['from an address that no rule names', 'forbidden', aSession({ peer: '10.0.0.77' })],
    ['from such an address, IPv6', 'forbidden', aSession({ local: 'fd00::2', peer: 'fd00::77' })],
    ['to a port that no rule names', 'forbidden', aSession({ localPort: 6379 })],
    ['by UDP, where the rule is for TCP', 'forbidden', aSession({ protocol: 'udp' })],
    ['of the console over SSH, which no rule can forbid', 'allowed', aSession({ localPort: 22, peer: '10.9.9.9' })],
    ['of the console to another port', 'forbidden', aSession({ peer: '10.9.9.9' })],
    ['that is only routed', 'allowed', aSession({ direction: 'routed', path: 'forward', local: '192.0.2.1', peer: '192.0.2.2' })],
    ['whose addresses are none', 'uncertain', aSession({ peer: 'nonsense' })],
    ['between two families', 'uncertain', aSession({ peer: 'fd00::1' })],
  ] as const)('%s is %s', (_name, verdict, session) => {
    expect(judge(session).verdict).toBe(verdict);
  });

  it.each(['test', 'observe'] as const)('is forbidden by nothing in a zone that is in %s', (mode) => {
    expect(judge(aSession({ peer: '10.0.0.77' }), [], { mode }).verdict).toBe('allowed');
  });

  it('is named with the rule that denies it', () => {
    expect(judge(aSession(), [aRule(), aRule({ n: 2, action: 'deny', from: 'any', to: 'any' })])).toEqual({ verdict: 'forbidden', by: ruleId(2) });
  });

  it('is judged by the unit that listens', () => {
    const rules = [aRule({ servedBy: 'postgresql.service' })];
    expect(['postgresql.service', 'nc.service', null].map((unit) => judge(aSession({ unit }), rules).verdict)).toEqual(['allowed', 'forbidden', 'uncertain']);
  });

  it('outside of the hours of its rule is forbidden', () => {
    expect(judge(aSession(), [aRule({ schedule: 'Mon 08:00-18:00 UTC' })]).verdict).toBe('allowed');
    expect(judge(aSession(), [aRule({ schedule: 'Tue 08:00-18:00 UTC' })]).verdict).toBe('forbidden');
  });

  it('into a published container port is judged by that port, and no unit of the host serves it', () => {
    const published = aSession({ path: 'forward', localPort: 8088 });
    expect(judge(published, [aRule({ services: 'tcp/8088' })]).verdict).toBe('allowed');
    expect(judge(published, [aRule({ services: 'tcp/8088', servedBy: 'docker.service' })]).verdict).toBe('forbidden');
  });
});

describe('a live connection out of a host', () => {
  const RESTRICTED = { outbound: 'restricted' } as const;

  test('is allowed where outbound is open, unless a rule denies it', () => {
    expect(judge(outgoing(), []).verdict).toBe('allowed');
    expect(judge(outgoing(), [aRule({ action: 'deny', from: 'role=db', to: '10.0.0.9' })]).verdict).toBe('forbidden');
  });

  test('is forbidden where outbound is restricted and no rule allows it', () => {
    expect(judge(outgoing(), [], RESTRICTED).verdict).toBe('forbidden');
    expect(judge(outgoing(), [aRule({ from: 'role=db', to: '10.0.0.9' })], RESTRICTED).verdict).toBe('allowed');
  });

  test('is judged by its user where that is known, and is uncertain by its group, which is not', () => {
    const byUser = [aRule({ from: 'role=db', to: '10.0.0.9', as: 'user:backup' })];
    expect(['backup', 'mallory', null].map((user) => judge(outgoing({ user }), byUser, RESTRICTED).verdict)).toEqual(['allowed', 'forbidden', 'uncertain']);
    expect(judge(outgoing({ user: 'backup' }), [aRule({ from: 'role=db', to: '10.0.0.9', as: 'group:backup' })], RESTRICTED).verdict).toBe('uncertain');
  });

  test('out of a container is judged as if it came from the host’s own addresses', () => {
    const fromContainer = outgoing({ path: 'forward', local: '172.17.0.2' });
    expect(judge(fromContainer, [aRule({ from: 'role=db', to: '10.0.0.9' })], RESTRICTED).verdict).toBe('allowed');
    expect(judge(fromContainer, [], RESTRICTED).verdict).toBe('forbidden');
  });
});

test('a connection of which nobody knows who began is forbidden only if it would be either way', () => {
  const unknown = aSession({ direction: 'unknown', peer: '10.0.0.9', peerPort: 9000, localPort: 9001 });
  expect(judge(unknown, []).verdict).toBe('uncertain');
  expect(judge(unknown, [], { outbound: 'restricted' }).verdict).toBe('forbidden');
});

test('a host that is not in the fleet forbids nothing', () => {
  expect(createSessionJudge(aPolicy({ zones: [aZone()] }), [WEB], MONDAY_NOON)(hostId(9), aSession()).verdict).toBe('allowed');
});
