import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { apply, ENFORCE, HOST_ID, OBSERVE, openInstalled, readRuleset, readStatus, statusOf } from './testing/agent-story.ts';
import { sampleBundle } from './testing/sample-bundle.ts';
import { openSandbox, type Sandbox } from './testing/sandbox.ts';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await openInstalled('dash');
});
afterEach(() => sandbox.close());

/** Rules, files and timers of the host: what a refusal must leave as it was. */
const everything = async (host: Sandbox) => [await readRuleset(host), (await host.run('cd /var/lib/firebreak && find . -type f | sort | xargs sha256sum; ls -A /run/firebreak')).stdout];
const errorOf = (stdout: string): string => JSON.parse(stdout).error;

const sound = ENFORCE.text;
const bodyThatSays = (statement: string) => sampleBundle({ mode: 'enforce', bodyOverride: sampleBody.replace('# --- phase 2', `${statement}\n# --- phase 2`) }).text;
const sampleBody = sound.slice(sound.indexOf('# --- phase 1'));

describe('a bundle that must not be loaded is refused with exit 3 and nothing changed', () => {
  test.each([
    ['is cut off', sound.slice(0, -40)],
    ['has one byte changed', sound.replace('tcp dport 5432', 'tcp dport 5433')],
    ['has another hash in its header', sound.replace(/# hash ..../, '# hash 0000')],
    ['is made for another host', sampleBundle({ mode: 'enforce', hostId: 'h_999999999999' }).text],
    ['has no hash', sound.replace(/# hash .*\n/, '')],
    ['has an unknown mode', sound.replace('# mode enforce', '# mode off')],
    ['is empty', ''],
    ['is garbage', '\u0000\u0001\ufffd%$(id)`id`\n;flush ruleset\n'],
    ['has rules that nft refuses', sampleBundle({ mode: 'enforce', bodyOverride: sampleBody.replace('goto miss_in', 'goto nowhere') }).text],
    ['flushes the whole ruleset', bodyThatSays('flush ruleset')],
    ['touches another table', bodyThatSays('add table ip filter')],
    ['adds to another table in a block', bodyThatSays('table ip filter {\n\tchain c { }\n}')],
    ['includes a file', bodyThatSays('include "/etc/nftables.conf"')],
    ['hides a second statement behind a semicolon', bodyThatSays('flush chain inet firebreak input; flush ruleset')],
    ['lacks its second phase', sampleBundle({ mode: 'enforce', bodyOverride: sampleBody.replace('# --- phase 2: swap\n', '') }).text],
  ])('one that %s', async (_what, text) => {
    const before = await everything(sandbox);
    const refused = await apply(sandbox, 'p_000000000001', text);
    expect(refused.code, refused.stdout).toBe(3);
    expect(['BUNDLE_REFUSED', 'NFT_REFUSED']).toContain(errorOf(refused.stdout));
    expect(await everything(sandbox)).toEqual(before);
    const checked = await sandbox.agent('check', text);
    expect(JSON.parse(checked.stdout)).toMatchObject({ v: 1, ok: false });
  });
});

describe('one push at a time', () => {
  test('a second push is refused with who holds the first, and the first can still be confirmed', async () => {
    statusOf(await apply(sandbox, 'p_000000000001', ENFORCE.text));
    const loser = await apply(sandbox, 'p_000000000002', sampleBundle({ mode: 'test', policy: 3 }).text);
    expect(loser.code).toBe(4);
    expect(JSON.parse(loser.stdout)).toMatchObject({ error: 'PENDING', id: 'p_000000000001', by: 'tester' });
    expect(statusOf(await sandbox.agent('confirm p_000000000001'))).toMatchObject({ runningBundle: ENFORCE.hash });
  });

  test('of many that start at once exactly one is pending', async () => {
    const ids = Array.from({ length: 6 }, (_, n) => `p_00000000000${n}`);
    const results = await Promise.all(ids.map((id) => apply(sandbox, id, ENFORCE.text)));
    expect(results.map((result) => result.code).sort()).toEqual([0, 4, 4, 4, 4, 4]);
    expect((await readStatus(sandbox)).pending?.id).toBe(ids[results.findIndex((result) => result.code === 0)]);
  });

  test('confirming an id that does not wait, or no longer, is refused with exit 5 and changes nothing', async () => {
    statusOf(await apply(sandbox, 'p_000000000001', ENFORCE.text));
    expect(await sandbox.agent('confirm p_000000000009')).toMatchObject({ code: 5 });
    statusOf(await sandbox.agent('rollback --id p_000000000001'));
    const before = await everything(sandbox);
    expect(await sandbox.agent('confirm p_000000000001')).toMatchObject({ code: 5 });
    expect(await everything(sandbox)).toEqual(before);
  });

  test('a push whose rules somebody changed in the window cannot be confirmed', async () => {
    statusOf(await apply(sandbox, 'p_000000000001', ENFORCE.text));
    await sandbox.run('nft insert rule inet firebreak input accept');
    const refused = await sandbox.agent('confirm p_000000000001');
    expect([refused.code, errorOf(refused.stdout)]).toEqual([3, 'KERNEL_CHANGED']);
    expect(await readStatus(sandbox)).toMatchObject({ confirmedBundle: OBSERVE.hash, pending: { id: 'p_000000000001' } });
  });

  test('a set of another type under our name is repaired by the rollback, byte for byte', async () => {
    const before = await readRuleset(sandbox);
    statusOf(await apply(sandbox, 'p_000000000001', ENFORCE.text));
    await sandbox.run('nft flush chain inet firebreak rec_in; nft delete set inet firebreak in4; nft add set inet firebreak in4 "{ type ipv6_addr; }"; nft add table ip mine');
    statusOf(await sandbox.agent('rollback'));
    expect(await readRuleset(sandbox)).toBe(`table ip mine {\n}\n${before}`);
  });
});

describe('install', () => {
  test('is refused on a host of another console, and takes it over only when told to', async () => {
    const before = await everything(sandbox);
    const bundle = sampleBundle({ hostId: 'h_999999999999' });
    const refused = await sandbox.agent('install --host-id h_999999999999', bundle.text);
    expect([refused.code, errorOf(refused.stdout)]).toEqual([3, 'OTHER_CONSOLE']);
    expect(await everything(sandbox)).toEqual(before);
    // The installed program cannot install itself elsewhere; the unpacked one is what the console runs.
    const taken = await sandbox.run(`sh ${sandbox.programDir}/install.sh --host-id h_999999999999 --replace`, bundle.text);
    expect(statusOf(taken)).toMatchObject({ hostId: 'h_999999999999', confirmedBundle: bundle.hash });
  });

  test('keeps a confirmed policy that enforces', async () => {
    statusOf(await apply(sandbox, 'p_000000000001', ENFORCE.text));
    statusOf(await sandbox.agent('confirm p_000000000001'));
    const before = await readRuleset(sandbox);
    expect(statusOf(await sandbox.run(`sh ${sandbox.programDir}/install.sh --host-id ${HOST_ID}`, OBSERVE.text))).toMatchObject({ runningMode: 'enforce', confirmedBundle: ENFORCE.hash });
    expect(await readRuleset(sandbox)).toBe(before);
  });

  test.each([
    ['a file is not what MANIFEST says', 'echo >>"$d/lib/apply.sh"', OBSERVE.text, 3],
    ['a file of MANIFEST is missing', 'rm "$d/lib/apply.sh"; sed -i "s/apply$//" "$d/VERSION"', OBSERVE.text, 3],
    ['MANIFEST names a path outside', 'echo "$(sha256sum </etc/passwd | cut -d" " -f1)  ../../etc/passwd" >>"$d/MANIFEST"', OBSERVE.text, 3],
    ['the bundle is not one', 'true', 'garbage', 3],
    ['the bundle enforces', 'true', ENFORCE.text, 3],
    ['the program folder cannot be made', 'mount -t tmpfs -o ro none /usr/local/lib', OBSERVE.text, 7],
    ['the state folder is full', 'mkdir /var/lib/firebreak; mount -t tmpfs -o size=8k none /var/lib/firebreak', OBSERVE.text, 7],
  ])('leaves nothing when %s', async (_what, spoil, bundle, exitCode) => {
    const fresh = await openSandbox('dash');
    try {
      const result = await fresh.run(`d=${fresh.programDir}; ${spoil}; exec dash "$d/firebreak-agent" install --host-id ${HOST_ID}`, bundle);
      expect(result.code, result.stdout).toBe(exitCode);
      expect(await readRuleset(fresh)).toBe('');
      expect((await fresh.run('find /var/lib /usr/local/lib /usr/local/sbin /etc -name "*firebreak*" -type f -o -name "*.nft"')).stdout).toBe('');
    } finally {
      fresh.close();
    }
  });
});

test('with a full disk a push is refused before any rule is touched, and the recording still reaches the console', async () => {
  const full = await openInstalled('dash', { stateBytes: 1_048_576 });
  try {
    await full.run('cat /dev/zero >/var/lib/firebreak/fill');
    const before = await readRuleset(full);
    const refused = await apply(full, 'p_000000000001', ENFORCE.text);
    expect([refused.code, errorOf(refused.stdout)]).toEqual([7, 'DISK_FULL']);
    expect(await readRuleset(full)).toBe(before);
    expect((await readStatus(full)).pending).toBeNull();
    const drained = await full.agent('drain --after 0 --now');
    expect(JSON.parse(drained.stdout)).toMatchObject({ v: 1, bundle: OBSERVE.hash });
    expect(statusOf(await full.agent('rollback'))).toMatchObject({ loaded: true, runningBundle: OBSERVE.hash });
  } finally {
    full.close();
  }
});
