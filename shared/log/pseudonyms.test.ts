import { expect, test } from 'vitest';
import { createPseudonyms } from './pseudonyms.ts';

const hide = () =>
  createPseudonyms([
    { kind: 'host', names: ['db-1', 'db-1.example.org', 'web', 'c++'] },
    { kind: 'zone', names: ['shop-data', 'web', 'x'] },
  ]);

test('names become the same pseudonym throughout, the longer one first, and only as words of their own', () => {
  expect(hide()('db-1.example.org and db-1: web, websocket, shop-data; x c++ (db-1)')).toBe('host-2 and host-1: host-3, websocket, zone-1; x host-4 (host-1)');
});

test('addresses of both kinds are replaced, the same one the same way; loopback, versions and times are not', () => {
  expect(hide()('10.0.0.5:22, 10.0.0.6 and 10.0.0.5/32; fe80::1%eth0 2001:db8:0:1:2:3:4:5 ::1 127.0.0.1; 12:30:15 1.2.3 root@[2001:db8::5]:22 at:10.0.0.7, ::ffff:10.0.0.8 (10.0.0.9).')).toBe(
    'address-1:22, address-2 and address-1/32; address-3%eth0 address-4 ::1 127.0.0.1; 12:30:15 1.2.3 root@[address-5]:22 at:address-6, address-7 (address-8).',
  );
});

test('without names there is nothing to replace but addresses', () => {
  expect(createPseudonyms([])('db-1 10.0.0.5')).toBe('db-1 address-1');
});
