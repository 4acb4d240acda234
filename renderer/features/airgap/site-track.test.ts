import { expect, test } from 'vitest';
import type { CollectionView, SiteView } from '../../../shared/contract/bundles.ts';
import { HostName } from '../../../shared/model/names.ts';
import { PolicyVersionId, PushId } from '../../../shared/model/ids.ts';
import { nextOf, type Station, stationsOf } from './site-track.ts';

const KIT = 'k_0123456789ab';
const aBundle = (fields: Partial<CollectionView> = {}): CollectionView => ({ id: 1, host: HostName.parse('plc'), name: 'plc', kit: KIT, collectedAtMs: 1, importedAtMs: 2, importedBy: 'ann', flows: 1, usesFacts: true, absences: [], rules: ['ruleset.nft'], ...fields });
const aSite = (fields: Partial<SiteView> = {}): SiteView => ({ host: HostName.parse('plc'), isOverSsh: false, collected: 'signed', machine: { hasId: true, sameName: [] }, bundles: [aBundle()], kit: { id: KIT, madeAtMs: 1, madeBy: 'ann' }, order: null, receipt: null, runs: null, ...fields });
const anOrder = (isCurrent = true): NonNullable<SiteView['order']> => ({ push: PushId.parse('p_000000000001'), version: PolicyVersionId.parse(3), madeAtMs: 5, madeBy: 'ann', note: '', zone: 'control', mode: 'test', isCurrent });
const marks = (site: SiteView) => stationsOf(site).map(({ mark }) => `${mark.meaning} ${mark.text}`);
const station = (site: SiteView, key: Station['key']): Station => stationsOf(site).find((one) => one.key === key) as Station;

test('a signed bundle, then an order, then its receipt: each station follows the other, and what is next is said', () => {
  const [imported, exported] = [aSite(), aSite({ order: anOrder() })];
  const confirmed = aSite({ order: anOrder(), receipt: { step: 'confirmed', told: 'The host confirmed it.', atMs: 9 } });
  expect(marks(imported)).toEqual(['allowed Made', 'allowed Signed', 'no-rule Not yet', 'unknown Nothing to confirm']);
  expect(marks(exported)).toEqual(['allowed Made', 'allowed Signed', 'allowed Exported', 'no-rule Not yet']);
  expect(marks(confirmed)).toEqual(['allowed Made', 'allowed Signed', 'allowed Exported', 'allowed Confirmed']);
  expect([imported, exported, confirmed].map(nextOf)).toEqual(['Write its rules, and export its policy to the stick.', 'Carry the stick to the host, apply there, and bring the receipt back.', 'Nothing: it runs what the draft says.']);
});

test('what nobody signed is marked at its bundle, and is no stick of ours', () => {
  const site = aSite({ collected: 'unsigned', kit: null, bundles: [aBundle({ kit: null })] });
  expect(marks(site).slice(0, 2)).toEqual(['would-block No stick of ours', 'would-block UNSIGNED']);
  expect(station(site, 'bundle').problems).toEqual(['Nobody signed it: anybody may have made or changed it.']);
});

test('a forgotten stick, absences, and a later bundle that is not believed are told', () => {
  const site = aSite({ kit: { id: KIT, madeAtMs: null, madeBy: null }, bundles: [aBundle({ id: 2, kit: null, usesFacts: false }), aBundle({ absences: ['ruleset.nft: nft is not installed'], rules: [] })] });
  expect(marks(site)[0]).toBe('would-block Forgotten');
  expect(station(site, 'bundle').problems).toEqual(['1 later import did not change what is known of it.', 'Not in it: ruleset.nft: nft is not installed.']);
  expect(station(site, 'bundle').lines.at(-1)?.text).toBe('1 flow; no listing of rules');
});

test('a machine without an id can be given no policy, and its namesakes are named', () => {
  const site = aSite({ machine: { hasId: false, sameName: ['plc-2'] } });
  expect(station(site, 'policy')).toMatchObject({ mark: { meaning: 'blocked', text: 'Not possible' }, act: null });
  expect(station(site, 'bundle').problems.join(' ')).toMatch(/no machine id.*Others call themselves the same: plc-2\./);
  expect(nextOf(site)).toMatch(/^Give the host a machine id/);
});

test.each([
  ['applied', 'would-block Waits for confirm', /^Confirm at the host/],
  ['rolled-back', 'blocked Taken back', /^Find out why/],
  ['unknown', 'blocked Runs something else', /^Find out why/],
] as const)('a receipt that says %s', (step, mark, next) => {
  const site = aSite({ order: anOrder(), receipt: { step, told: 'It said so.', atMs: 9 } });
  expect([marks(site)[3], nextOf(site)]).toEqual([mark, expect.stringMatching(next)]);
});

test('a draft that moved on, a host over SSH, and one whose bundles are gone', () => {
  expect(marks(aSite({ order: anOrder(false) }))[2]).toBe('would-block Older than the draft');
  expect(marks(aSite({ isOverSsh: true, collected: null }))[2]).toBe('unknown Over SSH');
  expect(marks(aSite({ bundles: [], machine: null, kit: null, collected: null }))).toEqual(['unknown Not known', 'no-rule None', 'blocked Not possible', 'unknown Nothing to confirm']);
});
