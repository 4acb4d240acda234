import { expect, test } from 'vitest';
import { splitRuleset } from './read-rules.ts';

const foreign = 'table ip mine {\n\tchain c {\n\t\taccept\n\t}\n}\n';
const set = (elements: string) => `\tset in4 {\n\t\ttypeof ip saddr . th dport\n\t\tsize 10\n\t\tflags dynamic,timeout\n\t\ttimeout 1d${elements}\n\t}\n`;
const table = (body: string) => `table inet firebreak {\n${body}}\n`;
const policySet = '\tset a4_0 {\n\t\ttype ipv4_addr\n\t\telements = { 10.0.0.1 }\n\t}\n';
const chain = '\tchain input {\n\t\taccept\n\t}\n';

test('recorded traffic and the order of objects do not count, elements of policy sets do', () => {
  const one = splitRuleset(foreign + table(`${set('\n\t\telements = { 10.0.0.9 . 22 expires 1h }')}\n${policySet}\n${chain}`));
  const other = splitRuleset(table(`${policySet}\n${set('')}\n${chain}`) + foreign);
  expect(one).toEqual(other);
  expect(one.foreign).toBe(foreign);
  expect(one.parts).toEqual([chain]);
  expect(splitRuleset(table(`${policySet.replace('0.1', '0.2')}\n${set('')}\n${chain}`)).whole).not.toBe(one.whole);
});

test('a host without our table has no rules of ours, whatever others have', () => {
  expect(splitRuleset(foreign)).toEqual({ whole: null, parts: null, foreign });
  expect(splitRuleset('')).toEqual({ whole: null, parts: null, foreign: '' });
});
