import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evaluateConfig } from './evaluate-config.ts';
import { loadConfig } from './load-config.ts';

const DATA = process.env.FIREBREAK_REAL_DATA ?? new URL('../../../../shared/data', import.meta.url).pathname;
const DEFAULT_KEYS = /^~\/\.ssh\/id_(rsa|ecdsa|ecdsa_sk|ed25519|ed25519_sk|xmss|dsa)$/;
/** Hundreds of runs of the client, beside other tests. */
const TIMEOUT_MS = 300_000;
let folder = '';
let at = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'firebreak-ssh-'));
  at = join(folder, 'config');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What the real client would do, in the same shape. Host names that neither file nor person wrote are no test of a reader: all are. */
function askSsh(path: string, host: string): Record<string, string[]> {
  const text = execFileSync('ssh', ['-G', '-F', path, host], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const lines = text.split('\n').map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]);
  const of = (keyword: string) => lines.flatMap(([key, value]) => (key === keyword && value !== undefined ? [value] : []));
  const keys = of('identityfile');
  return {
    hostname: of('hostname'),
    user: of('user'),
    port: of('port'),
    // Where no file names one, ssh prints its own seven.
    keys: keys.length === 7 && keys.every((key) => DEFAULT_KEYS.test(key)) ? [] : keys,
    certificates: of('certificatefile'),
    jump: of('proxyjump'),
    command: of('proxycommand').filter((command) => command !== 'none'),
  };
}

async function askUs(path: string, host: string): Promise<Record<string, string[]>> {
  const { items } = await loadConfig(path, homedir());
  const read = evaluateConfig(items, { host, localUser: userInfo().username, user: null, port: null });
  const jump = read.proxyJump === null || read.proxyJump.toLowerCase() === 'none' ? [] : [read.proxyJump];
  return {
    hostname: [read.hostName],
    user: [read.user ?? userInfo().username],
    port: [String(read.port ?? 22)],
    keys: [...read.identityFiles],
    certificates: [...read.certificateFiles],
    jump,
    command: read.proxyCommand === null || read.proxyCommand === 'none' || jump.length > 0 ? [] : [read.proxyCommand],
  };
}

const same = async (text: string, ...hosts: string[]) => {
  writeFileSync(at, text);
  for (const host of hosts) expect({ host, ...(await askUs(at, host)) }).toEqual({ host, ...askSsh(at, host) });
};

test.each([
  ['the first value counts, identity files add up', 'Host a\n Port 1\n Port 2\n IdentityFile ~/x\nHost *\n Port 3\n IdentityFile ~/x\n IdentityFile "~/y z"\n User u\n'],
  ['equals signs, quotes, cases, comments', 'HOST = "a" b # c\n  hostName="h.example"\n  USER\t=  u\n#Port 9\n  Port 2200 # why\nHost b\n User "v"\n'],
  ['negated patterns and wildcards', 'Host a* !ab b?\n Port 1\nHost !a *\n Port 2\nHost ???\n Port 3\n'],
  ['%h in a HostName, and upper case', 'Host a*\n HostName %h.EXAMPLE.org\nHost *\n HostName %%h\n'],
  ['Match by host after HostName, by original name and user', 'Host a\n HostName real.example\n User root\nMatch host real.*\n Port 1\nMatch originalhost a,b user root\n IdentityFile ~/k\nMatch !host real.example,z localuser *\n Port 7\nMatch user nobody\n Port 8\n'],
  ['Match final reads everything once more', 'Match final host *.final.example\n Port 5\nHost a\n HostName a.final.example\nMatch host *.final.example\n User late\nHost b\n HostName b.final.example\n'],
  ['Match canonical, Match all, and a negated all', 'Match canonical\n Port 5\nMatch all\n User everyone\n'],
  ['jumps and commands: whichever comes first', 'Host a\n ProxyJump u@g:2222,[fd00::1]:33 # far\n ProxyCommand nc %h %p\nHost b\n ProxyCommand nc %h %p # kept\n ProxyJump g\nHost ab\n ProxyJump none\nHost *\n ProxyJump last\n'],
  ['certificates, and “none” as a key', 'Host a\n CertificateFile ~/c.pub\n IdentityFile none\nHost b\n IdentityFile none\n IdentityFile ~/k\n'],
  ['quotes and backslashes in words', "Host a\n User ro'ot'\n IdentityFile \"~/a \\\"b\\\"\"\nHost b\n IdentityFile ~/x\\ y\n"],
])('%s, as ssh -G says it', async (_what, text) => {
  await same(text, 'a', 'b', 'ab', 'z.example');
}, TIMEOUT_MS);

test('files that are included, within blocks too, are read where they are included, in the order of their names', async () => {
  const inner = join(folder, 'conf.d');
  mkdirSync(inner);
  writeFileSync(join(inner, '10-first'), 'Port 10\nHost b\n User from-first\n');
  writeFileSync(join(inner, '9-second'), 'Host a b\n Port 9\n User from-second\n');
  writeFileSync(join(inner, '.hidden'), 'User hidden\n');
  await same(`Include ${inner}/*\nHost *\n IdentityFile ~/k\n`, 'a', 'b', 'c');
  await same(`Host a\n Include ${inner}/*\n IdentityFile ~/a\nHost *\n User rest\n Include ${inner}/?0* /nowhere/*\n`, 'a', 'b', 'c');
}, TIMEOUT_MS);

test('a condition that would run a command is never run, and is told', async () => {
  const trace = join(folder, 'ran');
  writeFileSync(at, `Match host a exec "touch ${trace}"\n Port 2\nMatch host other exec "touch ${trace}"\n Port 3\nMatch localnetwork 10.0.0.0/8\n Port 4\nHost a\n Port 5\n`);
  const { items } = await loadConfig(at, homedir());
  const read = evaluateConfig(items, { host: 'a', localUser: 'me', user: null, port: null });
  expect([read.port, read.untried, existsSync(trace)]).toEqual([5, [`Match exec at line 1 of ${at}`, `Match localnetwork at line 5 of ${at}`], false]);
});

test('whatever blocks there are, a host is what ssh -G says', async () => {
  const name = fc.constantFrom('a', 'b', 'ab', 'web-1', '*', 'a*', '!a', '?b', '!web-*', 'h.example', '*.example');
  const list = fc.array(name, { minLength: 1, maxLength: 3 });
  const head = fc.oneof(
    list.map((names) => `Host ${names.join(' ')}`),
    fc.tuple(fc.constantFrom('host', 'originalhost', '!host', '!originalhost', 'user', '!user', 'final host'), list).map(([criterion, names]) => `Match ${criterion} ${names.join(',')}`),
    fc.constantFrom('Match all', 'Match final', 'Match !final', 'Match canonical host *.example'),
  );
  const option = fc.constantFrom('Port 1', 'Port 2', 'User a', 'User web-1', 'HostName h.example', 'HostName %h.example', 'IdentityFile ~/k1', 'IdentityFile "~/k2"', 'ProxyJump g', 'ProxyJump none', 'ProxyCommand nc %h %p', 'ProxyCommand none', 'CertificateFile ~/c');
  const block = fc.tuple(head, fc.array(option, { maxLength: 4 })).map(([first, options]) => [first, ...options.map((one) => ` ${one}`)].join('\n'));
  const config = fc.tuple(fc.array(option, { maxLength: 2 }), fc.array(block, { minLength: 1, maxLength: 5 })).map(([options, blocks]) => [...options, ...blocks, ''].join('\n'));
  await fc.assert(
    fc.asyncProperty(config, fc.constantFrom('a', 'b', 'ab', 'web-1', 'h.example', 'A'), async (text, host) => {
      writeFileSync(at, text);
      expect({ text, ...(await askUs(at, host)) }).toEqual({ text, ...askSsh(at, host) });
    }),
    { numRuns: 150, seed: 7 },
  );
}, TIMEOUT_MS);

describe.skipIf(!existsSync(DATA))('configurations of other people', () => {
  const real = existsSync(DATA) ? readdirSync(join(DATA, 'ssh_config')).filter((file) => file.endsWith('.conf')) : [];
  test.each(real)('%s: every host is what ssh -G says', async (file) => {
    // What this client does not know ends its reading; that is no matter of hosts.
    const text = readFileSync(join(DATA, 'ssh_config', file), 'utf8').replaceAll(/^\s*(UseKeychain|KexAlgorithms|HostKeyAlgorithms|PubkeyAcceptedAlgorithms|PubkeyAcceptedKeyTypes|Ciphers|MACs)\b.*$/gim, '');
    writeFileSync(at, text);
    const names = [...text.matchAll(/^\s*Host\s+(.*)$/gim)].flatMap(([, names = '']) => names.split(/\s+/)).filter((name) => /^[\w.-]+$/.test(name));
    const asked = [...new Set([...names, 'nobody.example'])];
    for (const host of asked) expect({ host, ...(await askUs(at, host)) }).toEqual({ host, ...askSsh(at, host) });
  }, TIMEOUT_MS);
});
