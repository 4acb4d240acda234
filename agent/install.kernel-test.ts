import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { apply, ENFORCE, HOST_ID, OBSERVE, openInstalled, readRuleset, readStatus, statusOf } from './testing/agent-story.ts';
import { killAtLine } from './testing/kill-at-line.ts';
import { packVersion, readHost } from './testing/new-program.ts';
import { sampleBundle } from './testing/sample-bundle.ts';
import { type AgentShell, openSandbox, type RunResult, type Sandbox } from './testing/sandbox.ts';
import { killPoints, shellsInTurn } from './testing/shells.ts';

let sandbox: Sandbox;
afterEach(() => sandbox.close());

async function openEnforcing(shell: AgentShell): Promise<void> {
  sandbox = await openInstalled(shell, { busyboxTools: shell === 'busybox sh' });
  statusOf(await apply(sandbox, 'p_000000000001', ENFORCE.text));
  statusOf(await sandbox.agent('confirm p_000000000001'));
}
const installFrom = (dir: string, words = '', shell: AgentShell = 'dash'): Promise<RunResult> => sandbox.run(`exec ${shell} ${dir}/firebreak-agent install --host-id ${HOST_ID} ${words}`, OBSERVE.text);
const errorOf = (result: RunResult): [number, string] => [result.code, JSON.parse(result.stdout).error];

describe.each(shellsInTurn(1))('an upgrade under %s', (shell) => {
  beforeEach(() => openEnforcing(shell));

  test('puts the new program in use; rules, policy and events stay, and the next verify has nothing to mend', async () => {
    const before = await readRuleset(sandbox);
    const { eventSeq } = await readStatus(sandbox);
    expect(statusOf(await installFrom(packVersion(sandbox, '9.1.0'), '', shell))).toMatchObject({ agentVersion: '9.1.0', runningBundle: ENFORCE.hash, confirmedBundle: ENFORCE.hash, eventSeq });
    expect(await readRuleset(sandbox)).toBe(before);
    expect(await readStatus(sandbox)).toMatchObject({ agentVersion: '9.1.0' });
    expect(JSON.parse((await sandbox.agent('verify')).stdout)).toMatchObject({ found: '', unrepaired: '' });
    expect((await sandbox.run('cat /var/lib/firebreak/program/VERSION; ls -d /usr/local/lib/*')).stdout).toMatch(/^9\.1\.0\n\/usr\/local\/lib\/firebreak\n\/usr\/local\/lib\/firebreak\.[ab]\n$/);
    await sandbox.run('nft delete table inet firebreak');
    expect(await sandbox.agent('boot')).toMatchObject({ code: 0 });
    expect(await readStatus(sandbox)).toMatchObject({ runningBundle: ENFORCE.hash });
  });

  test.each([
    ['cannot boot into the rules', { 'lib/restore.sh': (text: string) => `${text}\nrestore_rules() { return 1; }\n` }, /a boot with it fails/],
    ['would boot into other rules', { 'lib/load.sh': (text: string) => `${text}\nload_bundle() { load_epoch; nft_ -f "$1" && nft_ add rule inet firebreak input accept; }\nload_bundle_anew() { load_bundle "$1"; }\n` }, /other rules/],
    ['does not take the confirmed policy', { 'lib/bundle.sh': (text: string) => text.replace("'# firebreak bundle 1'", "'# firebreak bundle 2'").replace(/^bundle_judge\(\) \{$/m, '$&\n  case $1 in */confirmed.nft) ;; *) bundle_read "$1"; b_fault= ; return ;; esac') }, /first line/],
    ['cannot tell its status once it lies in its place', { 'lib/status.sh': (text: string) => text.replace('cmd_status() {', '$&\n  [ "$0" != /usr/local/sbin/firebreak-agent ] || exit 9') }, /does not run/],
  ])('is taken back when the new agent %s', async (_what, changes, reason) => {
    const before = await readHost(sandbox);
    const failed = await installFrom(packVersion(sandbox, '9.1.0', changes), '', shell);
    expect(errorOf(failed)).toEqual([1, 'SELF_CHECK_FAILED']);
    expect(JSON.parse(failed.stdout).detail).toMatch(reason);
    expect(await readHost(sandbox)).toEqual(before);
    expect(JSON.parse((await sandbox.agent('verify')).stdout)).toMatchObject({ found: '', unrepaired: '' });
  });

  test('to an older version is refused, unless it is asked for', async () => {
    statusOf(await installFrom(packVersion(sandbox, '9.10.0'), '', shell));
    await sandbox.agent('verify');
    const before = await readHost(sandbox);
    const older = packVersion(sandbox, '9.9.1');
    const refused = await installFrom(older, '', shell);
    expect([errorOf(refused), JSON.parse(refused.stdout).installed]).toEqual([[3, 'DOWNGRADE_REFUSED'], '9.10.0']);
    expect(await readHost(sandbox)).toEqual(before);
    expect(statusOf(await installFrom(older, '--allow-downgrade', shell))).toMatchObject({ agentVersion: '9.9.1', runningBundle: ENFORCE.hash });
  });

  test('of a host from before programs had two folders works too', async () => {
    await sandbox.run('cd /usr/local/lib && d=$(readlink firebreak) && rm firebreak && mv "$d" firebreak');
    const before = await readRuleset(sandbox);
    expect(statusOf(await installFrom(packVersion(sandbox, '9.1.0'), '', shell))).toMatchObject({ agentVersion: '9.1.0', runningBundle: ENFORCE.hash });
    expect(await readRuleset(sandbox)).toBe(before);
    await sandbox.agent('verify');
    expect((await sandbox.run('ls /usr/local/lib; cat /usr/local/lib/firebreak/VERSION')).stdout).toBe('firebreak\nfirebreak.b\n9.1.0\n');
  });
});

const OTHER_ID = 'h_999999999999';
const OTHERS = sampleBundle({ hostId: OTHER_ID });
const confirmedText = async () => (await sandbox.run('cat /var/lib/firebreak/confirmed.nft')).stdout;
const bootAnew = async () => {
  await sandbox.run('nft delete table inet firebreak');
  return sandbox.agent('boot');
};

describe.each(shellsInTurn(0))('an install on the host of another workspace under %s', (shell) => {
  beforeEach(() => openEnforcing(shell));
  const take = (words: string) => sandbox.run(`exec ${shell} ${sandbox.programDir}/firebreak-agent install --host-id ${OTHER_ID} ${words}`, OTHERS.text);

  test('is refused, also with both ways of taking it', async () => {
    const before = await readHost(sandbox);
    expect(errorOf(await take(''))).toEqual([3, 'OTHER_CONSOLE']);
    expect(errorOf(await take('--adopt --replace'))).toEqual([2, 'USAGE']);
    expect(await readHost(sandbox)).toEqual(before);
  });

  test('with --adopt keeps the rules byte for byte, in the kernel and for the next boot, under its own id', async () => {
    const before = await readRuleset(sandbox);
    const text = await confirmedText();
    const { kernelHash } = await readStatus(sandbox);
    expect(statusOf(await take('--adopt'))).toMatchObject({ hostId: OTHER_ID, runningBundle: ENFORCE.hash, confirmedBundle: ENFORCE.hash, kernelHash });
    expect(await readRuleset(sandbox)).toBe(before);
    expect(await confirmedText()).toBe(text.replace(HOST_ID, OTHER_ID));
    expect(JSON.parse((await sandbox.agent('verify')).stdout)).toMatchObject({ found: '', unrepaired: '' });
    expect(await bootAnew()).toMatchObject({ code: 0, stdout: '{"v":1,"loaded":"confirmed.nft"}\n' });
    expect(await readStatus(sandbox)).toMatchObject({ hostId: OTHER_ID, runningBundle: ENFORCE.hash, kernelHash });
  });

  test('with --replace drops the rules and forgets what was confirmed', async () => {
    expect(statusOf(await take('--replace'))).toMatchObject({ hostId: OTHER_ID, runningBundle: OTHERS.hash, confirmedBundle: OTHERS.hash });
    expect((await sandbox.run('grep -l "mode enforce" -r /var/lib/firebreak /etc/firebreak')).stdout).toBe('');
    expect(await bootAnew()).toMatchObject({ code: 0 });
    expect(await readStatus(sandbox)).toMatchObject({ runningBundle: OTHERS.hash });
  });
});

test('an install that takes a host over and cannot write its state leaves the former policy running, confirmed and booting', async () => {
  await openEnforcing('dash');
  const before = await readHost(sandbox);
  // From the moment on at which the new rules run.
  const dir = packVersion(sandbox, '9.1.0', { 'lib/install-rules.sh': (text) => text.replace('install_confirm() {', '$&\n  mkdir "$installing_dir.new/confirmed.nft.new"') });
  const failed = await sandbox.run(`dash ${dir}/firebreak-agent install --host-id ${OTHER_ID} --replace`, OTHERS.text);
  expect(errorOf(failed)).toEqual([7, 'FILES_NOT_WRITTEN']);
  expect((await readHost(sandbox)).filter((line) => !/\/(state|cgroups)$/.test(line))).toEqual(before.filter((line) => !/\/(state|cgroups)$/.test(line)));
  expect(await bootAnew()).toMatchObject({ code: 0, stdout: '{"v":1,"loaded":"confirmed.nft"}\n' });
  expect(await readStatus(sandbox)).toMatchObject({ hostId: HOST_ID, runningBundle: ENFORCE.hash });
});

describe('kill -9 of an install at any point', () => {
  const POINTS = killPoints(8);

  /** Kills at points spread over the whole trace, each on a host of its own. */
  async function atPoints(words: string, bundle: string, assess: (at: string) => Promise<void>): Promise<void> {
    let lines = Number.POSITIVE_INFINITY;
    let killed = 0;
    for (let point = -1; point < POINTS; point += 1) {
      await openEnforcing('dash');
      const dir = packVersion(sandbox, '9.1.0');
      const line = point < 0 ? Number.POSITIVE_INFINITY : Math.ceil(((point + 0.5) * lines) / POINTS);
      const result = await killAtLine(sandbox, `install ${words}`, bundle, line, dir);
      if (point < 0) lines = result.lines;
      if (result.killed) killed += 1;
      await assess(`killed at line ${line} of ${lines}`);
      if (point < POINTS - 1) sandbox.close();
    }
    expect(killed).toBeGreaterThan(POINTS / 2);
  }
  const whole = async () => (await sandbox.run('cd /usr/local/lib/firebreak/ && sha256sum --quiet -c MANIFEST && cat VERSION')).stdout.trim();

  test('as an upgrade leaves one whole agent and the rules that ran, and verify and the next install end it', async () => {
    await atPoints(`--host-id ${HOST_ID}`, OBSERVE.text, async (at) => {
      expect(await whole(), at).toMatch(/^(0\.1\.0|9\.1\.0)$/);
      const { kernelHash } = await readStatus(sandbox);
      expect(await bootAnew(), at).toMatchObject({ code: 0, stdout: '{"v":1,"loaded":"confirmed.nft"}\n' });
      expect(await readStatus(sandbox), at).toMatchObject({ hostId: HOST_ID, runningBundle: ENFORCE.hash, confirmedBundle: ENFORCE.hash, kernelHash });
      expect(JSON.parse((await sandbox.agent('verify')).stdout), at).toMatchObject({ unrepaired: '' });
      expect((await sandbox.run('cmp /usr/local/lib/firebreak/MANIFEST /var/lib/firebreak/program/MANIFEST')).code, at).toBe(0);
      expect(statusOf(await installFrom(packVersion(sandbox, '9.2.0')))).toMatchObject({ agentVersion: '9.2.0', runningBundle: ENFORCE.hash });
    });
  });

  test('as a take-over boots into the former policy under the former id, or into the new one under the new id', async () => {
    await atPoints(`--host-id ${OTHER_ID} --replace`, OTHERS.text, async (at) => {
      expect(await whole(), at).toMatch(/^(0\.1\.0|9\.1\.0)$/);
      expect(await bootAnew(), at).toMatchObject({ code: 0, stdout: '{"v":1,"loaded":"confirmed.nft"}\n' });
      const { hostId, runningBundle, confirmedBundle } = await readStatus(sandbox);
      expect([`${HOST_ID} ${ENFORCE.hash}`, `${OTHER_ID} ${OTHERS.hash}`], at).toContain(`${hostId} ${runningBundle}`);
      expect(confirmedBundle, at).toBe(runningBundle);
    });
  });
});

describe.each(shellsInTurn(2))('uninstall under %s', (shell) => {
  const FOREIGN = 'nft add table ip foreign; nft add chain ip foreign c "{ type filter hook input priority 0; policy accept; }"; nft add rule ip foreign c tcp dport 1 drop';
  const rulesIn = async () => [...(await readRuleset(sandbox)).matchAll(/^\tchain \w+ \{\n(?:\t\t.*\n)*\t\}$/gm)].map(([chain]) => chain).sort();
  const listOurs = async () => (await sandbox.run('find /run /var/lib /usr/local /etc -path "*firebreak*" | sort')).stdout;

  test('with --rules leave keeps the rules in plain files, and the next agent must be told what to do with them', async () => {
    await openEnforcing(shell);
    await sandbox.run(FOREIGN);
    const rules = await rulesIn();
    const before = await readRuleset(sandbox);
    expect(JSON.parse((await sandbox.agent('uninstall --rules leave')).stdout)).toEqual({ v: 1, uninstalled: true, rules: 'leave', othersUntouched: true, changedSinceInstall: ['ip foreign'], left: ['/etc/firebreak/rules.nft', '/etc/firebreak/names.nft'] });
    expect(await listOurs()).toBe('/etc/firebreak\n/etc/firebreak/names.nft\n/etc/firebreak/rules.nft\n');
    expect(await readRuleset(sandbox)).toBe(before);
    expect(errorOf(await installFrom(sandbox.programDir, '', shell))).toEqual([3, 'RULES_LEFT']);
    expect(await readRuleset(sandbox)).toBe(before);
    await sandbox.run('nft delete table inet firebreak; cat /etc/firebreak/rules.nft /etc/firebreak/names.nft | nft -f -');
    expect(await rulesIn()).toEqual(rules);
    expect(statusOf(await installFrom(sandbox.programDir, '--adopt', shell))).toMatchObject({ runningBundle: ENFORCE.hash, confirmedBundle: ENFORCE.hash });
    expect(await rulesIn()).toEqual(rules);
    expect((await sandbox.run('ls /etc/firebreak/rules.nft /etc/firebreak/names.nft')).stdout).toBe('');
  });

  test('with --rules restore brings a table of our name back that was there before, and says what others changed since', async () => {
    sandbox = await openSandbox(shell, { busyboxTools: shell === 'busybox sh' });
    await sandbox.run(`${FOREIGN}; nft add table inet firebreak; nft add chain inet firebreak mine "{ type filter hook input priority 5; policy accept; }"; nft add rule inet firebreak mine tcp dport 4 drop`);
    const before = [await readRuleset(sandbox), (await sandbox.run('find /etc /var/lib /usr/local -printf "%p %l %m\\n" | sort')).stdout];
    statusOf(await installFrom(sandbox.programDir, '', shell));
    expect(await readRuleset(sandbox)).not.toContain('dport 4 drop');
    await sandbox.run('nft add table ip later');
    expect(JSON.parse((await sandbox.agent('uninstall --rules restore')).stdout)).toMatchObject({ rules: 'restore', othersUntouched: true, changedSinceInstall: ['ip later'], left: [] });
    await sandbox.run('nft delete table ip later');
    expect([await readRuleset(sandbox), (await sandbox.run('find /etc /var/lib /usr/local -printf "%p %l %m\\n" | sort')).stdout]).toEqual(before);
  });

  test('with --rules leave is refused while rules name a systemd unit, and nothing changes', async () => {
    sandbox = await openInstalled(shell, { busyboxTools: shell === 'busybox sh' });
    const withUnit = ENFORCE.text.slice(ENFORCE.text.indexOf('# --- phase 1')).replace('table inet firebreak {', '# fill u_0123456789ab unit nginx.service\ntable inet firebreak {\n\tset u_0123456789ab { typeof socket cgroupv2 level 2; }');
    statusOf(await apply(sandbox, 'p_000000000001', sampleBundle({ mode: 'enforce', bodyOverride: withUnit }).text));
    statusOf(await sandbox.agent('confirm p_000000000001'));
    const before = await readHost(sandbox);
    expect(errorOf(await sandbox.agent('uninstall --rules leave'))).toEqual([3, 'RULES_NOT_LEFT']);
    expect(await readHost(sandbox)).toEqual(before);
  });
});
