import { expect, test } from 'vitest';
import type { AlertMute } from '../model/alert.ts';
import { HostId } from '../model/ids.ts';
import { mutedUntil } from './mute.ts';

const web = HostId.parse('h_000000000001');
const alert = { kind: 'service-new', host: web, zone: 'shop' } as const;
const aMute = (fields: Partial<AlertMute>): AlertMute => ({ id: 1, kind: null, host: null, zone: null, untilMs: 200, note: '', by: 'ada', atMs: 0, ...fields });

test('a mute holds where all that it names fits, and until its end', () => {
  expect(mutedUntil(alert, [aMute({ zone: 'shop', kind: 'service-new', host: web })], 100)).toBe(200);
  expect(mutedUntil(alert, [aMute({ zone: 'shop', kind: 'tampered' })], 100)).toBeNull();
  expect(mutedUntil({ ...alert, zone: null }, [aMute({ zone: 'shop' })], 100)).toBeNull();
  expect(mutedUntil(alert, [aMute({ zone: 'shop' })], 200)).toBeNull();
});

test('of several the longest counts, and one that names nothing mutes nothing', () => {
  expect(mutedUntil(alert, [aMute({ host: web }), aMute({ zone: 'shop', untilMs: 900 })], 100)).toBe(900);
  expect(mutedUntil(alert, [aMute({})], 100)).toBeNull();
});
