import { describe, expect, it } from 'vitest';
import type { Policy } from '../model/policy.ts';
import { type ExplainQuestion, explain } from './explain.ts';
import { runPolicyTests } from './run-policy-tests.ts';
import { aHost, aPolicy, aRule, aZone, peer, serviceRefs } from './testing/builders.ts';

const TODAY = { nowMs: Date.UTC(2026, 0, 15) };
const HOSTS = [aHost({ n: 1, labels: 'app=shop,role=web' }), aHost({ n: 2, labels: 'app=shop,role=db' }), aHost({ n: 3, managed: false })];

describe('an explanation', () => {
  const ask = (from: string, to: string, service: string, policy: Partial<Policy> = {}) => {
    const [ref = { kind: 'any' as const }] = serviceRefs(service);
    const answer = explain(aPolicy({ zones: [aZone()], rules: [aRule({ reason: 'orders' })], ...policy }), HOSTS, TODAY, { from, to, service: ref });
    return answer.ok ? [answer.value.verdict, ...answer.value.steps.map((step) => `${step.where}: ${step.text}`)] : answer.issues.map((issue) => issue.message);
  };

  it('says who the ends are, what each decides and by which rule', () => {
    expect(ask('h1', '10.0.0.2', 'tcp/5432')).toEqual([
      'allowed',
      'source: h1 (10.0.0.1) has role=web,app=shop; in zone shop (enforce, outbound open) because app=shop',
      'destination: h2 (10.0.0.2) has role=db,app=shop; in zone shop (enforce, outbound open) because app=shop',
      'h1 outbound: allowed: outbound of zone shop is open and no rule denies it',
      'h2 inbound: allowed by rule r_000000000001: allow role=web → role=db on tcp/5432 (orders)',
    ]);
  });

  it('names the rule that is only for another port', () => {
    expect(ask('h1', 'h2', 'tcp/5433').slice(-2)).toEqual([
      'h2 inbound: blocked: no rule allows it, and zone shop refuses what no rule allows',
      'near miss: rule r_000000000001 is for the same ends but another service: allow role=web → role=db on tcp/5432',
    ]);
  });

  it('tells a rule that is disabled from one that is for somebody else', () => {
    const near = (rule: Parameters<typeof aRule>[0]) => ask('h1', 'h2', 'tcp/5432', { zones: [aZone({ outbound: 'restricted' })], rules: [aRule(rule)] }).at(-1);
    expect(near({ as: 'user:backup' })).toMatch(/^near miss: rule r_000000000001 is for the same ends and service, but not for everyone there: /);
    expect(near({ disabled: true })).toMatch(/^near miss: rule r_000000000001 is for the same ends and service, but it is disabled: /);
  });

  it('says what test mode would come to', () => {
    expect(ask('h1', 'h2', 'tcp/1', { zones: [aZone({ mode: 'test' })], rules: [] })).toContain(
      'h2 inbound: would be blocked once the zone enforces: no rule allows it, and zone shop refuses what no rule allows',
    );
  });

  it('says when nothing of ours stands in between', () => {
    expect(ask('h3', '192.0.2.1', 'tcp/1').slice(-1)).toEqual(['between: neither end has an agent, so nothing of ours stands in between']);
  });

  it('refuses names that it does not know and ends that cannot meet', () => {
    expect(ask('h9', 'h1', 'any')).toEqual(['“h9” is neither a host of this workspace nor an address; several at once are role=web, zone:NAME, iplist:NAME, a network or any']);
    expect(ask('fd00::1', 'h1', 'any')).toEqual(['fd00::1 and h1 have no addresses of one family for this service, so no connection can be made']);
  });
});

describe('an explanation of several at once', () => {
  const hosts = [...HOSTS, aHost({ n: 4, labels: 'app=shop,role=web' })];
  const ask = (input: Partial<ExplainQuestion>, rules = [aRule({ reason: 'orders' }), aRule({ n: 2, from: 'host:h4', action: 'deny' })]) => {
    const [service = { kind: 'any' as const }] = serviceRefs('tcp/5432');
    return explain(aPolicy({ zones: [aZone()], rules }), hosts, TODAY, { from: 'role=web', to: 'role=db', service, ...input });
  };

  it('counts pairs by verdict with one of each, and explains the worst', () => {
    const answer = ask({});
    expect(answer).toMatchObject({ ok: true, value: { verdict: 'blocked', pair: { from: { name: 'h4' }, to: { name: 'h2' } } } });
    expect(answer.ok && answer.value.pairs).toEqual({
      total: 2,
      verdicts: [
        { verdict: 'blocked', pairs: 1, from: 'h4', to: 'h2' },
        { verdict: 'allowed', pairs: 1, from: 'h1', to: 'h2' },
      ],
    });
  });

  it('takes zones, networks and any, leaves out a host with itself, and a stranger stands for everyone unknown', () => {
    const totals = [{ from: 'zone:shop' }, { from: 'zone: shop' }, { from: '10.0.0.0/28' }, { from: 'any' }].map((input) => {
      const answer = ask(input);
      return answer.ok ? answer.value.pairs?.total : answer.issues;
    });
    // h1, h4, twice · h1, h3, h4, and the first and last address of the network · h1, h3, h4, and a stranger of IPv4, as h2 has no IPv6.
    expect(totals).toEqual([2, 2, 5, 4]);
  });

  it('says which zone or list there is not, and who is nobody', () => {
    const messages = ['zone:none', 'iplist:none', 'role=none', '10.0.0.0/99'].map((from) => {
      const answer = ask({ from });
      return answer.ok ? '' : answer.issues[0]?.message;
    });
    expect(messages.slice(0, 3)).toEqual(['there is no zone:none (known: shop)', 'there is no iplist:none (known: none)', 'role=none is nobody with a known address']);
    expect(messages[3]).toContain('10.0.0.0/99');
  });

  it('does not go through what hosts report without end', () => {
    const addresses = (b: number) => Array.from({ length: 500 }, (_, i) => `10.${b}.${Math.floor(i / 250)}.${i % 250}`);
    const many = [aHost({ n: 1, addresses: addresses(1) }), aHost({ n: 2, addresses: addresses(2) })];
    const question = { from: 'h1', to: 'h2', service: { kind: 'any' } } as const;
    expect(explain(aPolicy(), many, TODAY, question)).toMatchObject({ ok: false, issues: [{ message: 'h1 and h2 have 500 × 500 addresses, too many to go through; name single addresses or fewer hosts' }] });
    expect(explain(aPolicy(), many, TODAY, { ...question, to: '10.2.0.1' }).ok).toBe(true);
  });

  it('answers for who sends and when, and without them says on what it depends', () => {
    const restricted = (input: Partial<ExplainQuestion>) => {
      const [service = { kind: 'any' as const }] = serviceRefs('tcp/5432');
      const rules = [aRule({ as: 'user:backup', schedule: 'Mon 02:00-04:00 UTC' })];
      const answer = explain(aPolicy({ zones: [aZone({ outbound: 'restricted' })], rules }), HOSTS, TODAY, { from: 'h1', to: 'h2', service, ...input });
      return answer.ok ? answer.value.verdict : answer.issues;
    };
    const atMs = Date.UTC(2026, 0, 19, 3);
    expect(restricted({ as: { kind: 'user', name: 'backup' }, atMs })).toBe('allowed');
    expect(restricted({ as: { kind: 'user', name: 'ada' }, atMs })).toBe('blocked');
    expect(restricted({ as: { kind: 'user', name: 'backup' } })).toBe('blocked');
    expect(restricted({ atMs })).toBe('blocked');
  });
});

describe('policy tests', () => {
  const run = (expectation: 'allow' | 'deny', from: string, to: string, service: string, policy: Partial<Policy> = {}) => {
    const [ref = { kind: 'any' as const }] = serviceRefs(service);
    const test = { expect: expectation, from: peer(from), to: peer(to), service: ref };
    return runPolicyTests(aPolicy({ zones: [aZone({ mode: 'observe' })], rules: [aRule()], tests: [test], ...policy }), HOSTS, TODAY);
  };

  it('hold when the rules say so, whatever mode the zone is in', () => {
    expect(run('allow', 'role=web', 'role=db', 'tcp/5432')).toEqual({ ran: 1, broken: [] });
    expect(run('deny', 'role=web', 'role=db', 'tcp/22')).toEqual({ ran: 1, broken: [] });
  });

  it('break with the pair and the reason', () => {
    expect(run('allow', 'role=web', 'role=db', 'tcp/5430-5432').broken).toEqual([
      'role=web can reach role=db on tcp/5430-5432: h1 (10.0.0.1) is blocked from h2 (10.0.0.2) on tcp/5430 no rule allows it',
    ]);
    expect(run('deny', 'any', 'role=db', 'tcp/5432').broken).toEqual([
      'any cannot reach role=db on tcp/5432: h1 (10.0.0.1) reaches h2 (10.0.0.2) on tcp/5432 by rule r_000000000001',
    ]);
  });

  it('break when they cover nobody', () => {
    expect(run('deny', 'role=nobody', 'role=db', 'any').broken).toEqual([
      'role=nobody cannot reach role=db on any: it covers no pair of addresses, so nothing was tested',
    ]);
  });

  it('ask strangers too when they say any', () => {
    expect(run('deny', 'any', 'role=db', 'tcp/1', { rules: [aRule({ from: '192.0.2.0/24', services: 'tcp/1' })] }).broken[0]).toContain('192.0.2.1 reaches h2');
  });
});
