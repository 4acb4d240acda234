import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createNameMatcher } from '../../shared/labels/name-pattern.ts';

/** Real inventories (the README there says whose); skipped where they are not. */
const folder = process.env.FIREBREAK_REAL_DATA ?? new URL('../../../shared/data', import.meta.url).pathname;
const devicesPath = join(folder, 'cmdb', 'netbox_devices.csv');

test.skipIf(!existsSync(devicesPath))('{loc} and {role} of a name pattern are what a real inventory says itself of its devices', () => {
  const fit = createNameMatcher('dmi01-{loc}-{role}#');
  const rows = readFileSync(devicesPath, 'utf8').split('\n').slice(1).map((line) => line.split(','));
  const found = rows.flatMap(([name = '', , role = '', site = '']) => {
    const words = fit(name);
    return words === null ? [] : [{ words, role, site }];
  });
  expect(found.length).toBeGreaterThan(30);
  const kinds: Record<string, string> = { rtr: 'Router', sw: 'Access Switch', pdu: 'PDU' };
  const wrong = found.filter(({ words, role, site }) => kinds[words.role ?? ''] !== role || site !== `DM-${(words.loc ?? '').replace(/^./, (letter) => letter.toUpperCase())}`);
  // Whoever entered it mistyped one name: dmi01-rochster-sw01 at DM-Rochester.
  expect(wrong.map(({ words }) => words.loc)).toEqual(['rochster']);
});
