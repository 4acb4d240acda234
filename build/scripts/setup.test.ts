import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';

const root = new URL('../..', import.meta.url).pathname;
const clones: string[] = [];
afterEach(() => {
  for (const clone of clones.splice(0)) rmSync(clone, { recursive: true, force: true });
});

const lockOf = (packages: Record<string, unknown>) => JSON.stringify({ lockfileVersion: 3, packages });

/** A clone with the set-up scripts, a lock file, and (unless null) what npm says that it installed. */
function aClone(wanted: Record<string, unknown>, installed: Record<string, unknown> | null): string {
  const clone = mkdtempSync(join(tmpdir(), 'firebreak-clone-'));
  clones.push(clone);
  mkdirSync(join(clone, 'build', 'scripts'), { recursive: true });
  for (const file of ['build/with-setup.sh', 'build/scripts/setup-state.cjs']) cpSync(join(root, file), join(clone, file));
  writeFileSync(join(clone, 'package-lock.json'), lockOf(wanted));
  writeFileSync(join(clone, 'hello.cjs'), 'console.log(JSON.stringify(process.argv.slice(2)))');
  if (installed !== null) {
    mkdirSync(join(clone, 'node_modules', '.bin'), { recursive: true });
    writeFileSync(join(clone, 'node_modules', '.package-lock.json'), lockOf(installed));
    symlinkSync(process.execPath, join(clone, 'node_modules', '.bin', 'node'));
  }
  return clone;
}

const stateOf = (clone: string) => spawnSync(process.execPath, [join(clone, 'build/scripts/setup-state.cjs')], { encoding: 'utf8' }).stdout.trim();
const a1 = { 'node_modules/a': { version: '1.0.0' } };

describe('whether node_modules is right', () => {
  test.each([
    ['is right when every version is the one of the lock file', a1, a1, ''],
    ['is right without packages of other platforms', { ...a1, 'node_modules/b': { version: '1.0.0', optional: true } }, a1, ''],
    ['is stale when a package has another version', a1, { 'node_modules/a': { version: '0.9.0' } }, 'a is 0.9.0 and should be 1.0.0'],
    ['is stale when a package is missing', { ...a1, 'node_modules/b': { version: '1.0.0' } }, a1, 'b is not installed'],
    ['is missing when npm left no record', a1, null, 'node_modules is missing'],
  ])('%s', (_name, wanted, installed, reason) => {
    expect(stateOf(aClone(wanted, installed))).toBe(reason);
  });
});

describe('with-setup.sh', () => {
  const run = (clone: string, args: string[], env: Record<string, string> = {}) =>
    spawnSync('/bin/sh', [join(clone, 'build/with-setup.sh'), ...args], { encoding: 'utf8', env: { ...process.env, ...env } });

  test('hands every argument on as it is, and says nothing when all is in place', () => {
    const ended = run(aClone(a1, a1), ['node', 'hello.cjs', 'two words', '$HOME', "it's", '']);
    expect(ended).toMatchObject({ status: 0, stdout: '["two words","$HOME","it\'s",""]\n', stderr: '' });
  });

  test('says what to install when npm is missing', () => {
    const clone = aClone(a1, null);
    const bin = join(clone, 'bin');
    mkdirSync(bin);
    for (const program of ['dirname', 'cat', 'sh']) symlinkSync(`/usr/bin/${program}`, join(bin, program));
    const ended = run(clone, ['node', 'hello.cjs'], { PATH: bin });
    expect(ended.status).toBe(1);
    expect(ended.stderr).toContain('npm is missing. Install Node 18 or newer with npm');
    expect(ended.stdout).toBe('');
  });

  test('is used wrongly: exit 2', () => {
    expect(run(aClone(a1, a1), ['hello.cjs']).status).toBe(2);
  });
});
