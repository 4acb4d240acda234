import { expect, it } from 'vitest';
import { parseCidr } from './parse-cidr.ts';

const answer = (text: string): string => {
  const result = parseCidr(text);
  return result.ok ? result.value : (result.issues[0]?.message ?? '');
};

it.each([
  ['10.0.0.0/8', '10.0.0.0/8'],
  ['10.0.0.5', '10.0.0.5'],
  ['10.0.0.5/32', '10.0.0.5'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['FD00::/8', 'fd00::/8'],
  ['::/0', '::/0'],
  ['fd00::1/128', 'fd00::1'],
])('makes %s canonical as %s', (text, canonical) => {
  expect(answer(text)).toBe(canonical);
});

it.each([
  ['10.0.0.5/8', '10.0.0.5/8 has host bits set; did you mean 10.0.0.0/8?'],
  ['fd00::1/64', 'fd00::1/64 has host bits set; did you mean fd00::/64?'],
  ['10.0.0.0/33', '“10.0.0.0/33”: the prefix length after “/” runs from 0 to 32; write for instance 10.0.0.0/24'],
  ['10.0.0.0/08', '“10.0.0.0/08”: the prefix length after “/” runs from 0 to 32; write for instance 10.0.0.0/24'],
  ['10.0.0.0/', '“10.0.0.0/”: the prefix length after “/” runs from 0 to 32; write for instance 10.0.0.0/24'],
  ['fd00::/129', '“fd00::/129”: the prefix length after “/” runs from 0 to 128; write for instance fd00::/64'],
  ['10.0.0.0/8/9', '“10.0.0.0/8/9” has more than one “/”; write a network like 10.0.0.0/8'],
  ['10.0.0/24', '“10.0.0” has 3 of 4 parts; write all four, like 10.0.0.5'],
  ['10.0.0.5-10.0.0.9', '“10.0.0.5-10.0.0.9” is a range; write it as networks: 10.0.0.5, 10.0.0.6/31, 10.0.0.8/31'],
  ['10.0.0.9-10.0.0.5', '“10.0.0.9-10.0.0.5” is not a network; write one like 10.0.0.0/8'],
])('refuses %s and says what to write', (text, message) => {
  expect(answer(text)).toBe(message);
});
