import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { printOpensshPrivateKey } from '../../main/services/openssh-private-key.ts';
import { publicKeyLine } from '../../main/services/ssh-signature.ts';
import { AgentFacts, AgentSessions } from '../../shared/contract/agent-replies.ts';
import { SHELLS } from '../testing/run-functions.ts';

const agentDir = new URL('..', import.meta.url).pathname;
const KIT = 'k_0123456789ab';
let stick: string;
let key: ReturnType<typeof generateKeyPairSync>['privateKey'];
beforeEach(() => {
  stick = mkdtempSync(join(tmpdir(), 'firebreak-stick-test-'));
  cpSync(agentDir, join(stick, 'agent'), { recursive: true, filter: (path) => !path.endsWith('.ts') });
  key = generateKeyPairSync('ed25519').privateKey;
  mkdirSync(join(stick, 'kit'));
  writeFileSync(join(stick, 'kit/kit'), `id=${KIT}\nsigner=ssh-ed25519 AAAA\n`);
  // As on FAT, where every file is everybody's and ssh-keygen refuses such a key.
  writeFileSync(join(stick, 'kit/site-key'), printOpensshPrivateKey(key, KIT), { mode: 0o777 });
  writeFileSync(join(stick, 'kit/site-key.pem'), key.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o777 });
});
afterEach(() => rmSync(stick, { recursive: true, force: true }));

type Ended = { code: number | null; out: string; err: string };
function run([program = '', ...args]: readonly string[], script: string, ...argv: string[]): Ended {
  const ended = spawnSync(program, [...args, join(stick, `agent/collect/${script}.sh`), ...argv], { encoding: 'utf8' });
  return { code: ended.status, out: ended.stdout, err: ended.stderr };
}
const collected = () => readdirSync(join(stick, 'collected')).map((name) => join(stick, 'collected', name));
const fileOf = (bundle: string, name: string): Buffer => execFileSync('tar', ['-xzOf', bundle, name]);
const listOf = (bundle: string): string[] => execFileSync('tar', ['-tzf', bundle], { encoding: 'utf8' }).trim().split('\n');
/** Everything that a program on the stick could leave behind on this machine. */
const leftBehind = () => ['/run', '/dev/shm', '/tmp'].flatMap((dir) => readdirSync(dir).filter((name) => name.startsWith('firebreak-stick.')));
/** As on a host that does not have it. */
const withoutTool = (name: string) => {
  const path = join(stick, 'agent/collect/lib/seal.sh');
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll(`timeout 20 ${name} `, 'false '));
};

// A collector starts some hundred processes, and busybox stats every socket.
vi.setConfig({ testTimeout: 120_000 });

describe.each(SHELLS)('the collector under %s %s', (...words) => {
  const shell = words.filter((word) => word !== undefined);

  test('writes one bundle whose manifest has the hash of every file, signed so that ssh-keygen verifies it, and leaves nothing', () => {
    const before = leftBehind();
    const ended = run(shell, 'collect');
    expect([ended.code, ended.err]).toEqual([0, '']);
    expect(ended.out).toContain(`signed with the key of the stick, ${KIT}`);
    const [bundle = '', ...others] = collected();
    expect(others).toEqual([]);
    const names = listOf(bundle);
    expect(names.slice(0, 2)).toEqual(['manifest.json', 'manifest.json.sig']);
    const manifest = JSON.parse(fileOf(bundle, 'manifest.json').toString('utf8'));
    expect(manifest).toMatchObject({ format: 'firebreak-collection/1', kind: 'collection', kit: KIT, seal: 'ssh', root: process.getuid?.() === 0 });
    expect(Object.keys(manifest.files).toSorted()).toEqual(names.slice(2).toSorted());
    for (const [name, sha256] of Object.entries(manifest.files)) expect(createHash('sha256').update(fileOf(bundle, name)).digest('hex')).toBe(sha256);
    expect(AgentFacts.parse(JSON.parse(fileOf(bundle, 'facts.json').toString('utf8')))).toMatchObject({
      hostname: manifest.hostname,
      machineId: manifest.machineId,
      ssh: null,
    });
    expect(AgentSessions.safeParse(JSON.parse(fileOf(bundle, 'sessions.json').toString('utf8'))).success).toBe(true);
    writeFileSync(join(stick, 'signers'), `site namespaces="firebreak-collection" ${publicKeyLine(key)}\n`);
    writeFileSync(join(stick, 'sig'), fileOf(bundle, 'manifest.json.sig'));
    execFileSync('ssh-keygen', ['-Y', 'verify', '-f', join(stick, 'signers'), '-I', 'site', '-n', 'firebreak-collection', '-s', join(stick, 'sig')], {
      input: fileOf(bundle, 'manifest.json'),
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    expect(leftBehind()).toEqual(before);
  });

  test('signs with openssl where ssh-keygen is missing, and says that nobody signed where both are', () => {
    withoutTool('ssh-keygen');
    expect(run(shell, 'collect', '--out', join(stick, 'collected')).code).toBe(0);
    const [bundle = ''] = collected();
    expect(listOf(bundle)).toContain('manifest.json.ed25519');
    expect(verify(null, fileOf(bundle, 'manifest.json'), createPublicKey(key), fileOf(bundle, 'manifest.json.ed25519'))).toBe(true);
    rmSync(bundle);
    withoutTool('openssl');
    expect(run(shell, 'collect').out).toMatch(/Not in it: signature: neither ssh-keygen[\s\S]*NOT signed/);
    const [unsigned = ''] = collected();
    const manifest = JSON.parse(fileOf(unsigned, 'manifest.json').toString('utf8'));
    expect([
      manifest.seal,
      listOf(unsigned).filter((name) => name.startsWith('manifest')),
      manifest.absences.map(({ kind }: { kind: string }) => kind),
    ]).toEqual(['none', ['manifest.json'], expect.arrayContaining(['signature'])]);
  });

  test('a stick that cannot be written and an option that it does not know are told, and leave nothing', () => {
    const before = leftBehind();
    writeFileSync(join(stick, 'collected'), 'a file where the folder should be');
    expect(run(shell, 'collect')).toMatchObject({ code: 7, err: expect.stringContaining('is the stick mounted read-only?') });
    expect(run(shell, 'collect', '--nonsense')).toMatchObject({ code: 2, err: expect.stringContaining('usage: sh firebreak-collect') });
    expect(leftBehind()).toEqual(before);
  });

  test('a link that somebody laid under the name of the bundle is not written through', () => {
    const path = join(stick, 'agent/collect/lib/pack-bundle.sh');
    writeFileSync(path, `${readFileSync(path, 'utf8')}\nfile_name() { echo guessed.tar.gz; }\n`);
    const victim = join(stick, 'victim');
    mkdirSync(join(stick, 'collected'));
    for (const there of [true, false]) {
      if (there) writeFileSync(victim, 'mine');
      else rmSync(victim);
      rmSync(join(stick, 'collected/guessed.tar.gz.part'), { force: true });
      symlinkSync(victim, join(stick, 'collected/guessed.tar.gz.part'));
      expect(run(shell, 'collect')).toMatchObject({ code: 7, err: expect.stringContaining('cannot be written') });
      expect(existsSync(victim) ? readFileSync(victim, 'utf8') : null).toBe(there ? 'mine' : null);
    }
  });

  test('begun through a link, by a relative path or from elsewhere it finds its own parts', () => {
    symlinkSync(join(stick, 'agent/collect/collect.sh'), join(stick, 'link'));
    const [program = '', ...args] = shell;
    expect(spawnSync(program, [...args, '../link'], { cwd: join(stick, 'kit') }).status).toBe(0);
    expect(collected()).toHaveLength(1);
  });

  test.runIf(process.getuid?.() === 0)('as somebody who is not root it tells what it cannot read', () => {
    mkdirSync(join(stick, 'collected'));
    execFileSync('chmod', ['-R', 'a+rwX', stick]);
    const [program = '', ...args] = shell;
    const ended = spawnSync(program, [...args, join(stick, 'agent/collect/collect.sh')], { encoding: 'utf8', uid: 65_534, gid: 65_534 });
    expect([ended.status, ended.stdout]).toEqual([0, expect.stringContaining('Not in it: processes, rules, tracking: not run as root')]);
    const manifest = JSON.parse(fileOf(collected()[0] ?? '', 'manifest.json').toString('utf8'));
    // Whole: the console takes words of at most 32 characters.
    expect([manifest.root, manifest.absences.map(({ kind }: { kind: string }) => kind)]).toEqual([false, expect.arrayContaining(['processes, rules, tracking'])]);
  });

  test('connection tracking beyond its limit is cut behind a whole line, and that is among the absences', () => {
    const path = join(stick, 'agent/collect/lib/gather.sh');
    const lines = ['one src=10.0.0.1', 'two src=10.0.0.2', 'three src=10.0.0.33'];
    const limited = readFileSync(path, 'utf8').replace('tracked_max_bytes=16777216', `tracked_max_bytes=${lines.join('\n').length - 1}`);
    writeFileSync(path, `${limited}\nfind_tracking() { echo proc; }\ntracking_lines() { printf '%s\\n' '${lines.join("' '")}'; }\n`);
    expect(run(shell, 'collect').out).toMatch(/Not in it: connection tracking: longer than \d+ bytes/);
    expect(fileOf(collected()[0] ?? '', 'conntrack.txt').toString('utf8')).toBe('one src=10.0.0.1\ntwo src=10.0.0.2\n');
  });

  test('applying a policy is refused without one for this very machine', () => {
    mkdirSync(join(stick, 'policy/other'), { recursive: true });
    writeFileSync(join(stick, 'policy/other/order'), `push=p_0123456789ab\nhost=h_0123456789ab\nname=other\nby=ada\nmachine=${'f'.repeat(32)} other\n`);
    expect(run(shell, 'apply')).toMatchObject(
      process.getuid?.() === 0
        ? { code: 3, err: expect.stringContaining('the stick has no policy for this machine') }
        : { code: 6, err: expect.stringContaining('root') },
    );
    expect(existsSync('/usr/local/sbin/firebreak-agent')).toBe(false);
  });
});
