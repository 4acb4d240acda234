import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BackendClient, createClient } from '../../main/rpc/client.ts';
import { type Backend, createBackend } from '../../main/services/backend.ts';
import type { PerHost } from '../../shared/contract/contract.ts';
import { printSudoers } from '../../shared/text/sudoers-text.ts';
import type { LabHost } from '../lab/host.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { aRule, draftZone, enrol, makeWorkspace, ourRules, overAll, push } from './lab-console.ts';

const AGENT_DIR = new URL('../../agent/', import.meta.url).pathname;
const PROGRAM = '/usr/local/lib/firebreak';

let lab: Lab;
let workspace: ReturnType<typeof makeWorkspace>;
let folder: string;
let open: Backend | undefined;
beforeAll(async () => {
  lab = await startLab({ hosts: [{ name: 'one', role: 'plain' }, { name: 'two', role: 'plain' }] });
  workspace = makeWorkspace();
  folder = mkdtempSync(join(tmpdir(), 'firebreak-agents-'));
});
afterAll(async () => {
  await open?.close();
  workspace?.remove();
  rmSync(folder, { recursive: true, force: true });
  await lab?.stop();
});

/** The same workspace with the agent of another folder. */
async function consoleWith(agentDir = AGENT_DIR, path = workspace.workspacePath): Promise<BackendClient> {
  await open?.close();
  open = createBackend({ workspacePath: path, user: 'tester', agentDir });
  return createClient(open);
}

function packVersion(version: string, changes: Readonly<Record<string, string>> = {}): string {
  const dir = join(folder, version);
  cpSync(AGENT_DIR, dir, { recursive: true });
  writeFileSync(join(dir, 'VERSION'), `${version}\n`);
  for (const [name, appended] of Object.entries(changes)) writeFileSync(join(dir, name), `${readFileSync(join(dir, name), 'utf8')}\n${appended}\n`);
  return dir;
}

async function only(events: AsyncIterable<{ type: 'progress' } | { type: 'done'; result: { hosts: PerHost[] } }>): Promise<PerHost> {
  for await (const event of events) if (event.type === 'done' && event.result.hosts[0] !== undefined) return event.result.hosts[0];
  throw new Error('no result came');
}
const one = { kind: 'names' as const, names: ['one'] };

/** Files with what is in them, units, timers, processes and rules: everything but what a running system writes by itself. */
async function readAll(host: LabHost): Promise<string[]> {
  const script = `find /etc /var /run /usr/local /root /home \\( -path /var/log -o -path /var/cache -o -path /var/lib/systemd -o -path /run/systemd -o -path /run/log -o -path /run/udev -o -path /run/user -o -path /run/credentials -o -path "*/systemd-private-*" \\) -prune -o \\( -type f -o -type l -o -type d \\) -printf '%M %u %p %l\\n' | grep -v ' /run/utmp\\| /run/motd\\|/run/sudo' | sort
find /etc /usr/local -type f | sort | xargs sha256sum
systemctl list-unit-files --plain --no-legend | awk '{ print $1, $2 }' | grep -v '\\.scope ' | sort
systemctl list-units --all --plain --no-legend | awk '{ print $1, $2 }' | grep -v '^run-\\|^session-\\|^user\\|\\.device \\|^ssh@\\|\\.mount \\|\\.scope \\|systemd-.*clean\\|^apt-\\|^dpkg-\\|^e2scrub\\|^fstrim\\|network-pre.target\\|^systemd-timedated\\|^umount.target\\|not-found' | sort
ls /run/systemd/transient 2>/dev/null | grep -i firebreak
ps -eo args | grep -i '[f]irebreak'
nft -s list ruleset`;
  // The shell of this script has its words; a fork of it that is about to become `ps` or `grep` is there now and then.
  return (await host.run(script)).split('\n').filter((line) => !line.startsWith('sh -c find /etc '));
}
const agentFiles = (host: LabHost) => host.run(`cd ${PROGRAM}/ && find . -type f | sort | xargs sha256sum; sha256sum /etc/systemd/system/firebreak*; readlink ${PROGRAM}; systemctl is-active firebreak-collect.timer firebreak-verify.timer firebreak-boot.service`);

describe('the life of an agent', () => {
  let client: BackendClient;
  let host: LabHost;
  let before: string[];
  let rules: string;
  beforeAll(async () => {
    host = lab.host('one');
    await host.run(`printf '#!/usr/sbin/nft -f\\nflush ruleset\\ntable ip theirs {\\n\\tchain c {\\n\\t\\ttype filter hook input priority 0; policy accept;\\n\\t\\ttcp dport 1 drop\\n\\t}\\n}\\n' >/etc/nftables.conf && systemctl enable --now nftables.service`);
    client = await consoleWith();
    before = await readAll(host);
    await enrol(client, [host], lab.sshKeyPath);
    await client.policy.addRules({ rules: [aRule('allow', '10.9.0.0/16', 'app=base', 'tcp/8080')] });
    await draftZone(client, 'base', 'app=base', 'enforce');
    expect((await push(client, 30)).outcome).toBe('confirmed');
    rules = await ourRules(host);
  });

  test('the check before an install finds nothing red on a Debian, names nftables.service, and writes nothing', async () => {
    const events = await client.agents.check({ hosts: one });
    for await (const event of events) {
      if (event.type !== 'done') continue;
      expect(event.result.hosts).toMatchObject([{ hostName: 'one', ok: true, level: 'yellow' }]);
      expect(event.result.hosts[0]?.findings.filter(({ level }) => level !== 'green').map(({ id }) => id)).toEqual(expect.arrayContaining(['firewall.nftables', 'firewall.tables']));
    }
  });

  test('an agent that fails its own check is never put in use, and the former one and its units stay byte for byte', async () => {
    const files = await agentFiles(host);
    const broken = await consoleWith(packVersion('9.0.0', { 'lib/restore.sh': 'restore_rules() { return 1; }' }));
    expect(await only(await broken.agents.install({ hosts: one }))).toMatchObject({ ok: false, error: { title: expect.stringContaining('fails its own check') } });
    expect([await agentFiles(host), await ourRules(host)]).toEqual([files, rules]);
  });

  test('one that systemd cannot run is taken back, with the units that it had changed', async () => {
    const files = await agentFiles(host);
    const broken = await consoleWith(packVersion('9.0.1', { 'units/firebreak-collect.timer': '[Timer]\nOnBootSec=61', 'lib/units.sh': 'units_install() { for unit in $unit_names; do cp "$program_dir/units/$unit" "$unit_dir/$unit"; done; [ "$agent_version" != 9.0.1 ] || [ -n "${undoing-}" ] || { undoing=yes; return 1; }; systemctl daemon-reload; }' }));
    expect(await only(await broken.agents.install({ hosts: one }))).toMatchObject({ ok: false });
    expect([await agentFiles(host), await ourRules(host)]).toEqual([files, rules]);
  });

  test('an upgrade keeps the rules, a reboot and a verify find nothing to mend, and going back must be asked for', async () => {
    const next = await consoleWith(packVersion('9.1.0'));
    expect(await only(await next.agents.install({ hosts: one }))).toMatchObject({ ok: true, text: expect.stringMatching(/^agent 9\.1\.0 is in place; enforce is loaded/) });
    expect(await ourRules(host)).toBe(rules);
    expect(await host.run(`${PROGRAM}/firebreak-agent verify`)).toBe('{"v":1,"found":"","unrepaired":"","skipped":false}\n');
    await host.reboot();
    expect(await ourRules(host)).toBe(rules);
    client = await consoleWith();
    expect(await only(await client.agents.install({ hosts: one }))).toMatchObject({ ok: false, error: { code: 'AGENT_DOWNGRADE' } });
    expect(await only(await client.agents.install({ hosts: one, allowDowngrade: true }))).toMatchObject({ ok: true });
    expect(await ourRules(host)).toBe(rules);
  });

  test('uninstalled with its rules left, they hold without it, over a reboot and a restart of nftables.service, and are taken over again', async () => {
    expect(await only(await client.agents.uninstall({ hosts: one, rules: 'leave' }))).toMatchObject({ ok: true, text: expect.stringContaining('/etc/firebreak/rules.nft') });
    const left = (await readAll(host)).filter((line) => !before.includes(line) && !line.startsWith('\t') && line !== 'table inet firebreak {');
    expect(left.filter((line) => /[Ff]irebreak/.test(line) && !/ \/etc\/firebreak(\/rules\.nft|\/names\.nft)? |firebreak-rules\.service|\/etc\/firebreak\/(rules|names)\.nft$/.test(line))).toEqual([]);
    const chains = (text: string) => [...text.matchAll(/^\tchain \w+ \{\n(?:\t\t.*\n)*\t\}$/gm)].map(([chain]) => chain).sort();
    expect(chains(await ourRules(host))).toEqual(chains(rules));
    // Its unit comes after that of nftables.service, for which alone systemctl waits.
    await host.run('systemctl restart nftables.service && systemctl start firebreak-rules.service');
    expect(chains(await ourRules(host))).toEqual(chains(rules));
    await host.run('systemctl reload nftables.service && systemctl start firebreak-rules.service');
    expect(chains(await ourRules(host))).toEqual(chains(rules));
    await host.reboot();
    expect(chains(await ourRules(host))).toEqual(chains(rules));
    expect(await only(await client.agents.install({ hosts: one }))).toMatchObject({ ok: false, error: { title: expect.stringContaining('were left here') } });
    expect(await only(await client.agents.install({ hosts: one, adopt: true }))).toMatchObject({ ok: true, text: expect.stringContaining('enforce is loaded') });
    expect(chains(await ourRules(host))).toEqual(chains(rules));
    expect((await host.exec('ls /etc/systemd/system/firebreak-rules.service /etc/firebreak/rules.nft')).stdout).toBe('');
  });

  test.each(['remove', 'restore'] as const)('uninstalled with --rules %s, nothing of it is left anywhere', async (ending) => {
    if (ending === 'restore') {
      await overAll(client, 'install');
      expect((await push(client, 30)).outcome).toBe('confirmed');
    }
    expect(await only(await client.agents.uninstall({ hosts: one, rules: ending }))).toMatchObject({ ok: true });
    expect(await readAll(host)).toEqual(before);
  });
});

describe('a login that may run the agent and nothing else', () => {
  test('does everything that the console does but install, and is refused a shell and nft', async () => {
    const host = lab.host('two');
    const own = makeWorkspace();
    const client = await consoleWith(AGENT_DIR, own.workspacePath);
    try {
      await host.run(`useradd --system --create-home --shell /bin/sh firebreak && install -d -m 700 -o firebreak -g firebreak /home/firebreak/.ssh && cp /root/.ssh/authorized_keys /home/firebreak/.ssh/ && chown firebreak: /home/firebreak/.ssh/authorized_keys && chmod 600 /home/firebreak/.ssh/authorized_keys`);
      await host.run(`cat >/tmp/sudoers <<'END'\n${printSudoers('firebreak')}END\nvisudo -cf /tmp/sudoers && install -m 440 /tmp/sudoers /etc/sudoers.d/firebreak`);
      const ssh = { address: host.ipv4, port: 22, user: 'firebreak', identity: { kind: 'key-file' as const, keyPath: lab.sshKeyPath }, sudo: 'nopasswd' as const, jump: null };
      await client.hosts.add({ name: 'two', ssh, addresses: [], labels: host.plan.labels, note: '' });
      const { presented } = await client.hosts.showKey({ name: 'two' });
      await client.hosts.trust({ name: 'two', key: presented, replace: false });
      const all = { kind: 'all' as const };
      expect(await only(await client.agents.install({ hosts: all }))).toMatchObject({ ok: false, error: { code: 'SUDO_PASSWORD_NEEDED' } });
      expect(await only(await client.agents.install({ hosts: all, as: 'root' }))).toMatchObject({ ok: true });
      for await (const event of await client.agents.check({ hosts: all })) if (event.type === 'done') expect(event.result.hosts[0]?.findings.filter(({ level }) => level === 'red')).toEqual([]);
      await overAll(client, 'collect');
      await overAll(client, 'status');
      await client.policy.addRules({ rules: [aRule('allow', '10.9.0.0/16', 'app=base', 'tcp/8080')] });
      await draftZone(client, 'base', 'app=base', 'enforce');
      expect((await push(client, 30)).outcome).toBe('confirmed');
      await host.run('nft insert rule inet firebreak input accept');
      await overAll(client, 'collect');
      expect(await ourRules(host)).not.toMatch(/chain input \{\n.*\n\t\taccept/);
      let rolledBack = '';
      for await (const event of await client.pushes.rollback({ hosts: all, note: '', confirmWithinSeconds: 30 })) rolledBack = event.outcome ?? '';
      expect(rolledBack).toBe('confirmed');
      for (const words of ['sh -c id', 'nft list ruleset', `${PROGRAM}/firebreak-agent uninstall`, `${PROGRAM}/firebreak-agent rollback --to-observe`, `sh ${PROGRAM}/install.sh`, `${PROGRAM}/firebreak-agent install --host-id h_0123456789ab`]) {
        expect(await host.exec(`su firebreak -c 'sudo -n ${words}'`), words).toMatchObject({ code: 1, stderr: expect.stringMatching(/a password is required|not allowed/) });
      }
      expect(await host.exec(`su firebreak -c 'sudo -n ${PROGRAM}/firebreak-agent rollback --id p_1 --to-observe'`)).toMatchObject({ code: 2 });
    } finally {
      await open?.close();
      open = undefined;
      own.remove();
    }
  });
});
