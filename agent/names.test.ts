import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runFunctions, SHELLS } from './testing/run-functions.ts';

const DAY_S = 86_400;
const BUNDLE = '# firebreak bundle 1\n# hash x\n# --- phase 1: declare\n# fill u_1 user ada\n# fill g_2 group staff\n# fill u_3 user 1007\n# --- phase 2: swap\n';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'firebreak-names-'));
  mkdirSync(join(dir, 'var/lib/firebreak'), { recursive: true });
  writeFileSync(join(dir, 'bundle'), BUNDLE);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const keptFile = () => join(dir, 'var/lib/firebreak/names');
const kept = () => (existsSync(keptFile()) ? readFileSync(keptFile(), 'utf8') : null);

describe.each(SHELLS)('accounts that rules name, under %s %s', (...words) => {
  const shell = words.filter((word) => word !== undefined);
  /** The statements that fill the sets at `at`, on a host that tells `told` ("user ada" → 1001) and whose directory may know more unless `sure`. */
  const fill = (told: Readonly<Record<string, number>>, at: number, sure = false): string => {
    const cases = Object.entries(told).map(([name, id]) => `'${name}') echo ${id} ;;`);
    const host = `fill_ids() { case "$1 $2" in ${cases.join(' ')} 'user 1007') echo 1007 ;; esac; }; fill_certain() { ${sure ? 'true' : 'false'}; }; clock_s() { echo ${at}; }; sync_paths() { :; }`;
    return runFunctions(shell, dir, ['state', 'fill'], `${host}\nfill_statements ${dir}/bundle`);
  };
  const filled = (statements: string): readonly string[] => statements.split('\n').filter((line) => line.startsWith('add ')).map((line) => line.replace('add element inet firebreak ', ''));

  test('each set is emptied and gets the number of its name', () => {
    expect(fill({ 'user ada': 1001, 'group staff': 50 }, 1000)).toBe(
      'flush set inet firebreak u_1\nadd element inet firebreak u_1 { 1001 }\nflush set inet firebreak g_2\nadd element inet firebreak g_2 { 50 }\nflush set inet firebreak u_3\nadd element inet firebreak u_3 { 1007 }\n',
    );
  });

  test('a directory that is away changes nothing: what a deny rule closes stays closed', () => {
    fill({ 'user ada': 1001, 'group staff': 50 }, 1000);
    expect(filled(fill({}, 1000 + DAY_S))).toEqual(['u_1 { 1001 }', 'g_2 { 50 }', 'u_3 { 1007 }']);
  });

  test('after a week without an answer the number may be somebody else’s: nobody', () => {
    fill({ 'user ada': 1001 }, 1000);
    expect(filled(fill({}, 1000 + 7 * DAY_S))).toEqual(['u_1 { 1001 }', 'u_3 { 1007 }']);
    expect(filled(fill({}, 1001 + 7 * DAY_S))).toEqual(['u_3 { 1007 }']);
  });

  test('where all accounts are in the host’s own files, one that is gone is nobody at once', () => {
    fill({ 'user ada': 1001, 'group staff': 50 }, 1000, true);
    expect(filled(fill({ 'group staff': 50 }, 1010, true))).toEqual(['g_2 { 50 }', 'u_3 { 1007 }']);
    expect(kept()).not.toContain('ada');
  });

  test('a new number takes the place of the old one, and is what is kept', () => {
    fill({ 'user ada': 1001 }, 1000);
    expect(filled(fill({ 'user ada': 1002 }, 1300))).toContain('u_1 { 1002 }');
    expect(filled(fill({}, 1600))).toContain('u_1 { 1002 }');
  });

  test('the disk is written for what is new, and once an hour', () => {
    fill({ 'user ada': 1001 }, 1000);
    const first = kept();
    fill({ 'user ada': 1001 }, 1000 + 3599);
    expect(kept()).toBe(first);
    fill({ 'user ada': 1001 }, 1000 + 3600);
    expect(kept()).toContain('user ada 1001 4600');
  });

  test('a damaged file is worth nothing, and stops nothing', () => {
    writeFileSync(keptFile(), 'user ada\nuser ada x 1\n\u0000\u0001 garbage { } ;\n');
    expect(filled(fill({}, 1000))).toEqual(['u_3 { 1007 }']);
  });

  test('what the host does not tell now is named, also while its number is kept', () => {
    fill({ 'user ada': 1001 }, 1000);
    const host = 'fill_ids() { case "$2" in 1007) echo 1007 ;; esac; }';
    expect(runFunctions(shell, dir, ['state', 'json', 'fill'], `${host}\nfill_unresolved ${dir}/bundle 3; fill_unresolved ${dir}/bundle 0`)).toBe('["user ada","group staff"][]');
  });

  test.each([
    ['passwd: files systemd\n', 'sure'],
    ['passwd: files sss\n', 'not'],
    ['passwd: files [NOTFOUND=return] ldap\n', 'not'],
    ['group: ldap\n', 'sure'],
  ])('%j: %s', (text, expected) => {
    mkdirSync(join(dir, 'etc'), { recursive: true });
    writeFileSync(join(dir, 'etc/nsswitch.conf'), text);
    const script = `eval "$(sed -n '/^fill_certain()/,/^}/p' "$lib_dir/fill.sh" | sed 's|/etc/nsswitch|${dir}/etc/nsswitch|')"\nif fill_certain passwd; then echo sure; else echo not; fi`;
    expect(runFunctions(shell, dir, ['fill'], script)).toBe(`${expected}\n`);
  });
});

