import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runFunctions, SHELLS } from './testing/run-functions.ts';
import { sampleBundle } from './testing/sample-bundle.ts';

const lib = new URL('./lib/', import.meta.url).pathname;
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'firebreak-parts-'));
  for (const folder of ['var/lib/firebreak', 'etc/firebreak', 'etc/systemd/system', 'run/firebreak']) mkdirSync(join(dir, folder), { recursive: true });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe.each(SHELLS)('under %s %s', (...words) => {
  const shell = words.filter((word) => word !== undefined);

  test.each([
    ['a console that is an address', '10.0.0.9 fd00::9', ['ip saddr 10.0.0.9 tcp dport 22 accept', 'ip6 saddr fd00::9 tcp dport 22 accept']],
    ['consoles that are all none', 'console.example h:x', ['tcp dport 22 accept']],
  ])('the rules of last resort let SSH in for %s', (_what, console, rules) => {
    writeFileSync(join(dir, 'b'), sampleBundle({ mode: 'enforce', consoles: console.split(' ') }).text);
    const text = runFunctions(shell, dir, ['bundle', 'failsafe'], 'failsafe_bundle "$scratch/b"');
    expect(text.split('\n').map((line) => line.trim()).filter((line) => line.includes('dport 22'))).toEqual(rules);
  });

  test('verify puts back a drop-in that is gone, says so, and fills the sets', () => {
    const body = sampleBundle().text.replace(/^[\s\S]*?(?=# --- phase 1)/, '').replace('declare\n', 'declare\n# fill c_0123456789ab unit nginx.service\n');
    const bundle = sampleBundle({ mode: 'enforce', bodyOverride: body });
    writeFileSync(join(dir, 'var/lib/firebreak/confirmed.nft'), bundle.text);
    writeFileSync(join(dir, 'var/lib/firebreak/state'), `running_bundle=${bundle.hash}\n`);
    const script = `has_systemd() { return 0; }; timeout() { :; }; table_loaded() { return 0; }; nft_() { :; }; event() { echo "event $*"; }
      fill_units() { echo "fills $1"; }
      for time in 1 2; do verify_found=; verify_unrepaired=; verify_fills; echo "found$verify_found unrepaired$verify_unrepaired"; done`;
    const fills = `fills ${dir}/var/lib/firebreak/confirmed.nft`;
    expect(runFunctions(shell, dir, ['state', 'bundle', 'fill', 'dropins', 'pending', 'verify'], script).trimEnd().split('\n')).toEqual([
      'event unit-repaired s:units nginx.service.d/50-firebreak.conf;',
      fills,
      'found units unrepaired',
      fills,
      'found unrepaired',
    ]);
  });
});

const AWKS = [['mawk'], ['gawk'], ['busybox', 'awk']].filter(([name = '']) => execFileSync('sh', ['-c', `command -v ${name} || :`], { encoding: 'utf8' }) !== '');
test.each(AWKS)('ways past the rules: of many of one kind none hides another kind, under %s %s', (program = '', ...words) => {
  const lines = [...Array.from({ length: 80 }, (_, i) => `hardware\te${i} in the network namespace of x\n`), 'not-looked\trest\n', 'xdp\teth0\n'];
  const args = [...words.filter((word) => word !== undefined), '-F', '\t', '-f', `${lib}json.awk`, '-f', `${lib}kind-names.awk`];
  const found: { kind: string }[] = JSON.parse(execFileSync(program, args, { input: lines.join(''), encoding: 'utf8' }));
  expect(found).toHaveLength(64);
  expect(found.slice(0, 3).map(({ kind }) => kind)).toEqual(['hardware', 'not-looked', 'xdp']);
});
