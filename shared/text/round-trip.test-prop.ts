import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Peer } from '../model/peer.ts';
import type { ServiceRef } from '../model/service.ts';
import { expectParsed } from '../policy/testing/builders.ts';
import { type Family, LAST_ADDRESS, printAddress } from '../net/address.ts';
import { parseCidr } from '../net/parse-cidr.ts';
import { parseLabels, printLabels } from './label-text.ts';
import { parsePeer, printPeer } from './peer-text.ts';
import { isReservedServiceName, parseServiceRefs, printServiceRefs } from './service-text.ts';

const key = fc.stringMatching(/^[a-z][a-z0-9_.-]{0,8}$/);
const value = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,8}$/);
const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,8}$/);
const term = fc.record({ key, op: fc.constantFrom<'=' | '!='>('=', '!='), values: fc.array(value, { minLength: 1, maxLength: 3 }) });
const selector = fc.record({ terms: fc.array(term, { minLength: 1, maxLength: 3 }) });
const select = fc.record({ include: fc.array(selector, { minLength: 1, maxLength: 3 }), exclude: fc.array(selector, { maxLength: 2 }) });

const cidr = fc
  .constantFrom<Family>(4, 6)
  .chain((family) => {
    const bits = family === 4 ? 32 : 128;
    return fc.tuple(fc.bigInt(0n, LAST_ADDRESS[family]), fc.integer({ min: 0, max: bits })).map(([address, prefix]) => {
      const size = 1n << BigInt(bits - prefix);
      return `${printAddress({ family, value: address - (address % size) })}/${prefix}`;
    });
  })
  .filter((text) => parseCidr(text).ok)
  .map((text) => expectParsed(parseCidr(text)));

const peer: fc.Arbitrary<Peer> = fc.oneof(
  fc.constant<Peer>({ kind: 'any' }),
  select.map((s): Peer => ({ kind: 'selector', select: s })),
  name.map((zone): Peer => ({ kind: 'zone', zone })),
  name.map((host): Peer => ({ kind: 'host', host })),
  name.map((ipList): Peer => ({ kind: 'iplist', ipList })),
  fc.array(cidr, { minLength: 1, maxLength: 4 }).map((cidrs): Peer => ({ kind: 'cidr', cidrs })),
);

const port = fc.integer({ min: 0, max: 65_535 });
const service: fc.Arbitrary<ServiceRef> = fc.oneof(
  fc.constant<ServiceRef>({ kind: 'any' }),
  name.filter((text) => !isReservedServiceName(text)).map((text): ServiceRef => ({ kind: 'named', name: text })),
  fc
    .tuple(fc.constantFrom<'tcp' | 'udp' | 'sctp'>('tcp', 'udp', 'sctp'), port, port)
    .map(([protocol, a, b]): ServiceRef => ({ kind: 'inline', entry: { kind: 'ports', protocol, from: Math.min(a, b), to: Math.max(a, b) } })),
  fc
    .tuple(fc.constantFrom<4 | 6>(4, 6), fc.oneof(fc.constant<'all'>('all'), fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 3 })))
    .map(([family, types]): ServiceRef => ({ kind: 'inline', entry: { kind: 'icmp', family, types } })),
);

it('every end of a rule is read back as it was printed', () => {
  fc.assert(
    fc.property(peer, (one) => {
      expect(parsePeer(printPeer(one))).toEqual({ ok: true, value: one });
    }),
  );
});

it('every list of services is read back as it was printed', () => {
  fc.assert(
    fc.property(fc.array(service, { minLength: 1, maxLength: 4 }), (list) => {
      expect(parseServiceRefs(printServiceRefs(list))).toEqual({ ok: true, value: list });
    }),
  );
});

it('labels are read back as they were printed', () => {
  fc.assert(
    fc.property(fc.dictionary(key, value, { maxKeys: 5 }), (labels) => {
      expect(parseLabels(printLabels(labels))).toEqual({ ok: true, value: { ...labels } });
    }),
  );
});

it('no text makes the readers throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      for (const parse of [parsePeer, parseServiceRefs, parseLabels]) expect(typeof parse(text).ok).toBe('boolean');
    }),
  );
});
