import { expect, test } from 'vitest';
import { splitSaved } from './read-iptables.ts';

const rules = (own: string) => `*security\n:INPUT ACCEPT\n:FB-IN -\n:FB-MISS-IN -\n-A INPUT -j FB-IN\n${own}COMMIT\n`;
const saved = (own: string, own6: string, sets: string, filter = '-A INPUT -s 10.66.6.6/32 -j DROP\n') =>
  `@iptables filter\n*filter\n:INPUT ACCEPT\n${filter}COMMIT\n@iptables security\n${rules(own)}@ip6tables security\n${rules(own6)}@sets\n${sets}`;
const OWN = '-A FB-IN -i lo -j RETURN\n-A FB-IN -j FB-MISS-IN\n-A FB-MISS-IN -j DROP\n';
const SETS = 'create friends hash:net\nadd friends 10.66.0.0/16\nadd friends 10.67.1.1\ncreate fb_in4 hash:ip,port timeout 86400\ncreate fb_a4_1 hash:net\nadd fb_a4_1 10.0.0.1\nadd fb_a4_1 10.0.0.2\n';

test('recorded traffic, the order of chains and that of a set do not count', () => {
  const one = splitSaved(saved(OWN, OWN, `${SETS}add fb_in4 10.0.0.9,tcp:22 timeout 90 packets 3\n`));
  const moved = saved(OWN, OWN, `${SETS.trimEnd().split('\n').toReversed().join('\n')}\n`).replaceAll('-A INPUT -j FB-IN\n-A FB-IN -i lo', '-A FB-IN -i lo');
  expect(splitSaved(moved.replaceAll('-A FB-MISS-IN -j DROP\n', '-A INPUT -j FB-IN\n-A FB-MISS-IN -j DROP\n'))).toEqual(one);
  expect(one.foreign).toContain('iptables filter -A INPUT -s 10.66.6.6/32 -j DROP\n');
  expect(one.foreign).not.toMatch(/FB-|fb_/);
});

test('a rule, the order of rules, a family and an element of a policy set count', () => {
  const one = splitSaved(saved(OWN, OWN, SETS));
  const swapped = OWN.replace(/^(.*\n)(.*\n)/, '$2$1');
  expect(splitSaved(saved(swapped, OWN, SETS)).parts).toEqual([expect.not.stringContaining(one.parts?.[0] ?? ''), one.parts?.[1]]);
  expect(splitSaved(saved(OWN, '', SETS)).parts?.[0]).toBe(one.parts?.[0]);
  expect(splitSaved(saved(OWN, '', SETS)).parts?.[1]).not.toBe(one.parts?.[1]);
  expect(splitSaved(saved(OWN, OWN, SETS.replace('0.2', '0.3'))).whole).not.toBe(one.whole);
  expect(splitSaved(saved(OWN, OWN, SETS, '')).foreign).not.toBe(one.foreign);
});

test('without our chains there is nothing of ours', () => {
  expect(splitSaved('@iptables filter\n*filter\n:INPUT ACCEPT\nCOMMIT\n@sets\n')).toMatchObject({ whole: null, parts: null });
});
