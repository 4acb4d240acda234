import { afterEach, describe, expect, test } from 'vitest';
import { parseSnapshot } from '../main/services/parse-snapshot.ts';
import { AgentEvent } from '../shared/contract/agent-replies.ts';
import { hasIptables } from '../e2e/kernel/iptables-backend.ts';
import { apply, eventually, OBSERVE, readStatus, statusOf } from './testing/agent-story.ts';
import { IPTABLES, IPTABLES_HOST_ID, openInstalledWithoutNft, openWithoutNft, readIptables } from './testing/iptables-story.ts';
import { openSandbox, type Sandbox } from './testing/sandbox.ts';
import { shellsInTurn } from './testing/shells.ts';

const isHere = hasIptables({ program: 'legacy', table: 'security' });
let sandbox: Sandbox;
afterEach(() => sandbox?.close());

const verify = async () => JSON.parse((await sandbox.agent('verify')).stdout);
const events = async () => (await sandbox.agent('events --after 0')).stdout.trim().split('\n').map((line) => AgentEvent.parse(JSON.parse(line)));
const push = async (id: string, text: string) => {
  statusOf(await apply(sandbox, id, text));
  return statusOf(await sandbox.agent(`confirm ${id}`));
};

describe.skipIf(!isHere).each(shellsInTurn(1))('without nft, the agent under %s', (shell) => {
  test('installs over iptables and ipset, and a second install changes nothing', async () => {
    sandbox = await openInstalledWithoutNft(shell);
    const first = await readIptables(sandbox);
    expect(first).toContain('-A INPUT -j FB-IN\n');
    const again = statusOf(await sandbox.agent(`install --host-id ${IPTABLES_HOST_ID}`, IPTABLES.observe.text));
    expect(await readIptables(sandbox)).toBe(first);
    expect(again).toMatchObject({ loaded: true, runningBundle: IPTABLES.observe.hash, runningMode: 'observe', confirmedBundle: IPTABLES.observe.hash, pending: null });
    expect(again.kernelHash).toBe(again.expectedKernelHash);
  });

  test('a push that nobody confirms goes back by itself, rule for rule', async () => {
    sandbox = await openInstalledWithoutNft(shell);
    const before = await readIptables(sandbox);
    const applied = statusOf(await apply(sandbox, 'p_000000000001', IPTABLES.enforce.text, 5));
    expect(applied).toMatchObject({ runningBundle: IPTABLES.enforce.hash, runningMode: 'enforce', pending: { id: 'p_000000000001' } });
    expect(await readIptables(sandbox)).toContain('-A FB-MISS-IN -j DROP');
    const after = await eventually(() => readStatus(sandbox), (status) => status.pending === null, 20_000);
    expect(after.last).toMatchObject({ id: 'p_000000000001', event: 'rolled-back-timeout' });
    expect(await readIptables(sandbox)).toBe(before);
  });

  test('a confirmed push stays over a boot; asked to, the host goes back to observing', async () => {
    sandbox = await openInstalledWithoutNft(shell);
    expect(await push('p_000000000001', IPTABLES.enforce.text)).toMatchObject({ confirmedBundle: IPTABLES.enforce.hash, pending: null });
    const enforced = await readIptables(sandbox);
    await sandbox.run('for i in iptables ip6tables; do $i -t security -F; $i -t security -X; done; for s in $(ipset list -n); do ipset destroy $s; done');
    expect(await sandbox.agent('boot')).toMatchObject({ code: 0, stdout: expect.stringContaining('confirmed.nft') });
    expect(await readIptables(sandbox)).toBe(enforced);
    expect(statusOf(await sandbox.agent('rollback --to-observe'))).toMatchObject({ runningMode: 'observe', confirmedBundle: IPTABLES.observe.hash });
    expect(await readIptables(sandbox)).not.toContain('MISS-IN -m comment');
  });

  test('what somebody changes is found, put right and told; what is as it was is not', async () => {
    sandbox = await openInstalledWithoutNft(shell);
    await push('p_000000000001', IPTABLES.enforce.text);
    expect(await verify()).toMatchObject({ found: '', unrepaired: '' });
    const good = await readIptables(sandbox);
    const changes = ['iptables -t security -F FB-IN-R', 'iptables -t security -D INPUT 1', 'ip6tables -t security -I FB-IN 1 -j RETURN', 'iptables -t security -I INPUT 1 -j ACCEPT', 'ipset add $(ipset list -n | grep "^fb_a4" | head -n 1) 10.99.0.1', 'iptables -t security -N FB-STRANGE'];
    for (const change of changes) {
      expect([change, (await sandbox.run(change)).code]).toEqual([change, 0]);
      expect([change, await verify()]).toEqual([change, expect.objectContaining({ found: 'rules', unrepaired: '' })]);
      // Of somebody else's rules in this table nothing is taken away.
      await sandbox.run('iptables -t security -D INPUT -j ACCEPT');
      expect([change, await readIptables(sandbox)]).toEqual([change, good]);
    }
    const told = (await events()).filter(({ event }) => event === 'tampered');
    expect(told).toHaveLength(changes.length);
    expect(told[0]?.fields['difference']).toMatch(/-chain iptables FB-IN-R:/);
  });

  test('a set that somebody replaced by one of another kind is put right, and the host is not open for a moment', async () => {
    sandbox = await openInstalledWithoutNft(shell);
    await push('p_000000000001', IPTABLES.enforce.text);
    const good = await readIptables(sandbox);
    const flush = 'iptables -t security -S | sed -n "s/^-N //p" | while read -r c; do iptables -t security -F "$c"; done';
    expect((await sandbox.run(`${flush}; ipset destroy fb_in4 && ipset create fb_in4 hash:ip && iptables -t security -A FB-IN -m set --match-set fb_in4 src -j RETURN && iptables -t security -A FB-IN -j DROP`)).code).toBe(0);
    // What the kernel has after each command; what is tried in a network of its own does not count.
    await sandbox.run('readlink /proc/self/ns/net >/run/network');
    for (const name of ['iptables', 'iptables-restore']) {
      const watched = `#!/bin/sh\n/usr/sbin/xtables-legacy-multi ${name} "$@"\ncode=$?\ncase " $* " in *" -S "*) exit $code ;; esac\n[ "$(readlink /proc/self/ns/net)" != "$(cat /run/network)" ] || { echo "@@ $*"; /usr/sbin/xtables-legacy-multi iptables-save -t security; } >>/run/watched\nexit $code\n`;
      await sandbox.run(`cat >/etc/${name}-watched && chmod 755 /etc/${name}-watched && ln -sfn /etc/${name}-watched /etc/alternatives/${name}`, watched);
    }
    expect(await verify()).toMatchObject({ found: 'rules', unrepaired: '' });
    const states = (await sandbox.run('cat /run/watched; rm /run/watched')).stdout.split('@@').slice(1);
    expect(states.length).toBeGreaterThan(10);
    const isShut = (state: string) => /^-A INPUT -j FB-IN$/m.test(state) && /^-A FB-(IN|MISS-IN) .*-j DROP$/m.test(state);
    expect(states.filter((state) => !isShut(state)).map((state) => state.split('\n')[0])).toEqual([]);
    for (const name of ['iptables', 'iptables-restore']) await sandbox.run(`ln -sfn /usr/sbin/xtables-legacy-multi /etc/alternatives/${name}`);
    expect(await readIptables(sandbox)).toBe(good);
  });

  test('what was recorded comes in the form that it has over nft', async () => {
    sandbox = await openInstalledWithoutNft(shell);
    await sandbox.run('printf "%s\\n" "add fb_in4 10.0.0.2,tcp:5432 packets 3" "add fb_in4 10.0.0.2,icmp:13/0 packets 1" "add fb_in4 10.0.0.2,icmp:17/0 packets 2" "add fb_out6 fd00::2,udp:53 packets 4" "add fb_fwd4 10.0.0.2,tcp:80,172.17.0.2 packets 5" "add fb_miss_in4 10.0.0.3,tcp:22 packets 6" "add fb_miss_fwd4 10.0.0.3,tcp:80,172.17.0.2 packets 7" | ipset restore');
    const [line = ''] = (await sandbox.agent('drain --after 0 --now')).stdout.trim().split('\n').reverse();
    const snapshot = parseSnapshot(line, Date.now());
    if (snapshot === null) throw new Error(line);
    const { head, sets, rejected } = snapshot;
    const listed = [...sets].flatMap(([name, elements]) => elements.map(({ peer, forwardTo, protocol, port, packets }) => `${name} ${[peer, forwardTo, protocol, port].filter((part) => part !== null).join(' ')} = ${packets}`));
    expect(listed.sort()).toEqual(['fwd4 10.0.0.2 172.17.0.2 tcp 80 = 5', 'in4x 10.0.0.2 icmp 0 = 3', 'in4x 10.0.0.2 tcp 5432 = 3', 'miss_in4x 10.0.0.3 tcp 22 = 6', 'out6x fd00::2 udp 53 = 4']);
    expect([head.counters, rejected]).toEqual([expect.objectContaining({ lost_in: 7, lost_out: 0 }), 0]);
  });

  test('an account gets its number when it comes, without a push and without an alarm', async () => {
    sandbox = await openInstalledWithoutNft(shell);
    const pushed = await push('p_000000000001', IPTABLES.account.text);
    expect(pushed.unresolved).toEqual(['user shopper']);
    expect(await readIptables(sandbox)).toContain('--uid-owner 4294967294');
    await sandbox.run('echo shopper:x:4711:4711::/:/bin/false >>/etc/passwd');
    expect(await verify()).toMatchObject({ found: '', unrepaired: '' });
    expect(await readIptables(sandbox)).toContain('--uid-owner 4711');
    expect((await readStatus(sandbox)).unresolved).toEqual([]);
    expect((await events()).filter(({ event }) => event === 'tampered')).toEqual([]);
  });

  test('what must not be loaded is refused, and checking changes nothing', async () => {
    sandbox = await openInstalledWithoutNft(shell);
    const before = await readIptables(sandbox);
    expect(JSON.parse((await sandbox.agent('check', IPTABLES.enforce.text)).stdout)).toMatchObject({ ok: true });
    expect(JSON.parse((await sandbox.agent('check', OBSERVE.text)).stdout)).toMatchObject({ ok: false, error: expect.stringContaining('its rules are for nft') });
    expect(await apply(sandbox, 'p_000000000001', OBSERVE.text)).toMatchObject({ code: 3 });
    expect(await readIptables(sandbox)).toBe(before);
  });

  test('where nothing that was confirmed loads, the rules of last resort let in the console alone', async () => {
    sandbox = await openInstalledWithoutNft(shell);
    await push('p_000000000001', IPTABLES.enforce.text);
    await sandbox.run('for f in /var/lib/firebreak/confirmed.nft /var/lib/firebreak/previous.nft /etc/firebreak/confirmed.nft; do echo "-A FB-IN -j ACCEPT" >>$f; done; iptables -t security -F; ip6tables -t security -F');
    expect(await sandbox.agent('boot')).toMatchObject({ code: 0, stdout: expect.stringContaining('failsafe.nft') });
    const rules = (await readIptables(sandbox)).split('\n').filter((line) => line.startsWith('-A FB-IN '));
    expect(rules).toContain('-A FB-IN -s 10.0.0.9/32 -p tcp -m tcp --dport 22 -j RETURN');
    expect(rules.filter((line) => line === '-A FB-IN -j DROP')).toHaveLength(2);
  });

  test('an upgrade is tried out first, and uninstalling with a push pending leaves nothing', async () => {
    sandbox = await openWithoutNft(shell);
    await sandbox.run('iptables -A INPUT -p tcp --dport 1 -j DROP; ipset create theirs hash:ip');
    const files = () => sandbox.run('find /run /var/lib /usr/local/lib /usr/local/sbin /etc -name "*firebreak*"').then((r) => r.stdout);
    const before = [await readIptables(sandbox), await files()];
    statusOf(await sandbox.agent(`install --host-id ${IPTABLES_HOST_ID}`, IPTABLES.observe.text));
    await push('p_000000000001', IPTABLES.enforce.text);
    expect(JSON.parse((await sandbox.agent('self-check')).stdout)).toMatchObject({ ok: true, rehearsed: true });
    statusOf(await apply(sandbox, 'p_000000000002', IPTABLES.quarantine.text));
    expect(await sandbox.agent('uninstall --rules leave')).toMatchObject({ code: 3 });
    expect(await sandbox.agent('uninstall')).toMatchObject({ code: 0, stdout: '{"v":1,"uninstalled":true,"rules":"remove","othersUntouched":true,"changedSinceInstall":[],"left":[]}\n' });
    expect([await readIptables(sandbox), await files()]).toEqual(before);
  });
});

test.skipIf(!isHere)('beside an nft that is too old the way is said at the install, and what is confirmed says it from then on', async () => {
  sandbox = await openSandbox('dash');
  expect(await sandbox.agent(`install --host-id ${IPTABLES_HOST_ID}`, IPTABLES.observe.text)).toMatchObject({ code: 3 });
  const tables = () => sandbox.run('nft list tables | grep -c firebreak').then(({ stdout }) => stdout.trim());
  statusOf(await sandbox.agent(`install --host-id ${IPTABLES_HOST_ID} --backend iptables`, IPTABLES.observe.text));
  expect(await push('p_000000000001', IPTABLES.enforce.text)).toMatchObject({ runningMode: 'enforce' });
  expect([await tables(), JSON.parse((await sandbox.agent('facts')).stdout).features]).toEqual(['0', expect.objectContaining({ iptables: true, cgroupKeys: false })]);
  expect(await sandbox.agent('latency')).toMatchObject({ code: 6 });
});

test.skipIf(!isHere)('where the kernel has no table security the same rules stand in mangle, and go from there', async () => {
  sandbox = await openWithoutNft('dash');
  const before = await readIptables(sandbox);
  for (const name of ['iptables', 'ip6tables']) {
    const lacking = `#!/bin/sh\ncase "$*" in *'-t security'*) echo "can't initialize table" >&2; exit 3 ;; esac\nexec /usr/sbin/xtables-legacy-multi ${name} "$@"\n`;
    await sandbox.run(`cat >/etc/${name}-lacking && chmod 755 /etc/${name}-lacking && ln -sfn /etc/${name}-lacking /etc/alternatives/${name}`, lacking);
  }
  statusOf(await sandbox.agent(`install --host-id ${IPTABLES_HOST_ID}`, IPTABLES.observe.text));
  expect(await push('p_000000000001', IPTABLES.enforce.text)).toMatchObject({ runningMode: 'enforce' });
  const tables = (await sandbox.run('iptables-save -t mangle; echo ----; iptables-save -t security')).stdout.split('----');
  expect(tables.map((table) => table.includes('-j FB-IN'))).toEqual([true, false]);
  await sandbox.run('iptables -t mangle -F FB-IN');
  expect(await verify()).toMatchObject({ found: 'rules', unrepaired: '' });
  expect(await sandbox.agent('uninstall')).toMatchObject({ code: 0 });
  expect(await readIptables(sandbox)).toBe(before);
});
