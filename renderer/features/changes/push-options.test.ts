import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../shared/contract/workspace-settings.ts';
import type { Plan } from '../../../shared/model/diff.ts';
import { NOTHING_TYPED, orderZones, readOrder, withSettings } from './push-options.ts';

const aPlan = (isOpen: boolean | null): Plan => ({
  hash: 'a', baseVersion: null, policyDiff: [], hosts: [], impact: [], impactTotal: 0, refusals: [], warnings: [], brokenTests: [],
  windows: isOpen === null ? [] : [{ zone: null, timeZone: 'UTC', isOpen, changesAtMs: null, hosts: ['web-1'] }],
});
const orderOf = (isOpen: boolean | null, typed: Partial<typeof NOTHING_TYPED> = {}) => readOrder(aPlan(isOpen), withSettings({ ...NOTHING_TYPED, ...typed }, { ...DEFAULT_SETTINGS, leaveAway: true, wavePauseSeconds: 9 }), { ...DEFAULT_SETTINGS, wavePauseSeconds: 9 });

test('what nobody typed is what the workspace says', () => {
  expect(orderOf(null)).toMatchObject({ confirmWithinSeconds: 60, leaveAway: true, outsideWindow: null, waves: { pauseSeconds: 9 } });
  expect(orderOf(null, { leaveAway: false, windowText: '90' })).toMatchObject({ confirmWithinSeconds: 90, leaveAway: false });
  expect([orderOf(null, { windowText: '4' }), orderOf(null, { wavesText: 'half' })]).toEqual([null, null]);
});

test('a shut window wants a reason, and an open one takes none', () => {
  expect([orderOf(false), orderOf(false, { reason: '  ' })]).toEqual([null, null]);
  expect(orderOf(false, { reason: ' a hole ' })).toMatchObject({ outsideWindow: 'a hole' });
  expect(orderOf(true, { reason: 'left over' })).toMatchObject({ outsideWindow: null });
});

test('zones go in the order that was chosen, new ones behind; without one, or with one zone alone, there is no order', () => {
  const host = (hostName: string, zone: string | null, isChanged = true) => ({ hostName, zone, bundleBefore: 'a', bundleAfter: isChanged ? 'b' : 'a' }) as Plan['hosts'][number];
  const plan = { ...aPlan(null), hosts: [host('a-1', 'shop'), host('b-1', 'backups'), host('c-1', 'crm', false), host('d-1', null), host('e-1', 'front')] };
  expect(orderZones(plan, null)).toBeNull();
  expect(orderZones(plan, ['shop', 'crm', 'backups'])).toEqual(['shop', 'backups', 'front']);
  expect(orderZones({ ...plan, hosts: plan.hosts.slice(0, 1) }, ['shop'])).toBeNull();
  expect(readOrder(plan, withSettings({ ...NOTHING_TYPED, zoneOrder: ['shop'] }, DEFAULT_SETTINGS), DEFAULT_SETTINGS)?.waves.zones).toEqual(['shop', 'backups', 'front']);
});
