import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOST_COMMANDS } from '../../../shared/policy/export/iptables-host.ts';
import { hasIptables } from '../../kernel/iptables-backend.ts';
import { checkGolden } from '../check-golden.ts';
import { GOLDENS_DIR } from '../golden-cases.ts';
import { compileHostCases, type HostFiles } from './host-cases.ts';

/** FIREBREAK_NO_NFT=1 is for machines without root. */
const isWithoutKernel = process.env.FIREBREAK_NO_NFT === '1' || !hasIptables({ program: 'legacy', table: 'security' });
const cases = compileHostCases();
const LOAD_TWICE = new URL('./load-twice.sh', import.meta.url).pathname;

describe('every golden of a host with iptables', () => {
  it.each(cases)('$fileName comes out as it is stored', checkGolden);

  it('belongs to a case that still exists', () => {
    const stored = readdirSync(`${GOLDENS_DIR}iptables-host`).filter((file) => file.endsWith('.golden'));
    expect(stored.filter((file) => !cases.some(({ fileName }) => fileName === `iptables-host/${file}`))).toEqual([]);
  });

  it('has rules, or the name of what was left out', () => {
    expect(cases.filter(({ files, text }) => files === null && !/^# LEFT OUT: (rule r_\w+ )?(host|into|out of) \w/.test(text))).toEqual([]);
  });
});

describe.skipIf(isWithoutKernel)('the kernel', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'firebreak-iptables-host-'));
    for (const name of ['iptables', 'ip6tables', 'iptables-restore', 'ip6tables-restore']) symlinkSync('/usr/sbin/xtables-legacy-multi', join(folder, name));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function loadTwice(files: HostFiles, programsDir: string, table: 'security' | 'mangle'): string[] {
    for (const [suffix, text] of Object.entries(files)) writeFileSync(join(folder, `rules${suffix}`), text);
    const f = join(folder, 'rules');
    if (table === 'mangle') spawnSync('sh', ['-c', HOST_COMMANDS.useMangle], { env: { ...process.env, f } });
    const { status, stdout, stderr, error } = spawnSync('unshare', ['-n', 'sh', LOAD_TWICE, programsDir, table, HOST_COMMANDS.load, HOST_COMMANDS.hook, HOST_COMMANDS.prune], { encoding: 'utf8', env: { ...process.env, f } });
    if (error) throw new Error(`unshare cannot be run (${error.message}); set FIREBREAK_NO_NFT=1 to leave these tests out`);
    if (status !== 0) throw new Error(`loading ended with ${status}: ${stderr}`);
    return stdout.split('----\n');
  }

  /** What the listing must have of the sets: every one that rules name, with as many elements as the file adds. */
  const setsOf = (text: string) => text.split('\n').filter((line) => /^(create|add) fb_a/.test(line)).map((line) => line.split(' ').slice(0, 2).join(' ')).sort();

  const loadable = cases.flatMap(({ fileName, files }) => (files === null ? [] : [{ fileName, files }]));
  it.each(loadable)('takes $fileName by iptables-legacy, all its sets, and has the same after a second load', ({ files }) => {
    const [first = '', second] = loadTwice(files, folder, 'security');
    expect(second).toBe(first);
    expect(first.match(/^-A (INPUT|OUTPUT|FORWARD) -j FB-\w+$/gm)).toEqual(['-A INPUT -j FB-IN', '-A FORWARD -j FB-FWD', '-A OUTPUT -j FB-OUT', '-A INPUT -j FB-IN', '-A FORWARD -j FB-FWD', '-A OUTPUT -j FB-OUT']);
    // Each set that the file has is used by a rule, or pruning would have taken it.
    expect(setsOf(first)).toEqual(setsOf(files['.ipset'] ?? ''));
    expect(first.match(/^-A FB-/gm)?.length).toBe(`${files['.v4']}${files['.v6']}`.match(/^-A FB-/gm)?.length);
  });

  it.each(loadable.filter((_, i) => i % 5 === 0))('takes $fileName by the iptables that speaks to nft, and in table mangle', ({ files }) => {
    for (const [programsDir, table] of [['/usr/sbin', 'security'], [folder, 'mangle']] as const) {
      const [first = '', second] = loadTwice(files, programsDir, table);
      expect(second).toBe(first);
      expect(first.match(/^-A FB-/gm)?.length).toBe(`${files['.v4']}${files['.v6']}`.match(/^-A FB-/gm)?.length);
    }
  });
});
