import { expect, it } from 'vitest';
import { expectParsed, aHost, aPolicy, aZone, hostId } from './testing/builders.ts';
import { type Posture, UNKNOWN_POSTURE } from '../model/posture.ts';
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
  expect(matchesSelectorSet(expectParsed(parseSelectorSet(selector)), { labels: expectParsed(parseLabels(labels)) })).toBe(isMatch);
});

const PRESENT: Posture = { 'secure-boot': 'on', disk: 'encrypted', updates: 'pending', edr: 'present' };
it.each<[string, Posture | undefined, boolean]>([
  ['posture.edr=present', PRESENT, true],
  ['posture.edr=absent', PRESENT, false],
  ['posture.updates=pending,posture.disk=encrypted', PRESENT, true],
  ['posture.secure-boot=on', UNKNOWN_POSTURE, false],
  ['posture.secure-boot=on', undefined, false],
  ['posture.secure-boot=unknown', undefined, true],
  ['posture.edr!=present', undefined, true],
  ['role=web ! posture.disk!=encrypted', undefined, false],
  ['role=web ! posture.disk!=encrypted', PRESENT, true],
])('%s and what a host reports (%#): %s is %s', (selector, posture, isMatch) => {
  const labels = { role: 'web', 'posture.edr': 'present' };
  expect(matchesSelectorSet(expectParsed(parseSelectorSet(selector)), posture === undefined ? { labels } : { labels, posture })).toBe(isMatch);
});

it('a selector names only what hosts report, and only values that it can have', () => {
  const problems = (text: string) => {
    const read = parseSelectorSet(text);
    return read.ok ? [] : read.issues.map(({ message, column }) => `${column} ${message}`);
  };
  expect(problems('posture.disk=crypted|encrypted')).toEqual(['14 “crypted” is no value of posture.disk; it is encrypted, plain, unknown']);
  expect(problems('role=web,posture.dsik=plain')).toEqual(['10 “posture.dsik” is nothing that hosts report; these are: posture.secure-boot, posture.disk, posture.updates, posture.edr']);
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
