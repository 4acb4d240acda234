import { expect, test } from 'vitest';
import { printCompatibility, worstLevel } from '../../shared/model/compatibility.ts';
import { isOlderVersion } from './agent-version.ts';
import { judgeCompatibility } from './judge-compatibility.ts';

const TOOLS = ['nft', 'awk', 'sed', 'grep', 'sort', 'comm', 'cmp', 'head', 'cut', 'tr', 'wc', 'sha256sum', 'gzip', 'flock', 'timeout', 'setsid', 'sync', 'mktemp', 'find', 'tar', 'ssh-keygen', 'unshare'];
const FEATURES = ['tables', 'recording', 'cgroups', 'intervals', 'concatenations', 'identity', 'times', 'published', 'reject', 'logs'];
const NOW_SECONDS = 1_700_000_000;

/** A host on which all is well, with changes; undefined leaves a key out. */
function aProbe(changes: Readonly<Record<string, string | readonly string[] | undefined>> = {}): Map<string, string[]> {
  const good = { uid: '0', system: 'Linux', os: 'Debian', kernel: '6.1', nft: '1.0.6', systemd: '252', netAdmin: 'yes', trial: 'loaded', ipv6: 'on', clock: String(NOW_SECONDS), ntp: 'yes', freeKib: '9000000', memoryKib: '4000000', conntrack: '10 1000', mount: 'rw,relatime', has: TOOLS };
  const features = Object.fromEntries(FEATURES.map((name) => [`feature.${name}`, 'ok']));
  const all: Record<string, string | readonly string[] | undefined> = { ...good, ...features, ...changes };
  return new Map(Object.entries(all).flatMap(([key, value]) => (value === undefined ? [] : [[key, typeof value === 'string' ? [value] : [...value]]])));
}
const judge = (changes: Parameters<typeof aProbe>[0] = {}, isRoot = true) => judgeCompatibility(aProbe(changes), { consoleClockSeconds: NOW_SECONDS, user: 'ops', isRoot });

test('a host on which all is well is green', () => {
  expect(judge().filter(({ level }) => level !== 'green')).toEqual([]);
});

test.each<[what: string, changes: Parameters<typeof aProbe>[0], id: string, level: string]>([
  ['without nft', { has: TOOLS.slice(1) }, 'nft', 'red'],
  ['without nft and with half of iptables', { has: TOOLS.slice(1), iptables: 'ipset is not installed' }, 'nft', 'red'],
  ['without nft, where iptables and ipset do', { has: TOOLS.slice(1), iptables: 'ok' }, 'nft', 'yellow'],
  ['whose nft is too old, where iptables and ipset do', { 'feature.recording': 'no: syntax error', iptables: 'ok' }, 'nft', 'yellow'],
  ['whose nft is too old, with nothing else', { 'feature.recording': 'no: syntax error' }, 'feature.recording', 'red'],
  ['without ssh-keygen', { has: TOOLS.filter((tool) => tool !== 'ssh-keygen') }, 'tools', 'red'],
  ['whose kernel knows no sets that packets fill', { 'feature.recording': 'no: Operation not supported' }, 'feature.recording', 'red'],
  ['whose nft cannot match control groups', { 'feature.cgroups': 'no: syntax error' }, 'feature.cgroups', 'yellow'],
  ['whose features were not tried', { 'feature.tables': undefined }, 'feature.tables', 'red'],
  ['whose root may not change the network', { netAdmin: 'no', container: 'lxc' }, 'capabilities', 'red'],
  ['that is a container', { container: 'docker' }, 'container', 'yellow'],
  ['with a read-only root', { readonly: ['/usr/local/lib', '/var/lib'] }, 'folders', 'red'],
  ['that runs nothing from /usr/local', { mount: 'rw,noexec' }, 'folders.noexec', 'red'],
  ['with a full disk', { freeKib: '1000' }, 'disk', 'red'],
  ['whose room could not be read', { freeKib: undefined }, 'disk', 'yellow'],
  ['whose memory could not be read', { memoryKib: 'n/a' }, 'memory', 'yellow'],
  ['whose clock could not be read', { clock: undefined }, 'clock', 'yellow'],
  ['with little room', { freeKib: '100000' }, 'disk', 'yellow'],
  ['whose clock is an hour off', { clock: String(NOW_SECONDS - 3600) }, 'clock', 'yellow'],
  ['whose clock is not synchronised', { ntp: 'no' }, 'clock.ntp', 'yellow'],
  ['without a service for its clock', { ntp: 'none' }, 'clock.ntp', 'yellow'],
  ['without systemd', { systemd: undefined }, 'systemd', 'yellow'],
  ['with SELinux', { selinux: '1' }, 'selinux', 'yellow'],
  ['with ufw', { active: ['ufw', 'ufw'] }, 'firewall.ufw', 'yellow'],
  ['with firewalld', { active: ['firewalld'] }, 'firewall.firewalld', 'yellow'],
  ['with Docker', { active: ['docker'] }, 'firewall.docker', 'yellow'],
  ['with fail2ban', { active: ['fail2ban'] }, 'firewall.fail2ban', 'yellow'],
  ['whose nftables.service flushes', { active: ['nftables'], flushes: '/etc/nftables.conf' }, 'firewall.nftables', 'yellow'],
  ['with iptables-legacy', { legacy: 'filter nat ' }, 'firewall.iptables-legacy', 'yellow'],
  ['with tables of others', { tables: 'ip filter,ip nat,' }, 'firewall.tables', 'yellow'],
  ['with nearly all connections tracked', { conntrack: '950 1000 ' }, 'conntrack', 'yellow'],
  ['with rules that were left', { ourRulesLeft: 'yes', ourTable: 'yes' }, 'agent', 'yellow'],
])('a host %s has one finding about it, and everything else is green', (_what, changes, id, level) => {
  expect(judge(changes).filter((finding) => finding.level !== 'green')).toMatchObject([{ id, level }]);
});

test('what is red stands first, and decides', () => {
  const findings = judge({ active: ['ufw'], netAdmin: 'no' });
  expect([findings[0]?.id, worstLevel(findings)]).toEqual(['capabilities', 'red']);
});

test('a login that is not root is red, whatever else could be read', () => {
  expect(judge({}, false)[0]).toMatchObject({ id: 'login', level: 'red', todo: expect.stringContaining('sudoers') });
});

test('the text export names every finding with what to do, and hosts that could not be asked', () => {
  const unreached = { hostName: 'db-2', ok: false, level: null, findings: [], error: { code: 'HOST_UNREACHABLE', title: 'db-2 cannot be reached.', hint: 'Is it up?' } };
  const findings = judge({ ntp: 'no' });
  const text = printCompatibility([{ hostName: 'db-1', ok: true, level: worstLevel(findings), findings, error: null }, unreached], Date.UTC(2026, 0, 1));
  expect(text.split('\n')[0]).toBe('Firebreak compatibility check, 2026-01-01 00:00 UTC');
  expect(text).toContain('2 hosts: 0 green, 1 yellow, 0 red, 1 not reached\n\ndb-1: YELLOW\n  yellow clock.ntp: Its clock is not synchronised.\n         → timedatectl');
  expect(text).toContain('\ndb-2: NOT REACHED\n  db-2 cannot be reached.\n  → Is it up?\n');
});

test('what a host says cannot forge a line of the text export, or move the cursor of who reads it', () => {
  const findings = judge({ os: 'Debian\n\nweb-9: GREEN', kernel: '6.1\u001b[2J' });
  const text = printCompatibility([{ hostName: 'db-1', ok: true, level: worstLevel(findings), findings, error: null }], 0);
  expect(text).toContain('Debian\\x0a\\x0aweb-9: GREEN, kernel 6.1\\x1b[2J.');
});

test.each([
  ['0.9.0', '0.10.0', true],
  ['0.10.0', '0.9.0', false],
  ['1.0.0', '1.0.0', false],
  ['1.2', '1.2.1', true],
  ['2.0.0', '1.9.9', false],
])('version %s is older than %s: %s', (a, b, isOlder) => {
  expect(isOlderVersion(a, b)).toBe(isOlder);
});
