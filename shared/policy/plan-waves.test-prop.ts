import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { WaveSize } from '../model/waves.ts';
import { planWaves } from './plan-waves.ts';

const ZONES = ['backups', 'db', 'web'] as const;
const host = fc.record({ hostName: fc.integer({ min: 0, max: 30 }).map((n) => `host-${n}`), zone: fc.option(fc.constantFrom(...ZONES)) });
const hosts = fc.uniqueArray(host, { selector: ({ hostName }) => hostName, maxLength: 25 });
const size: fc.Arbitrary<WaveSize> = fc.oneof(fc.record({ hosts: fc.integer({ min: 1, max: 9 }) }), fc.record({ percent: fc.integer({ min: 1, max: 100 }) }));
const names = fc.array(fc.integer({ min: 0, max: 30 }).map((n) => `host-${n}`), { maxLength: 4 });
const order: fc.Arbitrary<string[]> = fc.uniqueArray(fc.constantFrom(...ZONES, 'unknown'), { maxLength: 4 });

it('every host goes once, no wave is empty, those named are in the first one, and a zone that was ordered is through before what comes behind it begins', () => {
  fc.assert(
    fc.property(hosts, fc.array(size, { maxLength: 4 }), names, order, (all, sizes, first, zones) => {
      const waves = planWaves(all, sizes, first, zones);
      expect(waves.every((wave) => wave.length > 0)).toBe(true);
      expect(waves.flat().toSorted((a, b) => (a.hostName < b.hostName ? -1 : 1))).toEqual(all.toSorted((a, b) => (a.hostName < b.hostName ? -1 : 1)));
      expect(all.filter(({ hostName }) => first.includes(hostName)).every((named) => waves[0]?.includes(named))).toBe(true);
      const rankOf = (zone: string | null) => {
        const at = zones.findIndex((one) => one === zone);
        return at < 0 ? zones.length : at;
      };
      const ranks = waves.map((wave) => [...new Set(wave.filter(({ hostName }) => !first.includes(hostName)).map(({ zone }) => rankOf(zone)))]);
      expect(ranks.every((one) => one.length <= 1)).toBe(true);
      expect(ranks.flat()).toEqual(ranks.flat().toSorted((a, b) => a - b));
    }),
  );
});
