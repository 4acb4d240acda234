import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { getAddress, printAddress } from '../shared/net/address.ts';

const lib = new URL('lib/', import.meta.url).pathname;
const AWKS = [['awk'], ['mawk'], ['gawk'], ['busybox', 'awk']].filter(([name = '']) => ['/usr/bin', '/bin'].some((dir) => existsSync(`${dir}/${name}`)));

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'firebreak-sessions-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

type Run = { awk: readonly string[]; programs: readonly string[]; lines: readonly string[]; variables?: Readonly<Record<string, string>> };
function run({ awk: [program = '', ...args], programs, lines, variables = {} }: Run): string[] {
  const set = Object.entries(variables).flatMap(([name, value]) => ['-v', `${name}=${value}`]);
  const input = lines.map((line) => `${line}\n`).join('');
  return execFileSync(program, [...args, ...set, ...programs.flatMap((name) => ['-f', `${lib}${name}.awk`])], { input, encoding: 'utf8', env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' } }).split('\n').filter(Boolean);
}

const OWN = ['10.0.0.20', 'fd00::20', '127.0.0.1', '172.17.0.1'];
function tracked(awk: readonly string[], lines: readonly string[]): string[] {
  const own = join(dir, 'own');
  writeFileSync(own, OWN.map((address) => `${address}\n`).join(''));
  return run({ awk, programs: ['session-addresses', 'session-tracked'], lines, variables: { own } });
}

describe.each(AWKS)('live sessions by %s %s', (...words) => {
  const awk = words.filter((word) => word !== undefined);

  test('every way to write an IPv6 address is the same address', () => {
    fc.assert(
      fc.property(fc.array(fc.ipV6().filter((text) => !text.includes('.')), { minLength: 1, maxLength: 40 }), (texts) => {
        const program = join(dir, 'canonical.awk');
        writeFileSync(program, '{ print from_text($1) }\n');
        const [name = '', ...args] = awk;
        const out = execFileSync(name, [...args, '-f', `${lib}session-addresses.awk`, '-f', program], { input: texts.map((text) => `${text}\n`).join(''), encoding: 'utf8', env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' } });
        const canonical = (text: string) => printAddress({ family: 6, value: getAddress(text).value });
        expect(out.trimEnd().split('\n').map(canonical)).toEqual(texts.map(canonical));
      }),
      { numRuns: 30 },
    );
  });

  test.each([
    ['TCP that came in', 'ipv4     2 tcp      6 431999 ESTABLISHED src=10.0.0.1 dst=10.0.0.20 sport=40000 dport=5432 src=10.0.0.20 dst=10.0.0.1 sport=5432 dport=40000 [ASSURED] mark=0 zone=0 use=2', 'tcp local in 10.0.0.20 5432 10.0.0.1 40000 -'],
    ['TCP that goes out, with its age', 'ipv4     2 tcp      6 431999 ESTABLISHED src=10.0.0.20 dst=10.0.0.1 sport=40000 dport=443 src=10.0.0.1 dst=10.0.0.20 sport=443 dport=40000 [ASSURED] mark=0 delta-time=77 zone=0 use=2', 'tcp local out 10.0.0.20 40000 10.0.0.1 443 77'],
    ['IPv6 in the kernel’s long form', 'ipv6     10 tcp      6 431999 ESTABLISHED src=fd00:0000:0000:0000:0000:0000:0000:0001 dst=fd00:0000:0000:0000:0000:0000:0000:0020 sport=1 dport=22 src=fd00:0000:0000:0000:0000:0000:0000:0020 dst=fd00:0000:0000:0000:0000:0000:0000:0001 sport=22 dport=1 [ASSURED] mark=0 zone=0 use=2', 'tcp local in fd00:0:0:0:0:0:0:20 22 fd00:0:0:0:0:0:0:1 1 -'],
    ['into a published container port', 'ipv4     2 tcp      6 431999 ESTABLISHED src=10.0.0.1 dst=10.0.0.20 sport=40000 dport=8088 src=172.17.0.2 dst=10.0.0.1 sport=80 dport=40000 [ASSURED] mark=0 zone=0 use=2', 'tcp forward in 10.0.0.20 8088 10.0.0.1 40000 -'],
    ['out of a container under the host’s address', 'ipv4     2 tcp      6 431999 ESTABLISHED src=172.17.0.2 dst=10.0.0.9 sport=40000 dport=443 src=10.0.0.9 dst=10.0.0.20 sport=443 dport=40000 [ASSURED] mark=0 zone=0 use=2', 'tcp forward out 172.17.0.2 40000 10.0.0.9 443 -'],
    ['that is only routed', 'ipv4     2 tcp      6 431999 ESTABLISHED src=192.0.2.1 dst=192.0.2.2 sport=40000 dport=443 src=192.0.2.2 dst=192.0.2.1 sport=443 dport=40000 [ASSURED] mark=0 zone=0 use=2', 'tcp forward routed 192.0.2.2 443 192.0.2.1 40000 -'],
    ['taken over by a flowtable', 'ipv4     2 tcp      6 src=10.0.0.1 dst=10.0.0.20 sport=40000 dport=8088 src=172.17.0.2 dst=10.0.0.1 sport=80 dport=40000 [OFFLOAD] mark=0 zone=0 use=3', 'tcp forward in 10.0.0.20 8088 10.0.0.1 40000 -'],
    ['a UDP stream', 'ipv4     2 udp      17 119 src=10.0.0.1 dst=10.0.0.20 sport=40000 dport=5353 src=10.0.0.20 dst=10.0.0.1 sport=5353 dport=40000 [ASSURED] mark=0 use=1', 'udp local in 10.0.0.20 5353 10.0.0.1 40000 -'],
  ])('connection tracking: %s', (_name, line, expected) => {
    expect(tracked(awk, [line])).toEqual([expected]);
  });

  test('what is over, begins, or never leaves the host is not a live connection', () => {
    const ends = 'src=10.0.0.1 dst=10.0.0.20 sport=1 dport=2 src=10.0.0.20 dst=10.0.0.1 sport=2 dport=1';
    expect(
      tracked(awk, [
        `ipv4     2 tcp      6 100 TIME_WAIT ${ends} [ASSURED] mark=0 zone=0 use=2`,
        `ipv4     2 tcp      6 100 SYN_SENT ${ends} [UNREPLIED] mark=0 zone=0 use=2`,
        `ipv4     2 udp      17 20 ${ends} mark=0 zone=0 use=2`,
        'ipv4     2 icmp     1 29 src=10.0.0.1 dst=10.0.0.20 type=8 code=0 id=1 src=10.0.0.20 dst=10.0.0.1 type=0 code=0 id=1 mark=0 use=1',
        'ipv4     2 tcp      6 100 ESTABLISHED src=10.0.0.20 dst=172.17.0.1 sport=1 dport=2 src=172.17.0.1 dst=10.0.0.20 sport=2 dport=1 [ASSURED] mark=0 use=1',
        'nonsense',
        '',
      ]),
    ).toEqual([]);
  });

  test('no filter for ss names more than 40 sockets, and each names its own', () => {
    const lines = Array.from({ length: 90 }, (_, i) => `${i % 2 === 0 ? 'tcp 10.0.0.20' : 'udp fd00:0:0:0:0:0:0:20'} 5 10.0.0.1 ${i + 1}`);
    const filters = run({ awk, programs: ['cut-filters'], lines });
    expect(filters.map((line) => [line.slice(0, 2), line.split(' or ').length])).toEqual([['-t', 40], ['-u', 40], ['-t', 5], ['-u', 5]]);
    expect(filters[0]).toMatch(/^-t \( src 10\.0\.0\.20:5 and dst 10\.0\.0\.1:1 \) or \( src/);
    expect(filters[1]).toMatch(/^-u \( src \[fd00:0:0:0:0:0:0:20\]:5 and dst/);
  });
});
