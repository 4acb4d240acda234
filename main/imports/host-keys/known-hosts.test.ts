import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readHostKey } from '../../ssh/host-key.ts';
import { findKeys, MAX_TRIES, TooManyHashes } from './find-keys.ts';
import { parseKeyList } from './parse-key-list.ts';
import { lookUpName, printKnownHosts } from './print-known-hosts.ts';

let folder: string;
/** Public keys as `KIND BASE64`, by kind. */
const keys = new Map<string, string>();
const key = (kind: string): string => keys.get(kind) ?? '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'firebreak-known-'));
  for (const [kind, ...options] of [['ed25519'], ['ecdsa'], ['rsa', '-b', '2048'], ['ed25519-2']]) {
    const path = join(folder, `id_${kind}`);
    execFileSync('ssh-keygen', ['-q', '-t', kind?.replace('-2', '') ?? '', ...options, '-N', '', '-C', '', '-f', path]);
    keys.set(kind ?? '', readFileSync(`${path}.pub`, 'utf8').trim());
  }
  // An RSA key is drawn until two primes are found.
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const fingerprintOf = (publicKey: string): string => `SHA256:${createHash('sha256').update(Buffer.from(publicKey.split(' ')[1] ?? '', 'base64')).digest('base64').replace(/=+$/, '')}`;
const parse = (text: string) => parseKeyList(text, readHostKey);

/** Lines of the file that ssh-keygen finds for the name, and those of them that are revoked. */
function foundBySsh(path: string, name: string): { lines: number[]; revoked: number[] } {
  const { stdout } = spawnSync('ssh-keygen', ['-F', name, '-f', path], { encoding: 'utf8' });
  const found = [...stdout.matchAll(/found: line (\d+)(.*)$/gm)].filter(([, , mark]) => !mark?.includes('CA'));
  return { lines: found.map(([, line]) => Number(line)), revoked: found.filter(([, , mark]) => mark?.includes('REVOKED')).map(([, line]) => Number(line)) };
}

async function foundByUs(path: string, name: string): Promise<{ lines: number[]; revoked: number[] }> {
  const found = (await findKeys(parse(readFileSync(path, 'utf8')).entries, [name])).get(name.toLowerCase()) ?? [];
  return { lines: found.map(({ line }) => line), revoked: found.filter(({ isRevoked }) => isRevoked).map(({ line }) => line) };
}

const NAMES = ['web-1', 'WEB-1', 'web-2', '10.0.0.7', 'fd00::7', '[10.0.0.7]:2222', '[web-1]:2222', 'db.example.com', 'bad.example.com', 'example.com', 'a.b.example.com', '[db.example.com]:22', 'nobody', '*', '[gate]:2200'];
const list = () =>
  [
    '# of the site',
    '',
    `web-1,10.0.0.7 ${key('ed25519')} a comment`,
    `  web-1\t${key('rsa')}`,
    `[10.0.0.7]:2222,[web-1]:2222 ${key('ecdsa')}`,
    `*.example.com,!bad.example.com ${key('ed25519')}`,
    `!web-2,web-? ${key('ed25519-2')}`,
    `@revoked web-1,fd00::7 ${key('ed25519-2')} stolen`,
    `@revoked * ${key('ecdsa')}`,
    `@cert-authority *.example.com ${key('rsa')}`,
    `Db.Example.com ${key('rsa')}`,
    `[gate]:* ${key('rsa')}`,
    `10.0.0.? ${key('rsa')} SHA256:not-a-fingerprint`,
  ].join('\n');

describe('held against ssh-keygen', () => {
  test.each(NAMES)('%s has the lines that ssh-keygen -F finds', async (name) => {
    const path = write('plain', `${list()}\n`);
    expect(await foundByUs(path, name)).toEqual(foundBySsh(path, name));
  });

  test('there is something to find, and something not to be found', () => {
    const path = write('plain', `${list()}\n`);
    const counts = NAMES.map((name) => foundBySsh(path, name).lines.length);
    expect(Math.max(...counts)).toBeGreaterThanOrEqual(5);
    expect(foundBySsh(path, 'bad.example.com').lines).toEqual([9]);
  });

  test.each(['web-1', 'web-9', '10.0.0.7', '[10.0.0.7]:2222', 'web-2', 'db.example.com'])('%s is found under names that ssh-keygen -H hashed', async (name) => {
    const plain = [`web-1,10.0.0.7 ${key('ed25519')}`, `Web-9 ${key('rsa')}`, `[10.0.0.7]:2222 ${key('ecdsa')}`, `*.example.com ${key('rsa')}`, `@revoked web-1 ${key('ed25519-2')}`];
    const path = write('hashed', `${plain.join('\n')}\n`);
    expect(spawnSync('ssh-keygen', ['-H', '-f', path]).status).toBe(0);
    const text = readFileSync(path, 'utf8');
    expect(text.match(/^(@revoked )?\|1\|/gm)?.length).toBeGreaterThanOrEqual(4);
    expect(text).not.toMatch(/web-9|10\.0\.0\.7/i);
    expect(await foundByUs(path, name)).toEqual(foundBySsh(path, name));
  });

  test('fingerprints and kinds are those that ssh-keygen -l prints, and what it prints is a list of fingerprints, too, unless a comment stands in place of the name', () => {
    const names = ['web-1,10.0.0.7', '[10.0.0.7]:2222', '!web-2,web-?'];
    const path = write('short', `${names.map((name, index) => `${name} ${key(['ed25519', 'ecdsa', 'rsa'][index] ?? '')}`).join('\n')}\n`);
    const printed = execFileSync('ssh-keygen', ['-lf', path], { encoding: 'utf8' });
    const { entries } = parse(readFileSync(path, 'utf8'));
    const again = parse(printed);
    expect(again.refused).toEqual([]);
    expect(again.entries.map(({ fingerprint }) => fingerprint)).toEqual(entries.map(({ fingerprint }) => fingerprint));
    expect(again.entries.map(({ names: read, algorithm }) => [read, algorithm])).toEqual([['ssh-ed25519', 0], [null, 1], ['ssh-rsa', 2]].map(([kind, index]) => [{ kind: 'patterns', list: names[Number(index)] }, kind]));
    write('commented', `web-1 ${key('ed25519')} old host\n`);
    expect(parse(execFileSync('ssh-keygen', ['-lf', join(folder, 'commented')], { encoding: 'utf8' }))).toMatchObject({ entries: [], refused: [{ line: 1, reason: expect.stringContaining('more than one word') }] });
  });

  test('what we print, ssh-keygen finds, with the same key', () => {
    const [algorithm = '', publicKey = ''] = key('ed25519').split(' ');
    const hosts = [{ name: 'Web-1', address: '10.0.0.7', port: 22 }, { name: 'db-1', address: 'fd00::9', port: 2222 }];
    const path = write('ours', printKnownHosts(hosts.map((host) => ({ ...host, algorithm, publicKey }))));
    for (const { name, address, port } of hosts) {
      for (const host of [name, address]) expect(spawnSync('ssh-keygen', ['-F', lookUpName(host.toLowerCase(), port), '-f', path], { encoding: 'utf8' }).stdout).toContain(publicKey);
      expect(foundBySsh(path, lookUpName(address, 23)).lines).toEqual([]);
    }
  });
});

const ed = () => key('ed25519').split(' ')[1] ?? '';
const refusedLines: [string, () => string, RegExp][] = [
  ['an authority', () => `@cert-authority *.example.com ${key('rsa')}`, /authority that signs host keys.*pins the keys of hosts themselves/],
  ['an unknown marker', () => `@odd web-1 ${key('rsa')}`, /“@odd” is no marker/],
  ['a key of another kind than it says', () => `web-1 ssh-rsa ${ed()}`, /says ssh-rsa, and its key says ssh-ed25519/],
  ['a key that is cut short', () => 'web-1 ssh-ed25519 AAAA', /nothing that can be read/],
  ['no base64', () => 'web-1 ssh-ed25519 ****', /no base64/],
  ['a key of protocol 1', () => 'web-1 1024 65537 1234567890', /protocol 1/],
  ['one word', () => 'web-1', /neither HOST KIND KEY/],
  ['an unknown hash', () => `|2|abc|def ${key('rsa')}`, /hashed in a way/],
  ['a short salt', () => `|1|YWJj|ZGVm ${key('rsa')}`, /hashed in a way/],
  ['an MD5 fingerprint', () => 'web-1 MD5:16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48', /MD5 fingerprint proves little/],
  ['a bare MD5 fingerprint', () => 'web-1 16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48', /MD5 fingerprint proves little/],
  ['a short fingerprint', () => 'web-1 SHA256:abc', /43 characters/],
  ['a fingerprint of two', () => `web-1 web-2 ${fingerprintOf(key('rsa'))}`, /more than one word/],
  ['a fingerprint of nobody', () => fingerprintOf(key('rsa')), /names no host/],
];
test.each(refusedLines)('%s is refused with why', (_, line, reason) => {
  const { lines, entries, refused } = parse(`# a comment\n${line()}\n`);
  expect({ lines, entries }).toEqual({ lines: 1, entries: [] });
  expect(refused).toEqual([{ line: 2, reason: expect.stringMatching(reason) }]);
});

test.each([
  ['web-1 FP', null],
  ['web-1,FP', null],
  ['web-1;FP=', null],
  ['\ufeffweb-1 ssh-ed25519 FP\r', 'ssh-ed25519'],
  ['web-1 FP (ED25519)', 'ssh-ed25519'],
  ['RSA FP web-1', 'ssh-rsa'],
  ['256 FP web-1 (ECDSA)', null],
])('“%s” is a fingerprint of web-1', (line, algorithm) => {
  const fingerprint = fingerprintOf(key('ed25519'));
  expect(parse(line.replace('FP', fingerprint))).toMatchObject({ refused: [], entries: [{ names: { kind: 'patterns', list: 'web-1' }, algorithm, fingerprint, publicKey: null, isRevoked: false }] });
});

test('an empty list has nothing, and more hashes than can be tried are refused before any is', async () => {
  expect(parse('')).toEqual({ lines: 0, entries: [], refused: [] });
  const path = write('one', `web-1 ${key('ed25519')}\n`);
  cpSync(path, join(folder, 'one-hashed'));
  spawnSync('ssh-keygen', ['-H', '-f', join(folder, 'one-hashed')]);
  const [entry] = parse(readFileSync(join(folder, 'one-hashed'), 'utf8')).entries;
  if (entry === undefined) throw new Error('nothing was hashed');
  const many = Array.from({ length: 2_001 }, () => entry);
  await expect(findKeys(many, Array.from({ length: Math.ceil(MAX_TRIES / 2_000) }, (_, n) => `host-${n}`))).rejects.toThrow(TooManyHashes);
  expect(await findKeys([], ['web-1'])).toEqual(new Map());
});
