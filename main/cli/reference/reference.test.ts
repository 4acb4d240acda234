import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FIREBREAK_VERSION } from '../../../shared/version.ts';
import { bashCompletion } from './bash-completion.ts';
import { describeCommand, everyCommand } from './command-entry.ts';
import { fishCompletion } from './fish-completion.ts';
import { listCommands } from './list-commands.ts';
import { manPage } from './man-page.ts';
import { REFERENCE_NOTE, referencePage } from './markdown.ts';
import { zshCompletion } from './zsh-completion.ts';

const program = listCommands();
const has = (name: string): boolean => spawnSync(name, ['--version'], { stdio: 'ignore' }).error === undefined;
let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'firebreak-reference-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function script(name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}

/** Runs a shell and gives its lines, sorted. @throws what it says on stderr */
function lines(shell: string, args: readonly string[]): string[] {
  const ended = spawnSync(shell, args, { encoding: 'utf8', cwd: dir, timeout: 15_000 });
  if (ended.stderr !== '' || ended.status !== 0) throw new Error(`${shell}: ${ended.stderr} (${ended.status})`);
  return ended.stdout.split('\n').filter((line) => line !== '').toSorted();
}

/** What pressing Tab after `words` would offer; the last of them is the one that is being typed. */
const cases: readonly { readonly typed: readonly string[]; readonly offers: readonly string[] }[] = [
  { typed: ['quar'], offers: ['quarantine'] },
  { typed: ['host', 'tr'], offers: ['trust'] },
  { typed: ['--workspace', 'host', 'flows', 'view', ''], offers: ['list', 'remove', 'save'] },
  { typed: ['push', '--sess'], offers: ['--sessions'] },
  { typed: ['push', '--sessions', ''], offers: ['cut', 'keep'] },
  { typed: ['push', '--note', 'host', '--sessions', 'k'], offers: ['keep'] },
  { typed: ['iplist', 'resolve', '--from', 'bo'], offers: ['both'] },
  { typed: ['completion', 'z'], offers: ['zsh'] },
  { typed: ['--workspace', 'sho'], offers: ['shop.firebreak'] },
];

describe('the table of commands', () => {
  test('every command says what it does, and so does every option', () => {
    const silent = everyCommand(program).flatMap((entry) => [...(entry.description === '' ? [entry.path.join(' ')] : []), ...entry.options.filter(({ description }) => description === '').map(({ flags }) => `${entry.path.join(' ')} ${flags}`)]);
    expect(silent).toEqual([]);
  });

  test('the reference is what the code says; npm run reference writes it anew', () => {
    expect(readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8')).toBe(referencePage(program, REFERENCE_NOTE));
  });

  test('what a description says cannot break the page, the manual or a script', () => {
    const nasty = new Command('firebreak').description('it');
    nasty.command("its").description(`'quoted' \`run\` $(run) a|b <c> \\n : "d"\n.so /etc/passwd`);
    const entry = describeCommand(nasty);
    expect(referencePage(entry, 'note')).toContain('a\\|b &lt;c>');
    expect(manPage(entry, { version: '1', date: '2026-01-01' })).toContain('\n\\&.so /etc/passwd');
    expect(lines('bash', ['-c', `source ${script('nasty.bash', bashCompletion(entry))}; COMP_WORDS=(firebreak ''); COMP_CWORD=1; _firebreak; printf '%s\\n' "\${COMPREPLY[@]}"`])).toEqual(["its"]);
  });

  test('the version is that of package.json', () => {
    expect(JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))).toMatchObject({ version: FIREBREAK_VERSION });
  });
});

describe('completion', () => {
  beforeAll(() => {
    writeFileSync(join(dir, 'shop.firebreak'), '');
  });

  test.each(cases)('bash: $typed', ({ typed, offers }) => {
    const words = typed.map((word) => `'${word}'`).join(' ');
    const run = `source ${script('firebreak.bash', bashCompletion(program))}; COMP_WORDS=(firebreak ${words}); COMP_CWORD=${typed.length}; _firebreak; printf '%s\\n' "\${COMPREPLY[@]}"`;
    expect(lines('bash', ['--norc', '-c', run])).toEqual(offers);
  });

  test.skipIf(!has('fish')).each(cases)('fish: $typed', ({ typed, offers }) => {
    const run = `source ${script('firebreak.fish', fishCompletion(program))}; complete -C 'firebreak ${typed.join(' ')}'`;
    expect(lines('fish', ['--no-config', '-c', run]).map((line) => line.split('\t')[0])).toEqual(offers);
  });

  test.skipIf(!has('zsh'))('zsh: the command being typed is completed in a real terminal', () => {
    script('_firebreak', zshCompletion(program));
    const run = script(
      'drive.zsh',
      [
        'zmodload zsh/zpty',
        `zpty shell 'zsh -f -i'`,
        `zpty -w shell $'fpath=(${dir} $fpath); autoload -U compinit; compinit -u -d ${dir}/dump; print RE""ADY'`,
        `zpty -r shell output '*READY*'`,
        `zpty -w -n shell $'firebreak push --sessions ke\\t'`,
        `zpty -r shell output '*keep*'`,
        'print -r -- "$output"',
        'zpty -d shell',
      ].join('\n'),
    );
    const ended = spawnSync('zsh', ['-f', run], { encoding: 'utf8', timeout: 18_000 });
    expect(ended.stdout).toContain('firebreak push --sessions keep');
  });
});

describe('the manual page', () => {
  test.skipIf(!has('mandoc') && spawnSync('mandoc', ['-h']).error !== undefined)('is what mandoc has no complaint about', () => {
    const page = script('firebreak.1', manPage(program, { version: '1.2.3', date: '2026-11-29' }));
    const ended = spawnSync('mandoc', ['-T', 'lint', '-W', 'warning', page], { encoding: 'utf8' });
    expect(`${ended.stdout}${ended.stderr}`).toBe('');
    expect(spawnSync('mandoc', ['-T', 'utf8', page], { encoding: 'utf8' }).stdout.replaceAll(/.\u0008/g, '')).toContain('--confirm-within <seconds>');
  });
});
