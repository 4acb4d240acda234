import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { IPTABLES } from './testing/iptables-story.ts';
import { sampleBundle } from './testing/sample-bundle.ts';

const lib = new URL('lib/', import.meta.url).pathname;
const AWKS = [['awk'], ['mawk'], ['gawk'], ['busybox', 'awk']].filter(([name = '']) => ['/usr/bin', '/bin'].some((dir) => existsSync(`${dir}/${name}`)));
const folder = mkdtempSync(join(tmpdir(), 'firebreak-iptables-bundle-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(AWKS)('a bundle for iptables, read by %s %s', (...words) => {
  const [program = '', ...args] = words.filter((word) => word !== undefined);
  const run = (options: readonly string[], scripts: readonly string[], input: string) => execFileSync(program, [...args, ...options.flatMap((option) => ['-v', option]), ...scripts.flatMap((script) => ['-f', `${lib}${script}`])], { input, encoding: 'utf8', env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' } });
  const parts = (text: string) => run(['first=# firebreak bundle 1 iptables'], ['bundle-head.awk', 'iptables-bundle.awk'], text).split('\n');

  test.each(Object.entries(IPTABLES))('the one that %ss is taken whole', (_name, { text, hash }) => {
    const [known, host, , mode, , console, sshPort, said, , fills, tail, fault] = parts(text);
    expect({ known, host, isMode: mode !== '', console, sshPort, said, tail, fault }).toEqual({ known: 'yes', host: 'h_000000000001', isMode: true, console: '10.0.0.9', sshPort: '22', said: hash, tail: '', fault: '' });
    expect(fills).toBe(text.includes('# fill ') ? '1' : '0');
  });

  test('one for nft is not known', () => {
    expect(parts(sampleBundle().text)[0]).toBe('no');
  });

  const GOOD = IPTABLES.enforce.text;
  test.each([
    ['a table of somebody else', GOOD.replace('*security\n', '*filter\n'), /outside our chains/],
    ['a chain of the kernel’s', GOOD.replace('COMMIT\n', '-A INPUT -j ACCEPT\nCOMMIT\n'), /outside our chains/],
    ['a chain of somebody else', GOOD.replace('COMMIT\n', ':DOCKER - [0:0]\nCOMMIT\n'), /outside our chains/],
    ['what deletes', GOOD.replace('COMMIT\n', '-F FB-IN\nCOMMIT\n'), /outside our chains/],
    ['a program that is run', GOOD.replace('COMMIT\n', '-A FB-IN --modprobe=/tmp/x -j RETURN\nCOMMIT\n'), /an option that bundles do not have: --modprobe/],
    ['its short form', GOOD.replace('COMMIT\n', '-A FB-IN -M /tmp/x -j RETURN\nCOMMIT\n'), /an option that bundles do not have: -M/],
    ['a set of somebody else', GOOD.replace('create fb_in4', 'create theirs hash:ip family inet maxelem 9\ncreate fb_in4'), /do not have/],
    ['an element for a set of somebody else', GOOD.replace('create fb_in4', 'add theirs 10.0.0.1\ncreate fb_in4'), /do not have/],
    ['what destroys sets', GOOD.replace('create fb_in4', 'destroy\ncreate fb_in4'), /do not have/],
    ['no rules for IPv6', GOOD.slice(0, GOOD.indexOf('# --- phase 2: ip6tables')), /does not have sets, iptables and ip6tables/],
    ['two of one family', GOOD.replace('# --- phase 2: ip6tables', '# --- phase 2: iptables'), /do not have|does not have/],
  ])('one with %s is refused', (_what, text, reason) => {
    expect(parts(text)[11]).toMatch(reason);
  });

  test('it is taken apart into sets and families, with the numbers of accounts, and one that nobody has for those that are not there', () => {
    const [accounts, base] = [join(folder, 'accounts'), join(folder, 'rules')];
    const [, set = ''] = /^# fill (u_\w+) user shopper$/m.exec(IPTABLES.account.text) ?? [];
    const splitWith = (known: string) => {
      writeFileSync(accounts, known);
      run([`base=${base}`, 'table=mangle', `accounts=${accounts}`, 'nobody=4294967294'], ['iptables-split.awk'], IPTABLES.account.text);
      return ['ipset', 'v4', 'v6'].map((ending) => readFileSync(`${base}.${ending}`, 'utf8'));
    };
    const [sets = '', four = '', six = ''] = splitWith(`${set} 4711\n`);
    expect([sets.startsWith('create fb_in4 '), four.startsWith('*mangle\n:FB-IN '), six.endsWith('COMMIT\n'), four.includes('--uid-owner 4711 '), four.includes('@')]).toEqual([true, true, true, true, false]);
    expect(splitWith('')[1]).toContain('--uid-owner 4294967294 ');
  });
});
