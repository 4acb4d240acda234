import { expect, test } from 'vitest';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { compileHost } from './compile.ts';
import { withoutCgroups } from './print-without-cgroups.ts';
import { printBundle } from './print.ts';
import { aHost, aPolicy, aRule, aZone, hostId } from './testing/builders.ts';

const HOSTS = [aHost({ n: 1, labels: 'role=web', addresses: ['10.0.0.1'] }), aHost({ n: 2, labels: 'role=db', addresses: ['10.0.0.2'] })];
const zones = [aZone({ name: 'db', select: 'role=db', outbound: 'restricted' })];
const bundleOf = (rules: Parameters<typeof aRule>[0][]) => printBundle(compileHost(aPolicy({ zones, rules: rules.map(aRule) }), HOSTS, hostId(2), { nowMs: Date.UTC(2026, 0, 15) }), { policyVersion: 1 });
const allow = { from: 'role=web', to: 'role=db', services: 'tcp/5432' };

test('a host that cannot match control groups gets the same verdicts, records by address and user, and its header names the new hash', () => {
  const whole = bundleOf([allow]);
  const narrow = withoutCgroups(whole, 'h2');
  expect(narrow.text).not.toMatch(/cgroup/);
  expect(narrow.text).toContain('set out4u { typeof ip daddr . meta l4proto . th dport . meta skuid; size');
  expect(narrow.text).toContain('update @miss_out6u { ip6 daddr . meta l4proto . th dport . meta skuid } return');
  expect(narrow.text).not.toMatch(/[ @](miss_)?in[46] /);
  const verdicts = (text: string) => text.split('\n').filter((line) => / (accept|drop|goto|jump)\b/.test(line));
  expect(verdicts(narrow.text)).toEqual(verdicts(whole.text));
  const [, body = ''] = narrow.text.split(`# hash ${narrow.hash}\n`);
  expect(bytesToHex(sha256(utf8ToBytes(body)))).toBe(narrow.hash);
  expect(narrow.hash).not.toBe(whole.hash);
});

test('a rule for a systemd unit is refused by name rather than left out', () => {
  const bundle = bundleOf([{ ...allow, servedBy: 'postgresql.service' }]);
  expect(() => withoutCgroups(bundle, 'old-db')).toThrow(expect.objectContaining({ payload: { issues: [{ path: '', message: expect.stringMatching(/^old-db cannot match systemd units, which r_/) }] } }));
});
