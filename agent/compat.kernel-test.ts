import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { hasIptables } from '../e2e/kernel/iptables-backend.ts';
import { parseProbe } from '../main/services/compatibility.ts';
import { judgeCompatibility } from '../main/services/judge-compatibility.ts';
import { openInstalled, readRuleset } from './testing/agent-story.ts';
import { openSandbox, type Sandbox } from './testing/sandbox.ts';
import { SHELLS } from './testing/shells.ts';

const script = readFileSync(new URL('lib/facts-compat.sh', import.meta.url), 'utf8');
/** Behind it, the name of a program that cannot be run any more. */
const HIDE = 'mkdir -p /run/empty; touch /run/empty/none; hide() { mount --bind /run/empty/none "$(command -v "$1")"; }; hide';
let sandbox: Sandbox;
afterEach(() => sandbox.close());

/** As the console sends it: the script itself on the command line of a shell. */
async function findings(shell: string, prepare = 'true') {
  const { stdout } = await sandbox.run(`${prepare}; s=$(cat); exec ${shell} -c "$s" sh '10.0.0.9 50000 10.0.0.1 22'`, script);
  return judgeCompatibility(parseProbe(stdout.split('\n')), { consoleClockSeconds: Math.round(Date.now() / 1000), user: 'root', isRoot: true });
}
const ids = (found: Awaited<ReturnType<typeof findings>>, level: string) => found.filter((finding) => finding.level === level).map(({ id }) => id);

describe.each(SHELLS)('the compatibility probe under %s', (shell) => {
  const busyboxTools = shell === 'busybox sh';

  test('tries every kind of rule in the kernel, finds nothing red here, and leaves no rule and no file', async () => {
    sandbox = await openSandbox(shell, { busyboxTools });
    const listAll = async () => [await readRuleset(sandbox), (await sandbox.run('find /etc /usr/local /var/lib /run | sort')).stdout];
    const before = await listAll();
    const found = await findings(shell);
    expect(ids(found, 'red')).toEqual([]);
    expect(found.find(({ id }) => id === 'features')?.text).toMatch(/^10 of 10 kinds of rules work: loaded into the kernel/);
    expect(await listAll()).toEqual(before);
  });

  test.each([
    ['root may not change the network', 'true', 'capabilities'],
    ['/usr/local/lib is mounted read-only', 'mount -t tmpfs -o ro none /usr/local/lib', 'folders'],
    ['/usr/local is mounted noexec', 'mount -t tmpfs -o noexec none /usr/local', 'folders.noexec'],
    ['neither nft nor ipset is there', `${HIDE} nft; ${HIDE} ipset`, 'nft'],
    ['there is no room', 'mount -t tmpfs -o size=1m none /var/lib', 'disk'],
  ])('sees that %s', async (_what, prepare, id) => {
    sandbox = await openSandbox(shell, { busyboxTools });
    const wrapped = id === 'capabilities' ? await findings(`setpriv --bounding-set -net_admin ${shell}`) : await findings(shell, prepare);
    expect(ids(wrapped, 'red')).toContain(id);
  });

  test.skipIf(!hasIptables({ program: 'legacy', table: 'security' }))('sees that iptables and ipset can take the place of an nft that is not there, and leaves no rule of them', async () => {
    sandbox = await openSandbox(shell, { busyboxTools });
    const found = await findings(shell, `${HIDE} nft`);
    expect([ids(found, 'red'), found.find(({ id }) => id === 'nft')?.level]).toEqual([[], 'yellow']);
    expect((await sandbox.run('ipset list -n; iptables-legacy-save; iptables-nft-save')).stdout).not.toMatch(/fb_|FB-/);
  });

  test('names other tables and an installed agent, also by way of the agent', async () => {
    sandbox = await openInstalled(shell, { busyboxTools });
    await sandbox.run('nft add table ip theirs');
    expect((await findings(shell)).map(({ id }) => id)).toEqual(expect.arrayContaining(['agent', 'firewall.tables']));
    const { lines } = JSON.parse((await sandbox.agent("compat --ssh '10.0.0.9 50000 10.0.0.1 22'")).stdout);
    const found = judgeCompatibility(parseProbe(lines), { consoleClockSeconds: Math.round(Date.now() / 1000), user: 'firebreak', isRoot: true });
    expect(found.map(({ id, level }) => `${id} ${level}`)).toEqual((await findings(shell)).map(({ id, level }) => `${id} ${level}`));
  });
});
