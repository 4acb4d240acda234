import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FleetHost } from '../../shared/model/host.ts';
import type { Policy } from '../../shared/model/policy.ts';
import { getAddress, printAddress } from '../../shared/net/address.ts';
import { HOST_COMMANDS, IPTABLES_HOST_ABILITIES, printHostRules } from '../../shared/policy/export/iptables-host.ts';
import { perHost } from '../../shared/policy/export/per-host.ts';
import { withoutRefused } from '../../shared/policy/export/testing/without-refused.ts';
import { toExport } from '../../shared/policy/export/to-export.ts';
import { run } from './run.ts';

/** Which iptables, and in which table the rules stand. */
export type IptablesKind = { readonly program: 'legacy' | 'nft'; readonly table: 'security' | 'mangle' };

/** Whether this machine has these programs and its kernel these tables. What needs them is skipped elsewhere, and says so. */
export const hasIptables = ({ program, table }: IptablesKind): boolean =>
  spawnSync('unshare', ['-n', 'sh', '-ec', `xtables-${program}-multi iptables -t ${table} -S; xtables-${program}-multi ip6tables -t ${table} -S; ipset create a hash:ip,port,ip timeout 1 counters`]).status === 0;

type OnHost = (argv: readonly string[], input?: string, env?: Readonly<Record<string, string>>) => string;

const NAMES = ['iptables', 'ip6tables', 'iptables-restore', 'ip6tables-restore'];

/** Loads files of the target `iptables-host` on a host under test by the commands of their own header. Remove its folder with `stop`. */
export class IptablesLoader {
  readonly #folder = mkdtempSync(join(tmpdir(), 'firebreak-iptables-'));
  readonly #table: IptablesKind['table'];

  constructor({ program, table }: IptablesKind) {
    this.#table = table;
    for (const name of NAMES) symlinkSync(`/usr/sbin/xtables-${program}-multi`, join(this.#folder, name));
  }

  /** The rules of one host, hooked in, and the sets that record emptied. Throws what the programs say. */
  load(onHost: OnHost, { policy, hosts, name, nowMs = Date.now() }: { readonly policy: Policy; readonly hosts: readonly FleetHost[]; readonly name: string; readonly nowMs?: number }): void {
    const scope = { chosen: new Set(hosts.filter(({ managed }) => managed).map(({ id }) => id)), nowMs, abilities: IPTABLES_HOST_ABILITIES };
    const own = perHost({ ...toExport(policy, hosts, scope), stamp: { atMs: nowMs, policyText: 'a test', policyHash: '0' } }).find(({ host }) => host.name === name);
    if (own === undefined) throw new Error(`nothing was made for ${name}`);
    for (const { suffix, text } of printHostRules(own.group)) writeFileSync(join(this.#folder, `rules${suffix}`), text);
    const adjust = this.#table === 'mangle' ? [HOST_COMMANDS.useMangle] : [];
    const forget = 'for s in $(ipset list -n | grep -v "^fb_a"); do ipset flush $s; done';
    this.run(onHost, [...adjust, `${HOST_COMMANDS.load} || exit 1`, HOST_COMMANDS.hook, HOST_COMMANDS.prune, forget].join('\n'));
  }

  /** Runs lines of sh with this iptables first in PATH, `f` the files and `t` the table. */
  run(onHost: OnHost, script: string): string {
    return onHost(['sh', '-ec', script], undefined, { PATH: `${this.#folder}:/usr/sbin:/usr/bin:/sbin:/bin`, f: join(this.#folder, 'rules'), t: this.#table });
  }

  stop(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Accounts that are not there would keep everything from being loaded, which a test of its own is about. */
const isThere = (kind: 'passwd' | 'group', name: string): boolean => /^\d+$/.test(name) || run(['getent', kind]).split('\n').some((line) => line.startsWith(`${name}:`));

/** What of a policy can be said, for all managed hosts at once. */
export function sayableByIptables(policy: Policy, hosts: readonly FleetHost[], nowMs = Date.now()): Policy {
  const rules = policy.rules.filter(({ as }) => as === null || as.kind === 'unit' || isThere(as.kind === 'user' ? 'passwd' : 'group', as.name));
  const chosen = new Set(hosts.filter(({ managed, addresses }) => managed && addresses.length > 0).map(({ id }) => id));
  return withoutRefused({ ...policy, rules }, hosts, { chosen, nowMs, abilities: IPTABLES_HOST_ABILITIES }).sayable;
}

/** Elements of the sets that record whose name begins so: `in|out peer protocol port`, and for `fwd` the other end behind it. 0 is no port. */
export function readIpsets(saved: string, prefix: '' | 'miss_'): Set<string> {
  const counted = new Set<string>();
  for (const line of saved.split('\n')) {
    const [, way, peer = '', protocol = '', port = '', other = ''] = new RegExp(`^add fb_${prefix}(in|out|fwd)[46] ([^,]+),([^:]+):([^, ]+)(?:,(\\S+))?`).exec(line) ?? [];
    if (way === undefined) continue;
    const name = protocol === 'ipv6-icmp' ? 'icmpv6' : protocol;
    const ends = other === '' ? '' : ` ${printAddress(getAddress(other))}`;
    counted.add(`${way} ${printAddress(getAddress(peer))} ${name} ${name.startsWith('icmp') ? 0 : port}${ends}`);
  }
  return counted;
}
