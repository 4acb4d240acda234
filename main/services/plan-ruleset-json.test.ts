import { expect, test } from 'vitest';
import { aShop } from '../../e2e/fakehost/push-policies.ts';
import { FleetHost } from '../../shared/model/host.ts';
import { Policy } from '../../shared/model/policy.ts';
import { compileFleet } from '../../shared/policy/compile.ts';
import { printBundle } from '../../shared/policy/print.ts';
import { parseRulesetJson, printRulesetJson } from './plan-ruleset-json.ts';

const aHost = (n: number) =>
  FleetHost.parse({ id: `h_00000000000${n}`, name: `host-${n}`, labels: { app: 'shop' }, addresses: [`10.0.0.${n}`, `fd00::${n}`], managed: true, management: { consoleAddresses: ['10.0.0.9', 'fd00::9'], sshPort: 22 }, resolvers: ['10.0.0.53'], timeServers: [] });
const rule = (id: string, change: object) => ({ id, action: 'allow', from: { kind: 'any' }, to: { kind: 'zone', zone: 'shop' }, services: [{ kind: 'any' }], owner: '', reason: '', ticket: '', reviewOn: null, expiresOn: null, ...change });
const policy = Policy.parse({
  ...aShop('enforce'),
  rules: [
    rule('r_000000000001', {}),
    rule('r_000000000002', { action: 'deny', from: { kind: 'cidr', cidrs: ['0.0.0.0/0', '2001:db8::/32'] }, services: [{ kind: 'inline', entry: { kind: 'icmp', family: 4, types: [8] } }, { kind: 'inline', entry: { kind: 'icmp', family: 6, types: 'all' } }] }),
    rule('r_000000000004', { schedule: { windows: [{ days: ['fri'], from: '22:00', to: '06:00' }], timeZone: 'Europe/Berlin' }, expiresOn: '2026-12-31' }),
    rule('r_000000000005', { action: 'deny', from: { kind: 'host', host: 'host-1' }, to: { kind: 'any' }, as: { kind: 'user', name: 'backup' } }),
    rule('r_000000000003', { from: { kind: 'host', host: 'host-1' }, services: [{ kind: 'inline', entry: { kind: 'ports', protocol: 'udp', from: 0, to: 65535 } }] }),
  ],
});

test('a stored ruleset reads back as it was, to the last address, and prints the same bundle', () => {
  for (const ruleset of compileFleet(policy, [aHost(1), aHost(2)], { nowMs: Date.UTC(2026, 10, 21) }).values()) {
    const read = parseRulesetJson(printRulesetJson(ruleset));
    expect(read).toEqual(ruleset);
    expect(read && printBundle(read, { policyVersion: 3 })).toEqual(printBundle(ruleset, { policyVersion: 3 }));
  }
});

test.each(['null', '{}', '{"kind":"host-ruleset","mode":"enforce"}'])('%s is no ruleset, and does not throw', (text) => {
  expect(parseRulesetJson(text)).toBeNull();
});
