import { expect, it } from 'vitest';
import { parseAddress, printAddress } from './address.ts';

const messageOf = (text: string): string => {
  const result = parseAddress(text);
  return result.ok ? `read as ${printAddress(result.value)}` : (result.issues[0]?.message ?? '');
};

it.each([
  ['10.0.0.5', '10.0.0.5'],
  ['0.0.0.0', '0.0.0.0'],
  ['255.255.255.255', '255.255.255.255'],
  [' 10.0.0.5 ', '10.0.0.5'],
  ['FD00::0:5', 'fd00::5'],
  ['::', '::'],
  ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['64:ff9b::10.0.0.1', '64:ff9b::a00:1'],
])('reads %s as %s', (text, canonical) => {
  expect(messageOf(text)).toBe(`read as ${canonical}`);
});

it.each([
  ['', 'nothing was written; write an address like 10.0.0.5 or fd00::5'],
  ['010.1.1.1', '“010.1.1.1” has a leading zero, which some tools read as octal; did you mean 10.1.1.1?'],
  ['0x7f.1', '“0x7f.1” is hexadecimal; write four decimal numbers, like 10.0.0.5'],
  ['127.1', '“127.1” has 2 of 4 parts; write all four, like 10.0.0.5'],
  ['1', '“1” has 1 of 4 parts; write all four, like 10.0.0.5'],
  ['10.0.0.256', '“10.0.0.256”: 256 is too large; each of the four parts runs from 0 to 255'],
  ['10.0.0.0/8', '“10.0.0.0/8” is a network, not one address; write 10.0.0.0 for the address alone'],
  ['fe80::1%eth0', '“fe80::1%eth0” has a zone index; write fe80::1 (an interface name means nothing on another host)'],
  ['fd00::1::2', '“fd00::1::2” is not an IPv6 address; write it like fd00::5 (hexadecimal groups, :: at most once)'],
  ['::ffff:10.0.0.1', '“::ffff:10.0.0.1” is an IPv4 address in IPv6 form; write 10.0.0.1'],
  ['web1', '“web1” is not an IP address; write an address like 10.0.0.5 or fd00::5'],
])('refuses %s and says what to write', (text, message) => {
  expect(messageOf(text)).toBe(message);
});
