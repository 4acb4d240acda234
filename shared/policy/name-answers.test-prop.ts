import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { NameSighting } from '../model/name-ledger.ts';
import { getAddress } from '../net/address.ts';
import { cidrRange } from '../net/parse-cidr.ts';
import { containsAddress, toRangeSet } from '../net/range-set.ts';
import { findSpecialUse } from '../net/special-networks.ts';
import { MAX_ANSWERS, readNameAnswers, usedAddresses, withResolvedNames } from './name-answers.ts';
import { createSimulator } from './simulate.ts';
import { aNamedList, aSighting, LEDGER_NOW_MS, ledgerDaysAgo } from './testing/a-ledger.ts';
import { aHost, aPolicy, aRule, aZone } from './testing/builders.ts';

const hosts = [aHost({ n: 1, labels: 'role=web,app=shop', addresses: ['203.0.113.1', '2a00::1'] }), aHost({ n: 2, labels: 'role=db', addresses: ['203.0.113.2'] })];
const list = aNamedList({ names: ['deb.example.org', 'ntp.example.org'] });
const policy = aPolicy({ zones: [aZone({ outbound: 'restricted' })], rules: [aRule({ from: 'role=web', to: 'iplist:mirrors', services: 'tcp/443' })], ipLists: [list] });

const address = fc.oneof(
  fc.ipV4(),
  fc.tuple(fc.constantFrom('10', '127', '169.254', '192.168', '203.0.113', '198.51.100', '224'), fc.integer({ min: 1, max: 5 })).map(([head, tail]) => [...head.split('.'), '0', '0', '0'].slice(0, 3).join('.') + `.${tail}`),
  fc.constantFrom('::1', 'fe80::5', 'fd00::5', '2a00::1', '2a00::5', 'ff02::1', '64:ff9b::a00:5'),
);
const sightings: fc.Arbitrary<NameSighting[]> = fc.array(
  fc.record({ name: fc.constantFrom('deb.example.org', 'ntp.example.org', 'other.example.org'), address, seenBy: fc.constantFrom(null, ...hosts.map(({ id }) => id)), days: fc.integer({ min: 0, max: 12 }) }).map(({ days, ...input }) => aSighting({ ...input, lastSeenAtMs: ledgerDaysAgo(days) })),
  { maxLength: 40 },
);

it('whatever anybody answers, a list never means what is inside or ours, what only strangers saw, or more than its limit', () => {
  fc.assert(
    fc.property(sightings, (seen) => {
      const answers = readNameAnswers(policy, { sightings: seen, hosts }, LEDGER_NOW_MS);
      const used = answers.flatMap(usedAddresses);
      for (const text of used) {
        expect(findSpecialUse(getAddress(text))).toBeNull();
        expect(hosts.flatMap((host) => host.addresses)).not.toContain(text);
        expect(seen.some((one) => one.address === text && one.seenBy !== hosts[1]?.id && one.lastSeenAtMs >= ledgerDaysAgo(7.5))).toBe(true);
      }
      expect(answers.every((named) => usedAddresses(named).length <= MAX_ANSWERS)).toBe(true);
      expect(withResolvedNames(policy, { sightings: seen.toReversed(), hosts }, LEDGER_NOW_MS)).toEqual(withResolvedNames(policy, { sightings: seen, hosts }, LEDGER_NOW_MS));
    }),
  );
});

it('the simulator lets out to an address exactly when it is one that a name means', () => {
  fc.assert(
    fc.property(sightings, address, (seen, destination) => {
      const resolved = withResolvedNames(policy, { sightings: seen, hosts }, LEDGER_NOW_MS);
      const means = toRangeSet((resolved.ipLists[0]?.cidrs ?? []).map(cidrRange));
      const { family } = getAddress(destination);
      fc.pre(findSpecialUse(getAddress(destination)) === null && hosts.every((host) => !host.addresses.includes(destination)));
      const { verdict } = createSimulator(resolved, hosts, { nowMs: LEDGER_NOW_MS }).decideConnection({ source: family === 4 ? '203.0.113.1' : '2a00::1', destination, protocol: 'tcp', port: 443, sourcePort: null });
      expect(verdict).toBe(containsAddress(means, getAddress(destination)) ? 'allowed' : 'blocked');
    }),
  );
});
