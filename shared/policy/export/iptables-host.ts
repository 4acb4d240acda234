import type { FleetHost } from '../../model/host.ts';
import type { HostRuleset } from '../host-ruleset.ts';
import type { Abilities } from './abilities.ts';
import type { ExportEntry, ExportFile, ExportInput } from './export-form.ts';
import { commented, headerLines } from './export-header.ts';
import { HOOKED_CHAINS, type HostSides, hostChains } from './iptables-chains.ts';
import { countRules } from './iptables-entries.ts';
import { serviceObstacle, TIME_ENDS_MS } from './iptables-match.ts';
import { type IptablesChain, RECORDING_SETS } from './iptables-recording.ts';
import { createIpsetBook } from './iptables-sets.ts';
import { perHost } from './per-host.ts';

/** Of one entry. Ports and own addresses are the only things that multiply. */
const MOST_RULES = 4096;
/** The last that is an account: one more is “none” to the kernel. */
const LAST_ACCOUNT = 4_294_967_294;

export const IPTABLES_HOST_ABILITIES: Abilities = {
  deny: true,
  test: true,
  onlyServices: true,
  containments: true,
  // Only by hours of UTC or of the kernel’s own clock, which daylight saving moves.
  schedules: false,
  endsBeforeMs: TIME_ENDS_MS,
  ownAddresses: true,
  isOnHost: true,
  obstacle: (entry) => serviceObstacle(entry.service) ?? accountObstacle(entry) ?? sizeObstacle(entry),
  blindSpot: (host, ruleset) => (isSendingAsHost(host, ruleset) ? 'what its containers send under its address gets that address after the last place where iptables can refuse, so that it is recorded and not judged' : null),
};

const accountObstacle = ({ as }: ExportEntry): string | null => (as !== null && /^\d+$/.test(as.name) && Number(as.name) > LAST_ACCOUNT ? `${as.name} is more than the number of any account` : null);

function sizeObstacle(entry: ExportEntry): string | null {
  const rules = countRules(entry);
  return rules > MOST_RULES ? `it would take ${rules} rules, one for each pair of an own network and a range of ports` : null;
}

/** Published ports are what tells that there are containers; others may be there all the same, and the header says so. */
const isSendingAsHost = ({ published = [] }: FleetHost, { mode, outbound, denyOut }: HostRuleset): boolean => published.length > 0 && mode !== 'observe' && (outbound === 'restricted' || denyOut.some(({ as }) => as === null));

const HOOKS = Object.entries(HOOKED_CHAINS).map(([kernels, ours]) => `${kernels}:${ours}`).join(' ');

/**
 * What root runs on the host, as the header and tests have it; `f` is the name of the files without their endings, `t` the table. Words of sh, and no more than old iptables has.
 * Jumps are put in once and stay: a restore could not say “unless it is there”.
 */
export const HOST_COMMANDS = {
  load: 'ipset -exist restore <"$f.ipset" && iptables-restore -n -t <"$f.v4" && ip6tables-restore -n -t <"$f.v6" && iptables-restore -n <"$f.v4" && ip6tables-restore -n <"$f.v6"',
  hook: `for i in iptables ip6tables; do for c in ${HOOKS}; do $i -t $t -C \${c%:*} -j \${c#*:} 2>/dev/null || $i -t $t -I \${c%:*} 1 -j \${c#*:}; done; done`,
  prune: 'for s in $(ipset list -n | grep "^fb_a[46]_"); do ipset destroy $s 2>/dev/null || :; done',
  useMangle: 'sed -i "s/^\\*security/*mangle/" "$f.v4" "$f.v6"',
  remove: [
    `for i in iptables ip6tables; do for c in ${HOOKS}; do while $i -t $t -D \${c%:*} -j \${c#*:} 2>/dev/null; do :; done; done; done`,
    'for i in iptables ip6tables; do for d in F X; do for c in $($i -t $t -S | sed -n "s/^-N \\(FB-[A-Z-]*\\)$/\\1/p"); do $i -t $t -$d $c; done; done; done',
    'for s in $(ipset list -n | grep "^fb_"); do ipset destroy $s; done',
  ],
} as const;

const USE = [
  'For this Linux host itself, where no agent of Firebreak is to run: iptables, ip6tables and ipset, no nft. As root in sh, with f the name of',
  'these files without .v4, .v6 and .ipset. Nothing of it stays over a reboot: load it at boot, too, before the network is up. To load, now and again:',
  `  ${HOST_COMMANDS.load}`,
  'NOTHING IS JUDGED until these chains are hooked in, once (again does no harm):',
  '  t=security',
  `  ${HOST_COMMANDS.hook}`,
  'Sets of earlier rules go with this; those in use stay:',
  `  ${HOST_COMMANDS.prune}`,
  'Where the kernel has no table security (iptables -t security -S fails), say t=mangle, and before loading:',
  `  ${HOST_COMMANDS.useMangle}`,
  'To take it away, say t as above, and:',
  ...HOST_COMMANDS.remove.map((line) => `  ${line}`),
  'Each family is replaced at once, IPv4 first; a file that cannot be loaded changes nothing of its family. One that names an account which is not there cannot be.',
  'What is refused is dropped, also what leaves. Connections are recorded in ipset list fb_in4, fb_out4, fb_fwd4 (and 6), what is or would be refused in fb_miss_….',
  'Containers: what comes in to the addresses below and is redirected is judged. What containers send under this host’s address is recorded in fb_fwd4, not judged.',
];

/** Three files a host: sets, and one file for each family, since these are loaded one after the other. */
export const printIptablesHost = (input: ExportInput): ExportFile[] =>
  perHost(input).flatMap(({ host, group, input: own }) => {
    const head = commented(headerLines(own, { target: 'iptables-host', use: USE }));
    return printHostRules(group).map(({ suffix, text }) => ({ suffix: `.${host.name}${suffix}`, text: `${head}${text}` }));
  });

/** The same without a header. Deterministic, so that equal policies give equal texts. */
export function printHostRules(group: HostSides, sets = createIpsetBook()): ExportFile[] {
  const families = ([4, 6] as const).map((family) => ({ suffix: `.v${family}`, text: printTable(hostChains(group, family, sets)) }));
  return [{ suffix: '.ipset', text: [...RECORDING_SETS, ...sets.lines(), ''].join('\n') }, ...families];
}

const printTable = (chains: readonly IptablesChain[]): string =>
  ['*security', ...chains.map(({ name }) => `:${name} - [0:0]`), ...chains.flatMap(({ name, rules }) => rules.map((rule) => `-A ${name} ${rule}`)), 'COMMIT', ''].join('\n');
