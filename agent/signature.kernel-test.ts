import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sealBundle } from '../main/services/seal-bundle.ts';
import { publicKeyLine, signSsh } from '../main/services/ssh-signature.ts';
import { apply, ENFORCE, HOST_ID, OBSERVE, readRuleset, readStatus, statusOf } from './testing/agent-story.ts';
import { sampleBundle } from './testing/sample-bundle.ts';
import { type AgentShell, openSandbox, type RunResult, type Sandbox } from './testing/sandbox.ts';
import { shellsInTurn } from './testing/shells.ts';

const ours = generateKeyPairSync('ed25519').privateKey;
const theirs = generateKeyPairSync('ed25519').privateKey;
const sealed = (text: string, seq: number, key = ours) => sealBundle(key, text, seq);
let sandbox: Sandbox;
afterEach(() => sandbox.close());

/** As the console installs: everything signed, the key named. */
function install(options: { key?: typeof ours; manifestKey?: typeof ours; seq?: number; words?: string; shell?: AgentShell } = {}): Promise<RunResult> {
  const { key = ours, manifestKey = key, seq = 100, words = '', shell = 'dash' } = options;
  writeFileSync(join(sandbox.programDir, 'MANIFEST.sig'), signSsh(manifestKey, 'firebreak-agent', readFileSync(join(sandbox.programDir, 'MANIFEST'), 'utf8')));
  return sandbox.run(`exec ${shell} ${sandbox.programDir}/firebreak-agent install --host-id ${HOST_ID} --signer '${publicKeyLine(key)}' ${words}`, sealed(OBSERVE.text, seq, key));
}
const everything = async () => [await readRuleset(sandbox), (await sandbox.run('cd /var/lib/firebreak && find . /etc/firebreak -type f | sort | xargs sha256sum; ls -A /run/firebreak')).stdout];
const errorOf = (result: RunResult): [number, string] => [result.code, JSON.parse(result.stdout).error];

describe.each(shellsInTurn(1))('a host with a pinned key under %s', (shell) => {
  beforeEach(async () => {
    sandbox = await openSandbox(shell, { busyboxTools: shell === 'busybox sh' });
    expect(statusOf(await install({ shell }))).toMatchObject({ pinned: true, bundleSeq: 100 });
  });

  test('takes a signed bundle, boots with it, and knows its number', async () => {
    statusOf(await apply(sandbox, 'p_1', sealed(ENFORCE.text, 101)));
    expect(statusOf(await sandbox.agent('confirm p_1'))).toMatchObject({ runningBundle: ENFORCE.hash, bundleSeq: 101 });
    const { kernelHash } = await readStatus(sandbox);
    await sandbox.run('nft delete table inet firebreak');
    expect(await sandbox.agent('boot')).toMatchObject({ code: 0, stdout: '{"v":1,"loaded":"confirmed.nft"}\n' });
    expect((await readStatus(sandbox)).kernelHash).toBe(kernelHash);
  });

  const good = sealed(ENFORCE.text, 101);
  const signatureOf = (text: string) => text.slice(text.indexOf('# -----BEGIN'));
  test.each([
    ['is not signed', ENFORCE.text, 'SIGNATURE_REFUSED'],
    ['is signed with another key', sealed(ENFORCE.text, 101, theirs), 'SIGNATURE_REFUSED'],
    ['has the signature of another text', `${sealed(OBSERVE.text, 101).split('# -----BEGIN')[0]}${signatureOf(good)}`, 'SIGNATURE_REFUSED'],
    ['lost the end of its signature', good.slice(0, -60), 'SIGNATURE_REFUSED'],
    ['lost the end of its text and its signature', good.slice(0, 900), 'SIGNATURE_REFUSED'],
    ['has another number than was signed', good.replace('# seq 101', '# seq 999'), 'SIGNATURE_REFUSED'],
    ['has another mode than was signed', good.replace('# mode enforce', '# mode observe'), 'SIGNATURE_REFUSED'],
    ['is signed for another purpose', `${ENFORCE.text}${signSsh(ours, 'firebreak-agent', ENFORCE.text).trimEnd().replaceAll(/^/gm, '# ')}\n`, 'SIGNATURE_REFUSED'],
    ['has statements behind its signature', `${good}flush chain inet firebreak input\n`, 'BUNDLE_REFUSED'],
    ['has a comment behind its signature', `${good}# x\u0000\n`, 'BUNDLE_REFUSED'],
    ['has the number that was confirmed last', sealed(ENFORCE.text, 100), 'BUNDLE_REPLAYED'],
    ['has an older number', sealed(ENFORCE.text, 7), 'BUNDLE_REPLAYED'],
    ['has no number', sealed(ENFORCE.text.replace('# host ', '# hast '), 101).replace('# hast', '# host'), 'SIGNATURE_REFUSED'],
    ['has a number that is none', sealed(ENFORCE.text, Number.POSITIVE_INFINITY), 'BUNDLE_REPLAYED'],
    ['is made and signed for another host', sealed(sampleBundle({ mode: 'enforce', hostId: 'h_999999999999' }).text, 101), 'BUNDLE_REFUSED'],
  ])('refuses a bundle that %s, and nothing changes', async (_what, text, code) => {
    const before = await everything();
    expect(errorOf(await apply(sandbox, 'p_1', text))).toEqual([3, code]);
    expect(await everything()).toEqual(before);
    const checked = await sandbox.agent('check', text);
    expect(JSON.parse(checked.stdout)).toMatchObject(code === 'BUNDLE_REFUSED' ? { ok: false } : { error: code });
  });

  test('refuses a bundle that ran before, after a newer one was confirmed', async () => {
    for (const [n, text] of [good, sealed(OBSERVE.text, 102)].entries()) {
      statusOf(await apply(sandbox, `p_${n}`, text));
      statusOf(await sandbox.agent(`confirm p_${n}`));
    }
    expect(errorOf(await apply(sandbox, 'p_9', good))).toEqual([3, 'BUNDLE_REPLAYED']);
    await sandbox.run('rm /var/lib/firebreak/state');
    expect(errorOf(await apply(sandbox, 'p_9', good))).toEqual([3, 'BUNDLE_REPLAYED']);
  });
});

test('a bundle that was rolled back is not taken again, and its number is told', async () => {
  sandbox = await openSandbox('dash');
  statusOf(await install());
  const text = sealed(ENFORCE.text, 101);
  statusOf(await apply(sandbox, 'p_1', text));
  expect(statusOf(await sandbox.agent('rollback --id p_1'))).toMatchObject({ runningBundle: OBSERVE.hash, bundleSeq: 101 });
  expect(errorOf(await apply(sandbox, 'p_2', text))).toEqual([3, 'BUNDLE_REPLAYED']);
  statusOf(await apply(sandbox, 'p_2', sealed(ENFORCE.text, 102)));
});

describe('install and keys', () => {
  beforeEach(async () => {
    sandbox = await openSandbox('dash');
    statusOf(await install());
  });

  test('another workspace’s key is refused, and taken over only with --adopt; the rules stay', async () => {
    statusOf(await apply(sandbox, 'p_1', sealed(ENFORCE.text, 5000)));
    statusOf(await sandbox.agent('confirm p_1'));
    const before = await everything();
    expect(errorOf(await install({ key: theirs }))).toEqual([3, 'OTHER_KEY']);
    expect(await everything()).toEqual(before);
    expect(statusOf(await install({ key: theirs, seq: 300, words: '--adopt' }))).toMatchObject({ pinned: true, bundleSeq: 5000, runningBundle: ENFORCE.hash });
    expect(errorOf(await apply(sandbox, 'p_2', sealed(OBSERVE.text, 6000)))).toEqual([3, 'SIGNATURE_REFUSED']);
    statusOf(await apply(sandbox, 'p_2', sealed(OBSERVE.text, 5001, theirs)));
  });

  test('an installer without a key does not take the pinned one away', async () => {
    const before = await everything();
    expect(errorOf(await sandbox.run(`sh ${sandbox.programDir}/install.sh --host-id ${HOST_ID}`, OBSERVE.text))).toEqual([3, 'SIGNATURE_REFUSED']);
    expect(await everything()).toEqual(before);
  });

  test('a program whose MANIFEST somebody else signed is not installed', async () => {
    const before = await everything();
    expect(errorOf(await install({ manifestKey: theirs, seq: 200 }))).toEqual([3, 'SIGNATURE_REFUSED']);
    expect(await everything()).toEqual(before);
  });

  test('an install again does not lower the number', async () => {
    statusOf(await apply(sandbox, 'p_1', sealed(ENFORCE.text, 5000)));
    statusOf(await sandbox.agent('confirm p_1'));
    expect(statusOf(await install({ seq: 200 }))).toMatchObject({ bundleSeq: 5000 });
  });

  test('verify mends a program whose MANIFEST was made to fit a changed file, also when the state was made to fit as well', async () => {
    const before = (await sandbox.run('cat /usr/local/lib/firebreak/lib/confirm.sh')).stdout;
    await sandbox.run('cd /usr/local/lib/firebreak && echo : >>lib/confirm.sh && sha256sum $(sed "s/^[0-9a-f]*  //" MANIFEST) >m; mv m MANIFEST; sed -i "s/^manifest=.*/manifest=$(sha256sum <MANIFEST | cut -d" " -f1)/" /var/lib/firebreak/state');
    expect(JSON.parse((await sandbox.agent('verify')).stdout)).toMatchObject({ found: 'agent-file' });
    expect((await sandbox.run('cat /usr/local/lib/firebreak/lib/confirm.sh')).stdout).toBe(before);
  });

  test('without ssh-keygen nothing is taken, and what is confirmed still boots', async () => {
    statusOf(await apply(sandbox, 'p_1', sealed(ENFORCE.text, 101)));
    statusOf(await sandbox.agent('confirm p_1'));
    await sandbox.run('mkdir /run/empty; touch /run/empty/none; mount --bind /run/empty/none "$(command -v ssh-keygen)"');
    expect(errorOf(await apply(sandbox, 'p_2', sealed(OBSERVE.text, 102)))).toEqual([6, 'TOOL_MISSING']);
    await sandbox.run('nft delete table inet firebreak');
    expect(await sandbox.agent('boot')).toMatchObject({ code: 0 });
    expect(JSON.parse((await sandbox.agent('verify')).stdout)).toMatchObject({ found: '', unrepaired: '' });
    expect(await readStatus(sandbox)).toMatchObject({ runningBundle: ENFORCE.hash });
  });

  test('without ssh-keygen a key that was replaced does not go over its copy; with it, the copy goes back', async () => {
    const read = async () => (await sandbox.run('cat /var/lib/firebreak/allowed_signers')).stdout;
    const before = await read();
    await sandbox.run('mkdir /run/empty; touch /run/empty/none; k=$(command -v ssh-keygen); mount --bind /run/empty/none "$k"; echo "$k" >/run/empty/path');
    await sandbox.run('cat >/etc/firebreak/allowed_signers', `firebreak namespaces="firebreak-bundle,firebreak-agent" ${publicKeyLine(theirs)}\n`);
    expect(JSON.parse((await sandbox.agent('verify')).stdout)).toMatchObject({ unrepaired: 'agent-file' });
    expect(await read()).toBe(before);
    await sandbox.run('umount "$(cat /run/empty/path)"');
    expect(JSON.parse((await sandbox.agent('verify')).stdout)).toMatchObject({ found: 'agent-file', unrepaired: '' });
    expect((await sandbox.run('cat /etc/firebreak/allowed_signers')).stdout).toBe(before);
  });
});
