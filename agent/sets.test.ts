import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const lib = new URL('lib/', import.meta.url).pathname;
const AWKS = [['awk'], ['mawk'], ['gawk'], ['busybox', 'awk']].filter(([name = '']) => ['/usr/bin', '/bin'].some((dir) => existsSync(`${dir}/${name}`)));
const KEYS = { in4: 'ip saddr . meta l4proto . th dport . socket cgroupv2 level 2', out4x: 'ip daddr . meta l4proto . th dport' };

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'firebreak-sets-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A set as nft prints it; `elements` as one text after `elements = {`, null where it is empty. */
const listing = (name: string, elements: string | null) =>
  `table inet firebreak {\n\tset ${name} {\n\t\ttypeof ${KEYS.in4}\n\t\tsize 16384\n\t\tflags dynamic,timeout\n\t\tcounter\n\t\ttimeout 1d\n${elements === null ? '' : `\t\telements = { ${elements} }\n`}\t}\n}\n`;

/** What the agent makes of nft's listings, or null where it refuses them. */
function readSets([program = '', ...args]: readonly string[], asked: readonly string[], text: string): Record<string, unknown> | null {
  writeFileSync(join(dir, 'commands'), asked.map((name) => `list set inet firebreak ${name}\n`).join(''));
  const options = ['-v', `commands=${dir}/commands`, '-v', 'names=in4 in4x out4 out4x', '-f', `${lib}json.awk`, '-f', `${lib}sets.awk`];
  try {
    return JSON.parse(`{${execFileSync(program, [...args, ...options], { input: text, env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' }, stdio: ['pipe', 'pipe', 'ignore'] }).toString()}}`);
  } catch (error) {
    if (error instanceof SyntaxError) throw error;
    return null;
  }
}
const element = (concat: (string | number)[], packets: number, expires: number, timeout?: number) => ({ elem: { val: { concat }, ...(timeout === undefined ? {} : { timeout }), expires, counter: { packets } } });

describe.each(AWKS)('sets read by %s %s', (...words) => {
  const awk = words.filter((word) => word !== undefined);

  test('elements come out as nft -j has them, whatever the order of their words', () => {
    const elements = '10.0.0.1 . tcp . 443 . 1010217 counter packets 3 bytes 180 expires 23h30m24s256ms,\n\t\t\t     10.0.0.2 . udp . 53 . 7 expires 1d counter packets 1 bytes 60,\n\t\t\t     10.0.0.3 . 253 . 0 . 7 timeout 2h expires 59m1s8ms counter packets 12 bytes 9';
    expect(readSets(awk, ['in4'], `${listing('in4', elements)}@complete\n`)).toEqual({
      in4: [element(['10.0.0.1', 'tcp', 443, '1010217'], 3, 84_624), element(['10.0.0.2', 'udp', 53, '7'], 1, 86_400), element(['10.0.0.3', 253, 0, '7'], 12, 3541, 7200)],
      in4x: [],
      out4: [],
      out4x: [],
    });
  });

  test('uids are numbers, cgroups texts, in the sets that have them', () => {
    const text = `${listing('out4', '10.0.0.1 . tcp . 443 . 33 . 99 counter packets 1 bytes 60 expires 5s')}${listing('out4x', '10.0.0.1 . tcp . 443 counter packets 1 bytes 60 expires 999ms')}@complete\n`;
    expect(readSets(awk, ['out4', 'out4x'], text)).toMatchObject({ out4: [element(['10.0.0.1', 'tcp', 443, 33, '99'], 1, 5)], out4x: [element(['10.0.0.1', 'tcp', 443], 1, 0)] });
  });

  test('a host without control groups has the uid alone', () => {
    expect(readSets(awk, ['out4u'], `${listing('out4u', '10.0.0.1 . tcp . 443 . 33 expires 5s counter packets 1 bytes 60')}@complete\n`)).toMatchObject({ out4u: [element(['10.0.0.1', 'tcp', 443, 33], 1, 5)] });
  });

  test('several elements on one line, and what an interactive nft echoes, change nothing', () => {
    const text = `nft> list set inet firebreak out4x\n${listing('out4x', '10.0.0.1 . tcp . 1 counter packets 1 bytes 60 expires 5s, 10.0.0.2 . tcp . 2 counter packets 2 bytes 60 expires 6s')}nft> \n@complete\n`;
    expect(readSets(awk, ['out4x'], text)).toMatchObject({ out4x: [element(['10.0.0.1', 'tcp', 1], 1, 5), element(['10.0.0.2', 'tcp', 2], 2, 6)] });
  });

  test('the path of a cgroup is a text, whatever it holds', () => {
    const path = 'system.slice/a", b \\ counter packets 9 }.service';
    const text = `${listing('in4', `10.0.0.1 . tcp . 443 . "${path}" counter packets 3 bytes 180 expires 5s,\n\t\t\t     10.0.0.2 . tcp . 443 . "x" counter packets 4 bytes 180 expires 5s`)}@complete\n`;
    expect(readSets(awk, ['in4'], text)).toMatchObject({ in4: [element(['10.0.0.1', 'tcp', 443, path], 3, 5), element(['10.0.0.2', 'tcp', 443, 'x'], 4, 5)] });
  });

  test('sets that are empty or that the table does not have are empty lists', () => {
    expect(readSets(awk, ['in4'], `${listing('in4', null)}@complete\n`)).toEqual({ in4: [], in4x: [], out4: [], out4x: [] });
  });

  test('a listing that was cut, or that lacks a set, is refused', () => {
    const whole = listing('in4', '10.0.0.1 . tcp . 443 . 7 counter packets 3 bytes 180 expires 5s');
    expect(readSets(awk, ['in4'], whole)).toBeNull();
    expect(readSets(awk, ['in4'], `${whole.slice(0, -5)}\n@complete\n`)).toBeNull();
    expect(readSets(awk, ['in4', 'out4'], `${whole}@complete\n`)).toBeNull();
  });
});
