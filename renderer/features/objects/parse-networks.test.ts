import { expect, it } from 'vitest';
import { parseNetworks } from './parse-networks.ts';

it('reads lines, commas and white space, canonically', () => {
  expect(parseNetworks(' 10.1.0.0/16,\n192.0.2.7/32\tFD00:0::/32\n', { mayBeEmpty: false })).toEqual({ ok: true, value: ['10.1.0.0/16', '192.0.2.7', 'fd00::/32'] });
});

it('nothing is nothing only where that is allowed', () => {
  expect([parseNetworks(' \n', { mayBeEmpty: true }), parseNetworks(' \n', { mayBeEmpty: false }).ok]).toEqual([{ ok: true, value: [] }, false]);
});

it('every network that is none is said', () => {
  const parsed = parseNetworks('10.0.0.5/8 x', { mayBeEmpty: false });
  expect(parsed.ok ? [] : parsed.issues.map(({ message }) => message)).toEqual([expect.stringContaining('10.0.0.0/8'), expect.stringContaining('x')]);
});
