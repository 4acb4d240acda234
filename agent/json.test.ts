import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const lib = new URL('lib/', import.meta.url).pathname;
const AWKS = [['awk'], ['mawk'], ['gawk'], ['busybox', 'awk']].filter(([name = '']) => ['/usr/bin', '/bin'].some((dir) => existsSync(`${dir}/${name}`)));

/** Lines of bytes → the strings that the agent's JSON says they are. */
function throughAwk([program = '', ...args]: readonly string[], lines: readonly Uint8Array[]): unknown {
  const input = Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]));
  const output = execFileSync(program, [...args, '-v', 'max_lines=9999', '-v', 'max_bytes=64', '-f', `${lib}json.awk`, '-f', `${lib}json-lines.awk`], { input, env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' } });
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(output));
}

describe.each(AWKS)('JSON by %s %s', (...words) => {
  const awk = words.filter((word) => word !== undefined);

  test('text comes out as it went in, escaped where JSON needs it', () => {
    const texts = ['plain', 'a"b', 'back\\slash', 'tab\there', '\u0001\u007f', 'é', '中文', '😀', '</script>', '=1+1', '%s%d'];
    expect(throughAwk(awk, texts.map((text) => Buffer.from(text)))).toEqual(texts);
  });

  test('bytes that are not UTF-8 become U+FFFD and nothing else is lost', () => {
    const bytes = [[0xff, 0x41], [0xc3], [0xe2, 0x82], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0x80, 0x42]];
    expect(throughAwk(awk, bytes.map((b) => Uint8Array.from(b)))).toEqual(['\ufffdA', '\ufffd', '\ufffd\ufffd', '\ufffd\ufffd', '\ufffd\ufffd\ufffd', '\ufffd\ufffd\ufffd\ufffd', '\ufffdB']);
  });

  test('any bytes give valid JSON in valid UTF-8', () => {
    // NUL ends a string in some awks; no file name, process name or environment can hold one.
    const line = fc.uint8Array({ min: 1, max: 255, minLength: 1, maxLength: 40 }).map((bytes) => bytes.map((byte) => (byte === 10 ? 11 : byte)));
    fc.assert(
      fc.property(fc.uniqueArray(line, { minLength: 1, maxLength: 50, selector: (bytes) => Buffer.from(bytes).toString('hex') }), (lines) => {
        const answer = throughAwk(awk, lines);
        expect(Array.isArray(answer) && answer.length).toBe(lines.length);
      }),
      { numRuns: 25 },
    );
  });

  test('long text is cut before it is escaped, never inside an escape', () => {
    expect(throughAwk(awk, [Buffer.from('"'.repeat(500)), Buffer.from('é'.repeat(40))])).toEqual(['"'.repeat(64), 'é'.repeat(32)]);
  });
});
