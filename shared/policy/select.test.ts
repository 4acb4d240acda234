import { expect, it } from 'vitest';
import { expectParsed, aHost, aPolicy, aZone, hostId } from './testing/builders.ts';
import { parseLabels } from '../text/label-text.ts';
import { parseSelectorSet } from '../text/selector-text.ts';
import { matchesSelectorSet } from './select.ts';
import { zoneOfHosts } from './zones.ts';

it.each([
  ['role=web', 'role=web', true],
  ['role=web', 'role=db', false],
  ['role=web', '', false],
  ['role=web|db', 'role=db', true],
  ['role=web,app=shop', 'role=web', false],
  ['role!=web', '', true],
  ['role!=web|db', 'role=db', false],
  ['role=web + app=crm', 'app=crm', true],
  ['app=shop ! role=db', 'app=shop,role=db', false],
  ['app=shop ! role=db', 'app=shop', true],
  ['app=shop ! env!=prod', 'app=shop', false],
  ['constructor!=x', '', true],
])('%s and the labels “%s”: %s', (selector, labels, isMatch) => {
  expect(matchesSelectorSet(expectParsed(parseSelectorSet(selector)), expectParsed(parseLabels(labels)))).toBe(isMatch);
});

it('a host belongs to the first zone that selects it, and the later ones are shown', () => {
  const zones = [aZone({ name: 'dev', select: 'env=dev' }), aZone({ name: 'shop' }), aZone({ name: 'all', select: 'env!=x' })];
  const hosts = [aHost({ n: 1, labels: 'app=shop,env=dev' }), aHost({ n: 2, labels: 'app=shop,env=x' }), aHost({ n: 3, labels: 'env=x' })];
  const found = [...zoneOfHosts(aPolicy({ zones }), hosts)].map(([id, { zone, alsoMatches }]) => [id, zone?.name ?? null, alsoMatches]);
  expect(found).toEqual([
    [hostId(1), 'dev', ['shop', 'all']],
    [hostId(2), 'shop', []],
    [hostId(3), null, []],
  ]);
});
