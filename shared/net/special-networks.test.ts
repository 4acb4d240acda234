import { expect, it } from 'vitest';
import { getAddress } from './address.ts';
import { findSpecialUse } from './special-networks.ts';

const use = (text: string) => findSpecialUse(getAddress(text))?.kind ?? 'public';

it('knows what no name of another machine means, at both ends of each network', () => {
  const never = ['0.0.0.0', '0.255.255.255', '127.0.0.1', '127.255.255.255', '169.254.0.0', '169.254.169.254', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255', '::', '::1', 'fe80::1', 'febf::1', 'ff02::1', '100::1'];
  expect(never.filter((text) => use(text) !== 'never')).toEqual([]);
});

it('knows what means another machine at each site, also in translated form', () => {
  const inside = ['10.0.0.0', '10.255.255.255', '172.16.0.0', '172.31.255.255', '192.168.0.1', '100.64.0.1', '100.127.255.255', 'fc00::1', 'fdff::1', 'fec0::1', '64:ff9b::a00:5', '2002:a00:5::1', '2001:0:1::1', '::a00:5'];
  expect(inside.filter((text) => use(text) !== 'inside')).toEqual([]);
});

it('leaves the neighbours of each network to the internet', () => {
  const anybody = ['1.0.0.0', '9.255.255.255', '11.0.0.0', '126.255.255.255', '128.0.0.0', '172.15.255.255', '172.32.0.0', '192.167.255.255', '192.169.0.0', '169.253.255.255', '169.255.0.0', '100.63.255.255', '100.128.0.0', '223.255.255.255', '2a00::1', '2001:1::1', 'fbff::1', '2003::1'];
  expect(anybody.filter((text) => use(text) !== 'public')).toEqual([]);
});
