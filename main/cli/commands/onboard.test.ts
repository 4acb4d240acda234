import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type OnboardKit, startOnboardKit } from '../../../e2e/fakehost/onboard-kit.ts';
import { type CliAnswer, runFirebreak } from '../testing/run-firebreak.ts';

let kit: OnboardKit;
let folder: string;
beforeEach(async () => {
  kit = await startOnboardKit(3);
  folder = mkdtempSync(join(tmpdir(), 'firebreak-cli-'));
  process.env['FIREBREAK_SSH_PASSWORD'] = 'let me in';
});
afterEach(async () => {
  delete process.env['FIREBREAK_SSH_PASSWORD'];
  await kit.close();
  rmSync(folder, { recursive: true });
});

const firebreak = (argv: readonly string[], answer?: string): Promise<CliAnswer> => runFirebreak(kit, argv, answer === undefined ? {} : { ask: () => Promise.resolve(answer) });
const pinned = async () => (await kit.client.hosts.list({})).filter(({ pinnedKeys }) => pinnedKeys.length > 0).map(({ name }) => name);
async function writeList(names?: readonly string[]): Promise<string> {
  const path = join(folder, 'known_hosts');
  writeFileSync(path, await kit.knownHosts(names));
  return path;
}

test('a list of keys is tried, then taken; what it has is pinned by one command, and the rest is not', async () => {
  const path = await writeList(['host-01', 'host-02']);
  const dry = await firebreak(['host', 'keys', 'import', path, '--dry-run']);
  expect(dry).toMatchObject({ code: 0, out: expect.stringMatching(/^2 lines: keys of 2 hosts, 0 for nobody here, 0 refused\.[\s\S]*In no list: host-03[\s\S]*nothing was stored/) });
  expect(await firebreak(['host', 'trust', '--from-list'])).toMatchObject({ code: 0, out: expect.stringContaining('none is named') });
  await firebreak(['host', 'keys', 'import', path]);
  expect((await firebreak(['host', 'keys', 'list'])).out).toMatch(/host-01 +known_hosts:1 +nothing is pinned +ssh-ed25519 SHA256:/);
  const trusted = await firebreak(['host', 'trust', '--all']);
  expect(trusted).toMatchObject({ code: 1, out: expect.stringMatching(/^3 hosts: 2 pinned, 0 refused, 1 in no list, 0 not reached\.[\s\S]*host-03 +not trusted: in no list +ssh-ed25519 SHA256:/) });
  expect(await pinned()).toEqual(['host-01', 'host-02']);
});

test('keys that no list has are pinned only once they were shown and somebody said yes; in scripts only with both options', async () => {
  const unasked = await firebreak(['host', 'trust', '--all', '--accept-unlisted']);
  expect(unasked).toMatchObject({ code: 1, err: expect.stringMatching(/host-01 +ssh-ed25519 +SHA256:[\s\S]*--accept-unlisted --yes/) });
  expect(await firebreak(['host', 'trust', '--all', '--accept-unlisted'], 'n')).toMatchObject({ code: 1 });
  expect(await firebreak(['host', 'trust', '--all', '--yes'])).toMatchObject({ code: 1 });
  expect(await pinned()).toEqual([]);
  const accepted = await firebreak(['host', 'trust', 'host-01', 'host-02', '--accept-unlisted'], 'y');
  expect(accepted).toMatchObject({ code: 0, out: expect.stringContaining('host-01  pinned, as shown') });
  expect(accepted.err).toContain(kit.host('host-01').hostKey.fingerprint);
  expect(await pinned()).toEqual(['host-01', 'host-02']);
  expect(await firebreak(['host', 'trust', '--all', '--accept-unlisted', '--yes'])).toMatchObject({ code: 0 });
  expect(await pinned()).toEqual(['host-01', 'host-02', 'host-03']);
});

test('a key that is not the listed one is refused loudly, with exit code 3, alone and among many', async () => {
  const path = join(folder, 'list');
  writeFileSync(path, `host-01 SHA256:${'a'.repeat(43)} (ED25519)\n`);
  await firebreak(['host', 'keys', 'import', path]);
  const many = await firebreak(['host', 'trust', '--all', '--accept-unlisted', '--yes']);
  expect(many).toMatchObject({ code: 3, out: expect.stringMatching(/host-01 +REFUSED: NOT AS LISTED .*Nothing was sent/) });
  expect(await firebreak(['host', 'trust', 'host-01', '--yes'])).toMatchObject({ code: 1, err: expect.stringContaining('HOST_KEY_NOT_AS_LISTED') });
  expect(await pinned()).toEqual(['host-02', 'host-03']);
  expect(await firebreak(['host', 'trust', 'host-01', '--yes', '--replace'])).toMatchObject({ code: 0 });
  expect(await firebreak(['host', 'keys', 'import', path])).toMatchObject({ code: 3, out: expect.stringContaining('ANOTHER KEY IS PINNED') });
});

test('one host whose key a list has is pinned without a question', async () => {
  await firebreak(['host', 'keys', 'import', await writeList(['host-01'])]);
  expect(await firebreak(['host', 'trust', 'host-01'])).toMatchObject({ code: 0, out: expect.stringMatching(/^host-01: pinned ssh-ed25519 SHA256:\S+, as known_hosts:1 has it\.$/) });
  expect(await firebreak(['host', 'trust', 'host-02'])).toMatchObject({ code: 1, err: expect.stringContaining('HOST_KEY_UNKNOWN') });
  expect(await firebreak(['host', 'trust', 'host-01', 'host-02', '--replace'])).toMatchObject({ code: 2, err: expect.stringContaining('one host at a time') });
});

test('pinned keys are written to a new file; one that is there is not written over unasked', async () => {
  await firebreak(['host', 'trust', '--all', '--accept-unlisted', '--yes']);
  const path = join(folder, 'exported');
  expect(await firebreak(['host', 'keys', 'export', path])).toMatchObject({ code: 0, out: `Wrote the keys of 3 hosts to ${path}.` });
  expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(4);
  writeFileSync(path, 'mine\n');
  expect(await firebreak(['host', 'keys', 'export', path])).toMatchObject({ code: 1, err: expect.stringContaining('it is there already') });
  expect(readFileSync(path, 'utf8')).toBe('mine\n');
  expect(await firebreak(['host', 'keys', 'export', path, '--replace'])).toMatchObject({ code: 0 });
  expect((await firebreak(['host', 'keys', 'export'])).out).toBe(readFileSync(path, 'utf8').trimEnd());
  expect(existsSync(`${path}.${process.pid}.part`)).toBe(false);
});

test('onboarding takes a list, brings those hosts to their first flows, tells the rest with exit code 3, and goes on when it is run again', async () => {
  const path = await writeList(['host-01', 'host-02']);
  const first = await firebreak(['onboard', '--all', '--keys', path]);
  expect(first).toMatchObject({ code: 3, out: expect.stringMatching(/^3 hosts: 2 onboarded, 1 failed\.[\s\S]*host-03 +failed at key +host-03: its host key is not trusted yet[\s\S]*--accept-unlisted/) });
  expect(first.err).toMatch(/host-01: installing the agent/);
  expect(await firebreak(['onboard', '--all', '--accept-unlisted'])).toMatchObject({ code: 1, err: expect.stringContaining('--accept-unlisted --yes') });
  const second = await firebreak(['onboard', '--all', '--accept-unlisted'], 'y');
  expect(second).toMatchObject({ code: 0, out: expect.stringMatching(/^3 hosts: 1 onboarded, 2 done before\./) });
  expect((await kit.client.hosts.list({})).map(({ state }) => state)).toEqual(['in-sync', 'in-sync', 'in-sync']);
  const parsed: unknown = JSON.parse((await firebreak(['--json', 'onboard', 'host-01'])).out);
  expect(parsed).toMatchObject({ hosts: [{ hostName: 'host-01', ok: true, outcome: 'already' }] });
});

test('Ctrl-C ends nothing that is under way, and says so', async () => {
  const path = await writeList();
  const interrupts: (() => void)[] = [];
  const told: string[] = [];
  const { code, out } = await runFirebreak(kit, ['onboard', '--all', '--keys', path], {
    onInterrupt: (tell, goesOn) => {
      expect(goesOn).toBe(true);
      interrupts.push(tell);
    },
    progress: (line) => {
      told.push(line);
      if (line.includes('comparing its key')) interrupts.pop()?.();
    },
  });
  expect(told.join('\n')).toContain('No further host is begun');
  expect(code).toBe(0);
  expect(out).toMatch(/^3 hosts: 3 onboarded/);
});
