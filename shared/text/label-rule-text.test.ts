import { expect, test } from 'vitest';
import { aLabelRule } from '../labels/testing/a-label-rule.ts';
import { describeConditions, parseFacts, parseLabelNetworks, parseNamePatterns, parseTemplates, printFacts, printNamePatterns, printNetworks, printTemplates } from './label-rule-text.ts';

test('conditions and labels read back as the same', () => {
  const rule = aLabelRule({ names: 'db-*, {env}-pg#', networks: '10.0.0.0/8 fd00::/8', facts: 'os=debian|ubuntu, Listens=tcp/5432|udp/5000-5010, unit=postgresql@*.service', labels: 'role=db env=prod' });
  expect({
    ...rule,
    names: aLabelRule({ names: printNamePatterns(rule.names) }).names,
    networks: aLabelRule({ networks: printNetworks(rule.networks) }).networks,
    facts: aLabelRule({ facts: printFacts(rule.facts) }).facts,
    labels: aLabelRule({ labels: printTemplates(rule.labels) }).labels,
  }).toEqual(rule);
  expect(describeConditions(rule)).toBe('name db-* or {env}-pg#, address in 10.0.0.0/8 or fd00::/8, os=debian|ubuntu, listens=tcp/5432|udp/5000-5010, unit=postgresql@*.service');
});

test('no text is no condition, never one that anything fulfils', () => {
  expect([parseNamePatterns(' '), parseLabelNetworks(''), parseFacts('')].map((parsed) => parsed.ok && parsed.value)).toEqual([null, null, null]);
});

test.each<[string, number, RegExp]>([
  ['os', 1, /“os” is not a fact like os=debian/],
  ['os=debian, lissens=tcp/80', 12, /did you mean listens\?/],
  ['colour=red', 1, /the facts are os, os-version, kernel/],
  ['os=', 4, /a value is missing here; for any value write \*/],
  ['os=a|', 6, /a value is missing here/],
  ['listens=5432', 9, /names no protocol first/],
  ['listens=tcp/80|icmp', 16, /“icmp” has no ports/],
  ['os=debian,', 11, /a condition is missing here/],
])('the facts %s are refused at column %i', (text, column, message) => {
  const parsed = parseFacts(text);
  expect(parsed.ok ? [] : parsed.issues).toMatchObject([{ column, message: expect.stringMatching(message) }]);
});

test('name patterns and values say what they may be', () => {
  const messageOf = (parsed: { ok: boolean; issues?: readonly { message: string }[] }) => parsed.issues?.[0]?.message;
  expect(messageOf(parseNamePatterns('db-[0-9]'))).toMatch(/“db-\[0-9\]”: a name pattern has letters, digits/);
  expect(messageOf(parseNamePatterns('{Env}-*'))).toMatch(/a name pattern has/);
  expect(messageOf(parseTemplates('role=-x'))).toMatch(/a label value starts with a letter, a digit or \{word\}/);
  expect(messageOf(parseTemplates('role=a role=b'))).toMatch(/given twice/);
});
