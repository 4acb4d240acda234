import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Family, LAST_ADDRESS, parseAddress, printAddress } from '../net/address.ts';
import { readIp } from './simulate-match.ts';

const address = fc.constantFrom<Family>(4, 6).chain((family) => fc.oneof(fc.bigInt(0n, LAST_ADDRESS[family]), fc.bigInt(0n, 0xffffn), fc.nat(127).map((bit) => (1n << BigInt(bit)) & LAST_ADDRESS[family])).map((value) => printAddress({ family, value })));
/** Nearly addresses: one place of one changed, or a few of their characters. */
const spoiled = fc.tuple(address, fc.nat(20), fc.constantFrom('', ':', '::', '.', '0', 'f', 'g', '1', '%', '/')).map(([text, at, what]) => text.slice(0, at) + what + text.slice(at + 1));
const scraps = fc.array(fc.constantFrom('0', '1', '10', '255', '256', 'ffff', '12345', '0:0:0:0:0:ffff', ':', '::', '.', 'FD00'), { maxLength: 12 }).map((parts) => parts.join(''));

it('an address is read as the strict parser reads it, and what that refuses is refused', () => {
  fc.assert(
    fc.property(fc.oneof(address, spoiled, scraps), (text) => {
      const strict = parseAddress(text);
      if (strict.ok) expect(readIp(text)).toBe(strict.value.family === 4 ? Number(strict.value.value) : strict.value.value);
      else expect(() => readIp(text)).toThrow(/stored address is not valid/);
    }),
    { numRuns: 2000 },
  );
});

it.each(['::ffff:a00:1', '0:0:0:0:0:ffff:a00:1', '0:0::ffff:a00:1', '::ffff:10.0.0.1'])('an IPv4-mapped address is refused in every form: %s', (text) => {
  expect(() => readIp(text)).toThrow(/stored address is not valid/);
});
