import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sampleBundle } from './testing/sample-bundle.ts';

const READER = ['bundle-head.awk', 'bundle.awk'].flatMap((name) => ['-f', new URL(`lib/${name}`, import.meta.url).pathname]);
const AWKS = [['awk'], ['mawk'], ['gawk'], ['busybox', 'awk']].filter(([name = '']) => ['/usr/bin', '/bin'].some((dir) => existsSync(`${dir}/${name}`)));
const GOOD = sampleBundle({ mode: 'enforce', extraSet: 'a4_00000000000a' }).text;
const swapWith = (statement: string): string => GOOD.replace('flush chain inet firebreak input\n', `$&${statement}\n`);

describe.each(AWKS)('the reach of a bundle, read by %s %s', (...words) => {
  const [program = '', ...args] = words.filter((word) => word !== undefined);
  const parts = (text: string): string[] => execFileSync(program, [...args, '-v', 'first=# firebreak bundle 1', ...READER], { input: text, encoding: 'utf8', env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' } }).split('\n');
  const refusal = (text: string): string | undefined => parts(text)[11];

  test('a bundle of ours is taken', () => {
    expect(refusal(GOOD)).toBe('');
  });

  test.each([
    ['a statement behind another', 'flush chain inet firebreak output; add table ip other', /several statements/],
    ['one that goes on in the next line', 'flush chain inet firebreak output;destroy\\\ntable ip nat', /several statements/],
    ['one behind a comment that opens a block for us, and not for nft', 'flush chain inet firebreak output # {\nflush ruleset', /outside our table|do not have/],
    ['a file that is taken in inside of a block', 'table inet firebreak {\n\tchain input {\n\t\tinclude "/etc/shadow"\n\t}\n}', /include/],
    ['a table of somebody else', 'table ip nat { }', /not ours/],
  ])('%s is refused', (_what, statement, reason) => {
    expect(refusal(swapWith(statement))).toMatch(reason);
  });
});
