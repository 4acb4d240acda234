import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AgentEvent, AgentVerify } from '../shared/contract/agent-replies.ts';
import { apply, ENFORCE, eventually, HOST_ID, OBSERVE, openInstalled, readRuleset, readStatus, statusOf } from './testing/agent-story.ts';
import { sampleBundle } from './testing/sample-bundle.ts';
import type { AgentShell, Sandbox } from './testing/sandbox.ts';
import { shellsInTurn } from './testing/shells.ts';

let sandbox: Sandbox;
afterEach(() => sandbox.close());

/** Confirmed enforces. */
const openEnforcing = async (shell: AgentShell): Promise<void> => {
  sandbox = await openInstalled(shell, { busyboxTools: shell === 'busybox sh' });
  statusOf(await apply(sandbox, 'p_000000000001', ENFORCE.text));
  statusOf(await sandbox.agent('confirm p_000000000001'));
};
/** A table that was changed bit by bit lists the same objects in another order than one that was loaded at once. */
const readObjects = async () => (await readRuleset(sandbox)).split(/\n(?=\t(?:set|chain|counter) |\})/).map((object) => object.trimEnd()).sort();
const verify = async (): Promise<AgentVerify> => {
  const result = await sandbox.agent('verify');
  expect(result, result.stdout + result.stderr).toMatchObject({ code: 0 });
  return AgentVerify.parse(JSON.parse(result.stdout));
};
const readEvents = async (after = 0): Promise<AgentEvent[]> =>
  (await sandbox.agent(`events --after ${after}`)).stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => AgentEvent.parse(JSON.parse(line)));
const FOUND_NOTHING = { v: 1, found: '', unrepaired: '', skipped: false };

const tampering: readonly [name: string, script: string, difference: RegExp][] = [
  ['a rule was added', 'nft insert rule inet firebreak input tcp dport 4444 accept', /\+chain input: tcp dport 4444 accept/],
  ['a rule was changed', 'nft -a list chain inet firebreak allow_in | sed -n "s/.*5432.* # handle //p" | { read h; nft replace rule inet firebreak allow_in handle $h accept; }', /-chain allow_in: .*5432.*\+chain allow_in: accept;/s],
  ['a rule was deleted', 'nft flush chain inet firebreak miss_in', /-chain miss_in: counter .*drop/],
  ['an element was added to a set of the policy', 'nft add element inet firebreak a4_0123456789ab "{ 10.66.0.1 }"', /10\.66\.0\.1/],
  ['an object was added', 'nft add chain inet firebreak theirs', /\+chain theirs/],
  ['the table was flushed', 'nft flush table inet firebreak', /^-chain /],
  ['the table was deleted', 'nft delete table inet firebreak', /the table was missing/],
  ['the whole ruleset was flushed', 'nft flush ruleset', /the table was missing/],
  ['a recording set has another type', 'nft flush chain inet firebreak rec_in; nft delete set inet firebreak in4; nft add set inet firebreak in4 "{ type ipv6_addr; }"', /-set in4:/],
];

describe.each(shellsInTurn(2))('verify under %s', (shell) => {
  beforeEach(() => openEnforcing(shell));

  test('finds nothing on an untouched host, and leaves it as it is', async () => {
    const before = [await readRuleset(sandbox), (await readEvents()).length];
    expect(await verify()).toEqual(FOUND_NOTHING);
    expect([await readRuleset(sandbox), (await readEvents()).length]).toEqual(before);
  });

  test.each(tampering)('puts right that %s, and says what differed', async (_name, script, difference) => {
    const before = await readObjects();
    const cursor = (await readEvents()).at(-1)?.seq ?? 0;
    expect(await sandbox.run(script)).toMatchObject({ code: 0 });
    expect(await verify()).toEqual({ ...FOUND_NOTHING, found: 'rules' });
    expect(await readObjects()).toEqual(before);
    expect(await readEvents(cursor)).toMatchObject([
      { event: 'tampered', fields: { what: 'rules', difference: expect.stringMatching(difference), process: expect.any(String), confidence: expect.stringMatching(/^(exact|inferred|unknown)$/) } },
      { event: 'restored', fields: { what: 'rules', from: 'confirmed.nft', bundle: ENFORCE.hash } },
    ]);
    expect(await verify()).toEqual(FOUND_NOTHING);
  });

  test.each([
    ['was changed', 'echo ":" >>lib/confirm.sh', /lib\/confirm\.sh/],
    ['is gone', 'rm lib/rollback.sh', /lib\/rollback\.sh/],
    ['prints what verify says and is gone', 'rm lib/json.awk', /lib\/json\.awk/],
    ['was changed together with MANIFEST', 'echo : >>lib/confirm.sh; sha256sum $(sed "s/^[0-9a-f]*  //" MANIFEST) >m; mv m MANIFEST', /MANIFEST; lib\/confirm\.sh/],
    ['cannot be run', 'chmod 600 firebreak-agent', /not executable/],
  ])('mends an agent file that %s', async (_what, script, difference) => {
    const sums = () => sandbox.run('cd /usr/local/lib/firebreak && find . -type f | sort | xargs sha256sum').then((result) => result.stdout);
    const before = await sums();
    const cursor = (await readEvents()).at(-1)?.seq ?? 0;
    expect(await sandbox.run(`cd /usr/local/lib/firebreak && ${script}`)).toMatchObject({ code: 0 });
    expect(await verify()).toEqual({ ...FOUND_NOTHING, found: 'agent-file' });
    expect(await sums()).toBe(before);
    expect(await readEvents(cursor)).toMatchObject([{ event: 'tampered', fields: { what: 'agent-file', difference: expect.stringMatching(difference) } }, { event: 'restored', fields: { what: 'agent-file' } }]);
  });
});

describe('verify and pushes', () => {
  beforeEach(() => openEnforcing('dash'));

  test('one that waited while another mended the program answers whole, though the folder that it began in is gone', async () => {
    await sandbox.run('echo : >>/usr/local/lib/firebreak/lib/confirm.sh');
    const began = (await sandbox.run('readlink -f /usr/local/lib/firebreak')).stdout.trim();
    expect(await verify()).toEqual({ ...FOUND_NOTHING, found: 'agent-file' });
    const waited = await sandbox.run(`dash ${began}/firebreak-agent verify; ls -d ${began}`);
    expect(AgentVerify.parse(JSON.parse(waited.stdout))).toEqual(FOUND_NOTHING);
    expect(waited.stderr).toContain('No such file');
  });

  test('a listing that was cut short is read again before anything is changed and anybody is blamed', async () => {
    const cut = 'if [ "$*" = "-s -t list ruleset inet" ] && mkdir /run/was-cut 2>/dev/null; then /run/nft-real "$@" | head -c 300; exit; fi';
    await sandbox.run('cp /usr/sbin/nft /run/nft-real; cat >/run/nft-cut; chmod +x /run/nft-cut; mount --bind /run/nft-cut /usr/sbin/nft', `#!/bin/sh\n${cut}\nexec /run/nft-real "$@"\n`);
    const before = (await readEvents()).length;
    expect(await verify()).toEqual(FOUND_NOTHING);
    expect(await sandbox.run('rmdir /run/was-cut')).toMatchObject({ code: 0 });
    expect((await readEvents()).length).toBe(before);
  });

  test('rules of a push that waits are left alone, whatever was done to them', async () => {
    statusOf(await apply(sandbox, 'p_000000000002', sampleBundle({ mode: 'test', policy: 3 }).text));
    await sandbox.run('nft insert rule inet firebreak input accept');
    const tampered = await readRuleset(sandbox);
    expect(await verify()).toEqual({ ...FOUND_NOTHING, skipped: true });
    expect(await readRuleset(sandbox)).toBe(tampered);
    expect(await readStatus(sandbox)).toMatchObject({ pending: { id: 'p_000000000002' } });
  });

  test('a push whose timer was killed is undone once its window is long over', async () => {
    const before = await readRuleset(sandbox);
    statusOf(await apply(sandbox, 'p_000000000002', OBSERVE.text));
    await sandbox.run('pkill -KILL -f "[f]irebreak-sleeper"; sed -i s/^until_uptime_s=.*/until_uptime_s=1/ /var/lib/firebreak/pending/meta');
    expect(await verify()).toEqual({ ...FOUND_NOTHING, found: 'pending' });
    expect(await readRuleset(sandbox)).toBe(before);
    expect(await readStatus(sandbox)).toMatchObject({ pending: null, last: { id: 'p_000000000002', event: 'rolled-back-timeout' } });
  });

  test('while another command holds the lock it changes nothing and does not wait for long', async () => {
    await sandbox.run('nft flush chain inet firebreak miss_in');
    const tampered = await readRuleset(sandbox);
    const holder = sandbox.start('exec flock /run/firebreak/lock sleep 60');
    await eventually(() => sandbox.run('flock -n /run/firebreak/lock true'), (result) => result.code !== 0, 5_000);
    expect(await verify()).toEqual({ ...FOUND_NOTHING, skipped: true });
    expect(await readRuleset(sandbox)).toBe(tampered);
    holder.kill();
  });

  test('another rung that was loaded when the confirmed policy did not load for a moment does not stay, and nobody is blamed', async () => {
    await sandbox.run('for d in /var/lib /etc; do mv $d/firebreak/confirmed.nft $d/firebreak/away; done');
    expect(statusOf(await sandbox.agent('rollback'))).toMatchObject({ runningBundle: OBSERVE.hash });
    await sandbox.run('for d in /var/lib /etc; do mv $d/firebreak/away $d/firebreak/confirmed.nft; done');
    const cursor = (await readEvents()).at(-1)?.seq ?? 0;
    expect(await verify()).toEqual({ ...FOUND_NOTHING, found: 'rules' });
    expect(await readEvents(cursor)).toMatchObject([{ event: 'restored', fields: { what: 'rules', from: 'confirmed.nft', bundle: ENFORCE.hash } }]);
    expect(await verify()).toEqual(FOUND_NOTHING);
  });

  test('sets that the host fills are filled again', async () => {
    const text = ENFORCE.text.slice(ENFORCE.text.indexOf('# --- phase 1')).replace('declare\n', 'declare\n# fill u_0123456789ab user root\n').replace('inet firebreak {\n', 'inet firebreak {\n\tset u_0123456789ab { typeof meta skuid; }\n');
    statusOf(await apply(sandbox, 'p_000000000002', sampleBundle({ mode: 'enforce', policy: 3, bodyOverride: text }).text));
    statusOf(await sandbox.agent('confirm p_000000000002'));
    const read = async () => (await sandbox.run('nft -n list set inet firebreak u_0123456789ab')).stdout;
    const before = await read();
    expect(before).toContain('elements = { 0 }');
    await sandbox.run('nft flush set inet firebreak u_0123456789ab');
    expect(await verify()).toEqual(FOUND_NOTHING);
    expect(await read()).toBe(before);
  });

  test('a lost state file is made anew from the confirmed policy', async () => {
    await sandbox.run('rm /var/lib/firebreak/state');
    expect(await verify()).toMatchObject({ found: 'rules', unrepaired: '' });
    const status = await readStatus(sandbox);
    expect(status.expectedKernelHash).toBe(status.kernelHash);
    expect(status.runningBundle).toBe(ENFORCE.hash);
  });
});

describe('events', () => {
  beforeEach(() => openEnforcing('dash'));

  test('a push leaves applied and then confirmed or rolled-back, numbered one by one', async () => {
    statusOf(await apply(sandbox, 'p_000000000002', OBSERVE.text));
    statusOf(await sandbox.agent('rollback'));
    const events = await readEvents();
    expect(events.map(({ event, fields }) => [event, fields['push']])).toEqual([
      ['applied', 'p_000000000001'],
      ['confirmed', 'p_000000000001'],
      ['applied', 'p_000000000002'],
      ['rolled-back', 'p_000000000002'],
    ]);
    const first = events[0]?.seq ?? 0;
    expect(events.map(({ seq }) => seq - first)).toEqual([0, 1, 2, 3]);
    expect(await readEvents(first + 2)).toHaveLength(1);
  });

  test('the journal gets each event as one line of key=value pairs', async () => {
    await sandbox.run('cat >/run/logger; chmod 755 /run/logger; mount --bind /run/logger "$(command -v logger)"', '#!/bin/sh\nprintf "%s\\n" "$*" >>/run/journal\n');
    await sandbox.run('nft add chain inet firebreak theirs');
    await verify();
    expect((await sandbox.run('grep event= /run/journal')).stdout).toMatch(/^-t firebreak -- event=tampered seq=\d+ what="rules" difference="\+chain theirs.*" process="unknown" confidence="unknown"\n-t firebreak -- event=restored seq=\d+ what="rules" from="confirmed.nft" bundle="[0-9a-f]{64}"\n$/);
  });

  test('names that others chose cannot break a line', async () => {
    const by = 'eve" event=confirmed\\\n$(id)';
    await sandbox.run(`by=$(cat <<'END'\n${by}\nEND\n); exec /usr/local/lib/firebreak/firebreak-agent apply --id p_9 --confirm-within 60 --by "$by"`, ENFORCE.text);
    expect((await readEvents()).at(-1)?.fields['by']).toBe('eve" event=confirmed\\$(id)');
  });

  test('the file keeps the newest 512, also when its end is garbage', async () => {
    await sandbox.run(`cd /var/lib/firebreak && for i in $(seq 100000000001 100000000600); do echo "{\\"v\\":1,\\"seq\\":$i,\\"at\\":1,\\"event\\":\\"applied\\",\\"fields\\":{}}"; done >events`);
    await sandbox.run('nft add chain inet firebreak theirs');
    await verify();
    expect((await sandbox.run('wc -l </var/lib/firebreak/events')).stdout.trim()).toBe('512');
    expect((await readEvents()).at(-1)?.seq).toBe(100_000_000_602);
    await sandbox.run('echo garbage >>/var/lib/firebreak/events; nft add chain inet firebreak theirs');
    await verify();
    expect((await sandbox.run('tail -n 1 /var/lib/firebreak/events')).stdout).toContain('"event":"restored"');
  });

  test('a second install keeps them', async () => {
    const before = await readEvents();
    statusOf(await sandbox.agent(`install --host-id ${HOST_ID}`, OBSERVE.text));
    expect(await readEvents()).toEqual(before);
  });
});
