import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseGetent } from './parse-getent.ts';

const GLIBC = '198.51.100.9    STREAM deb.example.org\n198.51.100.9    DGRAM  \n198.51.100.9    RAW    \n2001:db8::5     STREAM \n2001:db8::5     DGRAM  \n2001:db8::5     RAW    \n';

describe('what getent prints', () => {
  test('is a list of addresses, each once', () => {
    expect(parseGetent(GLIBC)).toEqual({ addresses: ['198.51.100.9', '2001:db8::5'], problem: null });
    expect(parseGetent('fe80::1%eth0    STREAM x.example.org\nfe80::1%eth0    DGRAM\n')).toEqual({ addresses: ['fe80::1'], problem: null });
    expect(parseGetent('192.0.2.7       STREAM x.example.org')).toEqual({ addresses: ['192.0.2.7'], problem: null });
  });

  test.each([
    ['a line that is none', `${GLIBC}rm -rf /\n`],
    ['an escape sequence', '198.51.100.9 STREAM \u001b[31mx\n'],
    ['a formula', '=1+1 STREAM\n'],
    ['a network', '10.0.0.0/8 STREAM\n'],
    ['another kind of socket', '10.0.0.1 SEQPACKET\n'],
    ['a carriage return', '10.0.0.1 STREAM\r\n'],
    ['a NUL byte', '10.0.0.1\0 STREAM\n'],
    ['a name of a megabyte', `10.0.0.1 STREAM ${'x'.repeat(1_000_000)}\n`],
    ['a megabyte of blanks, which takes no longer than anything else', `10.0.0.1 STREAM${' '.repeat(1_000_000)}\u0001\n`],
  ])('is refused as a whole for %s', (_what, stdout) => {
    expect(parseGetent(stdout)).toEqual({ addresses: [], problem: 'its answer is no list of addresses' });
  });

  test('says what is wrong with nothing, with too much, and with what looks like addresses', () => {
    expect(parseGetent('\n\n').problem).toBe('its answer was empty');
    expect(parseGetent('10.0.0.1 STREAM\n'.repeat(401)).problem).toBe('it answered 401 lines; a list of addresses has 400 at most');
    expect(parseGetent('010.0.0.1 STREAM\n::ffff:10.0.0.1 STREAM\n999.1.1.1 STREAM\n').problem).toBe('none of what was answered is an address that a rule can have');
  });

  test('never gives anything but canonical addresses, 64 at most, whatever comes', () => {
    const line = fc.oneof(fc.string({ unit: 'binary' }), fc.tuple(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), fc.constantFrom('STREAM', 'DGRAM', 'RAW', '')).map((words) => words.join(' ')));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 300 }), (lines) => {
        const { addresses, problem } = parseGetent(lines.join('\n'));
        expect(addresses.length).toBeLessThanOrEqual(64);
        expect(addresses.length > 0 || problem !== null).toBe(true);
        for (const address of addresses) expect(address).toMatch(/^[0-9a-f.:]+$/);
      }),
    );
  });
});
