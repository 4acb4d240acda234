import { type CompatibilityFinding, type CompatibilityLevel, sortFindings } from '../../shared/model/compatibility.ts';
import { REQUIRED_TOOLS } from './agent-probe.ts';
import { firewallFindings } from './judge-firewalls.ts';

/** What agent/lib/facts-compat.sh printed: the values of each key, in order. */
export type CompatibilityProbe = ReadonlyMap<string, readonly string[]>;
/** The console's clock in the middle of the question. `login`: who was logged in, and whether that is root there, itself or by sudo. */
export type ProbeContext = { consoleClockSeconds: number; user: string; isRoot: boolean };

const MIN_FREE_KIB = 32 * 1024;
const WANTED_FREE_KIB = 320 * 1024;
const WANTED_MEMORY_KIB = 128 * 1024;
const MAX_OFFSET_SECONDS = 5;

/** A feature that the agent cannot do without, or what is lost without it. */
const FEATURES: readonly [name: string, level: CompatibilityLevel, meaning: string][] = [
  ['tables', 'red', 'filter chains with connection tracking'],
  ['recording', 'red', 'sets that packets fill, with counters and time limits'],
  ['intervals', 'red', 'sets of networks and ranges'],
  ['concatenations', 'yellow', 'sets of networks together with ports'],
  ['cgroups', 'yellow', 'matching by control group: flows are recorded without the systemd unit, and rules that name a unit are refused for this host'],
  ['identity', 'yellow', 'matching by user and group: rules that name one are refused for this host'],
  ['times', 'yellow', 'matching by time: rules with a schedule or an end are refused for this host'],
  ['published', 'red', 'connection labels, address types and the port before a redirection, by which what passes through to containers is told apart'],
  ['reject', 'yellow', 'refusing with an answer: what is denied is refused in another way'],
  ['logs', 'yellow', 'logging at a limited rate: what is denied is not logged by the kernel'],
];

const finding = (id: string, level: CompatibilityLevel, text: string, todo = ''): CompatibilityFinding => ({ id, level, text, todo });
const one = (probe: CompatibilityProbe, key: string): string => probe.get(key)?.[0] ?? '';
const has = (probe: CompatibilityProbe, key: string, value: string): boolean => probe.get(key)?.includes(value) ?? false;

/** All findings about a host, worst first; never empty. Pure. */
export function judgeCompatibility(probe: CompatibilityProbe, context: ProbeContext): CompatibilityFinding[] {
  return sortFindings([
    ...judgeLogin(context),
    ...judgeSystem(probe),
    ...judgeTools(probe),
    ...judgeFeatures(probe),
    ...judgeContainer(probe),
    ...firewallFindings({ active: probe.get('active') ?? [], flushes: one(probe, 'flushes'), legacy: one(probe, 'legacy'), tables: one(probe, 'tables').split(',').filter((name) => name !== '') }),
    ...judgeOurs(probe),
    ...judgeFolders(probe),
    ...judgeRoom(probe),
    ...judgeClock(probe, context.consoleClockSeconds),
    finding('ipv6', 'green', one(probe, 'ipv6') === 'on' ? 'IPv6 is in use; rules hold for both families.' : 'IPv6 is off; rules for it are loaded all the same.'),
  ]);
}

function judgeLogin({ user, isRoot }: ProbeContext): CompatibilityFinding[] {
  if (isRoot) return [finding('login', 'green', `The login ${user} can run commands as root.`)];
  return [finding('login', 'red', `The login ${user} cannot run commands as root, so that most of this could only be read as far as anybody may.`, 'Allow it by sudo, log in as root for the install (--as root), or see: firebreak agent sudoers')];
}

function judgeSystem(probe: CompatibilityProbe): CompatibilityFinding[] {
  if (one(probe, 'system') !== 'Linux') return [finding('system', 'red', 'It is not Linux.')];
  const name = `${one(probe, 'os') || 'Linux'}, kernel ${one(probe, 'kernel')}`;
  const systemd = one(probe, 'systemd');
  const found = [finding('system', 'green', `${name}.`)];
  found.push(
    systemd === ''
      ? finding('systemd', 'yellow', 'systemd does not run: rules are not loaded at boot, and flows are recorded only while the console collects.', 'Load them at boot by what starts this host: firebreak-agent boot')
      : finding('systemd', 'green', `systemd ${systemd} loads the rules at boot.`),
  );
  if (one(probe, 'selinux') === '1') found.push(finding('selinux', 'yellow', 'SELinux enforces: it may refuse what the agent does when a timer starts it.', 'After the install look for denials: ausearch -m avc -ts recent'));
  return found;
}

function judgeTools(probe: CompatibilityProbe): CompatibilityFinding[] {
  if (isOverIptables(probe)) return [finding('nft', 'yellow', `${has(probe, 'has', 'nft') ? `nftables ${one(probe, 'nft')} is too old` : 'nft is not installed'}: the agent works over iptables and ipset. Rules by unit or schedule are refused for this host, what leaves it and is denied is dropped without an answer, and flows are recorded without user and unit.`, has(probe, 'has', 'nft') ? 'A newer nftables and kernel give all of it; uninstall the agent before.' : 'Install the package “nftables” for all of it, before the agent.'), ...missingTools(probe)];
  if (!has(probe, 'has', 'nft')) return [finding('nft', 'red', 'nft is not installed.', 'Install the package “nftables”.'), ...missingTools(probe)];
  return [finding('nft', 'green', `nftables ${one(probe, 'nft')}.`), ...missingTools(probe)];
}

/** No nft, or one without sets that packets fill; and the kernel took the same by iptables and ipset. */
const isOverIptables = (probe: CompatibilityProbe): boolean => one(probe, 'iptables') === 'ok' && (!has(probe, 'has', 'nft') || one(probe, 'feature.recording') !== 'ok');

function missingTools(probe: CompatibilityProbe): CompatibilityFinding[] {
  const missing = REQUIRED_TOOLS.filter((tool) => tool !== 'nft' && !has(probe, 'has', tool));
  const lacks = missing.length === 0 ? [] : [finding('tools', 'red', `Not installed: ${missing.join(', ')}.`, missing.includes('ssh-keygen') ? 'Install them; ssh-keygen is in “openssh-client”.' : 'Install them.')];
  return has(probe, 'has', 'unshare') ? lacks : [...lacks, finding('tools.unshare', 'yellow', 'unshare is not installed: an upgrade is not tried out before it is put in use.', 'Install “util-linux”.')];
}

function judgeFeatures(probe: CompatibilityProbe): CompatibilityFinding[] {
  if (!has(probe, 'has', 'nft') || isOverIptables(probe)) return [];
  const refused = FEATURES.flatMap(([name, level, meaning]) => {
    const said = one(probe, `feature.${name}`);
    return said === 'ok' ? [] : [finding(`feature.${name}`, level, `nft or the kernel does not take ${meaning} (${said.replace(/^no: /, '') || 'not tried'}).`, level === 'red' ? 'A newer kernel or nftables is needed.' : '')];
  });
  const tried = one(probe, 'trial') === 'loaded' ? 'loaded into the kernel, in a network of its own' : 'checked by nft; this host gives no network of its own to load them into';
  if (refused.some(({ level }) => level === 'red')) return refused;
  return [...refused, finding('features', 'green', `${FEATURES.length - refused.length} of ${FEATURES.length} kinds of rules work: ${tried}.`)];
}

function judgeContainer(probe: CompatibilityProbe): CompatibilityFinding[] {
  const container = one(probe, 'container');
  const found: CompatibilityFinding[] = [];
  if (one(probe, 'netAdmin') === 'no') found.push(finding('capabilities', 'red', `Root here may not change the network’s rules (no CAP_NET_ADMIN)${container === '' ? '' : `: it is a container (${container})`}.`, 'Install the agent on the machine that runs the container.'));
  else if (container !== '') found.push(finding('container', 'yellow', `It is a container (${container}): rules hold for its own network only, and go when it is made anew.`, 'Better: install the agent on the machine that runs it.'));
  const [count = 0, max = 0] = one(probe, 'conntrack').trim().split(' ').map(Number);
  if (max > 0 && count > max * 0.8) found.push(finding('conntrack', 'yellow', `The table of tracked connections is ${Math.round((count / max) * 100)} % full (${count} of ${max}): when it is full, new connections are dropped, with or without Firebreak.`, 'Raise net.netfilter.nf_conntrack_max.'));
  return found;
}

function judgeOurs(probe: CompatibilityProbe): CompatibilityFinding[] {
  const host = one(probe, 'ourHost');
  if (host !== '') return [finding('agent', 'green', `An agent is installed, as ${host}.`)];
  if (has(probe, 'ourRulesLeft', 'yes')) return [finding('agent', 'yellow', 'Rules of an agent that was removed are still loaded, on purpose.', 'Install with --adopt to keep them, or --replace to drop them.')];
  if (has(probe, 'ourTable', 'yes')) return [finding('agent', 'yellow', 'There is a table “inet firebreak” without an agent: an install replaces it.', 'uninstall --rules restore brings it back.')];
  return [];
}

function judgeFolders(probe: CompatibilityProbe): CompatibilityFinding[] {
  const readOnly = probe.get('readonly') ?? [];
  const found = readOnly.length === 0 ? [] : [finding('folders', 'red', `Cannot be written: ${readOnly.join(', ')}.`, 'Mount them writable, or bind a writable folder there.')];
  if (one(probe, 'mount').split(',').includes('noexec')) found.push(finding('folders.noexec', 'red', 'Programs in /usr/local cannot be run (mounted noexec).', 'Mount it with exec.'));
  return found;
}

function judgeRoom(probe: CompatibilityProbe): CompatibilityFinding[] {
  const found: CompatibilityFinding[] = [];
  const free = Number(one(probe, 'freeKib') || Number.NaN);
  const mib = (kib: number) => `${Math.floor(kib / 1024)} MiB`;
  if (Number.isNaN(free)) found.push(finding('disk', 'yellow', 'How much is free under /var/lib could not be read; recordings take up to 256 MiB.'));
  else if (free < MIN_FREE_KIB) found.push(finding('disk', 'red', `Only ${mib(free)} are free under /var/lib.`, `Free at least ${mib(MIN_FREE_KIB)}; recordings take up to 256 MiB.`));
  else if (free < WANTED_FREE_KIB) found.push(finding('disk', 'yellow', `${mib(free)} are free under /var/lib; recordings take up to 256 MiB.`, 'Collect often, or free more.'));
  else found.push(finding('disk', 'green', `${mib(free)} are free under /var/lib.`));
  const memory = Number(one(probe, 'memoryKib') || Number.NaN);
  if (Number.isNaN(memory)) found.push(finding('memory', 'yellow', 'How much memory is available could not be read; a large policy takes about 64 MiB while it is loaded.'));
  else if (memory < WANTED_MEMORY_KIB) found.push(finding('memory', 'yellow', `Only ${mib(memory)} of memory are available; a large policy takes about 64 MiB while it is loaded.`));
  return found;
}

function judgeClock(probe: CompatibilityProbe, consoleClockSeconds: number): CompatibilityFinding[] {
  const offset = Number(one(probe, 'clock') || Number.NaN) - consoleClockSeconds;
  const synchronised = one(probe, 'ntp');
  const found: CompatibilityFinding[] = [];
  if (Number.isNaN(offset)) found.push(finding('clock', 'yellow', 'Its clock could not be read.'));
  else if (Math.abs(offset) > MAX_OFFSET_SECONDS) found.push(finding('clock', 'yellow', `Its clock is ${Math.abs(Math.round(offset))} s ${offset > 0 ? 'ahead of' : 'behind'} this console’s: flows are dated wrongly, and schedules hold at other times.`, 'Set the clock that is wrong.'));
  else found.push(finding('clock', 'green', 'Its clock agrees with this console’s.'));
  if (synchronised === 'none' && one(probe, 'container') === '') found.push(finding('clock.ntp', 'yellow', 'No service keeps its clock right.', 'Install systemd-timesyncd or chrony, unless the machine below does it.'));
  if (synchronised === 'no') found.push(finding('clock.ntp', 'yellow', 'Its clock is not synchronised.', 'timedatectl set-ntp true, or another time service.'));
  return found;
}
