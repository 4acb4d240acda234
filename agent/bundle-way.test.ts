import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runFunctions, SHELLS } from './testing/run-functions.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'firebreak-way-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

describe.each(SHELLS)('a bundle that this host cannot have, under %s %s', (...words) => {
  const why = (firstLine: string, isOverIptables: boolean): string => {
    writeFileSync(join(dir, 'bundle'), `${firstLine}\n# host h_1\n`);
    return runFunctions(words, dir, ['bundle'], `backend_iptables=${isOverIptables ? 'yes' : ''}; bundle_why_unknown ${dir}/bundle`).trim();
  };

  test('is told by the way for which it was made', () => {
    expect(why('# firebreak bundle 1', true)).toBe('its rules are for nft, and this host works over iptables: nft is missing here or too old');
    expect(why('# firebreak bundle 1 iptables', false)).toBe('its rules are for iptables, and this host works over nft');
  });

  test('is no bundle where it begins otherwise', () => {
    for (const line of ['', '# firebreak bundle 2', '#!/usr/sbin/nft -f']) expect(why(line, false)).toBe('not a bundle that this agent knows (first line)');
  });
});
