import { printAddress } from '../../net/address.ts';
import { isAllPorts, printPortRange } from '../../net/port-set.ts';
import { type AddressRange, WHOLE_FAMILY } from '../../net/range-set.ts';
import { inert } from '../../text/inert.ts';
import type { LiveMatch } from '../host-ruleset.ts';
import type { Abilities } from './abilities.ts';
import type { ExportEntry, ExportFile, ExportGroup, ExportInput } from './export-form.ts';
import { commented, headerLines } from './export-header.ts';
import { lockedEntries } from './list-entries.ts';
import { overlaps } from './overlaps.ts';
import { perHost } from './per-host.ts';
import { isSctpByPort } from './terraform.ts';

/** Allow, block and a default, stateful; a block rule is stronger than any allow rule, so it must not touch what is locked open. */
export const WINDOWS_ABILITIES: Abilities = {
  deny: true,
  test: false,
  onlyServices: false,
  containments: false,
  schedules: false,
  endsBeforeMs: 0,
  ownAddresses: true,
  obstacle: (entry, { direction, action, essential }) => {
    if (isSctpByPort(entry)) return 'there are no ports of SCTP there';
    const locked = action === 'deny' ? lockedEntries(direction, essential).filter(isNeeded).find((one) => overlaps(entry, one)) : undefined;
    return locked === undefined ? null : `a block rule is stronger there than what is always let through, and this one would also block ${LOCKED_WORDS[locked.id] ?? locked.id}`;
  },
};

const LOCKED_WORDS: Readonly<Partial<Record<ExportEntry['id'], string>>> = { management: 'SSH from the consoles', icmp: 'ICMP errors, echo or IGMP', dhcp: 'leases', resolvers: 'DNS', 'time-servers': 'the time' };

/** Windows knows replies by itself. */
const isNeeded = ({ id, service }: ExportEntry): boolean => id !== 'management' || (service.kind === 'ports' && service.sourcePort === null);

const USE = [
  'Windows Defender Firewall, for PowerShell as administrator on this host. NOT RUN by Firebreak’s tests: no Windows was there. Try it with -WhatIf first.',
  'It replaces the rules of the group “Firebreak”, then sets the defaults of all profiles. Rules of others stay and count: an allow rule of Windows’ own',
  'lets in what the policy refuses. So it stops when there are any, unless you looked at them and say -KeepOthers. Rules of group policy are not looked at.',
  'Take it away with: Get-NetFirewallRule -Group Firebreak | Remove-NetFirewallRule, and set the profiles’ defaults back (NotConfigured).',
];

export const printWindows = (input: ExportInput): ExportFile[] => perHost(input).map(({ host, group, input: own }) => ({ suffix: `.${host.name}.ps1`, text: `${commented(headerLines(own, { target: 'windows', use: USE }))}${printScript(group)}` }));

function printScript(group: ExportGroup): string {
  const rules = (['in', 'out'] as const).flatMap((way) => {
    const side = group[way];
    if (side.otherwise.kind === 'pass' && side.deny.length === 0) return [];
    const allowed = side.otherwise.kind === 'pass' ? [] : [...side.locked.filter(isNeeded), ...side.allow];
    return [...side.deny.map((entry) => printRule(entry, way, 'Block')), ...allowed.map((entry) => printRule(entry, way, 'Allow'))];
  });
  const defaults = { in: group.in.otherwise.kind === 'refuse' ? 'Block' : 'Allow', out: group.out.otherwise.kind === 'refuse' ? 'Block' : 'Allow' };
  return [
    '#Requires -RunAsAdministrator',
    '[CmdletBinding(SupportsShouldProcess)]',
    'param([switch] $KeepOthers)',
    "$ErrorActionPreference = 'Stop'",
    '# Said to each command: functions of a module do not see the preferences of the script that calls them.',
    "$how = @{ WhatIf = [bool] $WhatIfPreference; ErrorAction = 'Stop' }",
    ...checkOthers(defaults),
    '# New rules first, under names of their own, so that nothing is without its rule meanwhile.',
    "$run = [guid]::NewGuid().ToString('N').Substring(0, 8)",
    "$former = @(Get-NetFirewallRule | Where-Object { $_.Group -eq 'Firebreak' })",
    '$number = 0',
    'function Add-Rule([hashtable] $rule) {',
    '  $script:number++',
    "  New-NetFirewallRule @rule -Name ('firebreak-' + $run + '-' + $script:number) -Group 'Firebreak' -Profile Any -Enabled True @how | Out-Null",
    '}',
    ...rules,
    'if ($former.Count -gt 0) { $former | Remove-NetFirewallRule @how }',
    `Set-NetFirewallProfile -All -Enabled True -DefaultInboundAction ${defaults.in} -DefaultOutboundAction ${defaults.out} @how`,
    '',
  ].join('\n');
}

function checkOthers(defaults: { readonly in: string; readonly out: string }): string[] {
  const ways = [...(defaults.in === 'Block' ? ['Inbound'] : []), ...(defaults.out === 'Block' ? ['Outbound'] : [])];
  if (ways.length === 0) return [];
  return [
    `$others = @(Get-NetFirewallRule -Enabled True -Action Allow | Where-Object { $_.Group -ne 'Firebreak' -and ${list(ways)} -contains [string] $_.Direction })`,
    "if ($others.Count -gt 0 -and -not $KeepOthers) { throw ('' + $others.Count + ' allow rules that are not of this policy are enabled; look at them (Get-NetFirewallRule -Enabled True -Action Allow), disable them, or say -KeepOthers. Nothing was changed.') }",
  ];
}

function printRule(entry: ExportEntry, way: 'in' | 'out', action: 'Allow' | 'Block'): string {
  const { id, family, peers, local } = entry;
  const fields = [
    ['DisplayName', quote(`Firebreak ${id}`)],
    ['Direction', quote(way === 'in' ? 'Inbound' : 'Outbound')],
    ['Action', quote(action)],
    ...printService(entry, way),
    ['RemoteAddress', list(printMatch(peers, family))],
    ...(local.kind === 'any' ? [] : [['LocalAddress', list(printMatch(local, family))]]),
  ];
  return `Add-Rule @{ ${fields.map(([name, value]) => `${name} = ${value}`).join('; ')} }`;
}

/** The whole family as a range: a rule without addresses would be for both. */
const printMatch = (match: LiveMatch, family: ExportEntry['family']): string[] => (match.kind === 'any' ? [WHOLE_FAMILY[family]] : match.ranges).map(printSpan);

function printSpan({ family, first, last }: AddressRange): string {
  const [from, to] = [first, last].map((value) => printAddress({ family, value }));
  return first === last ? (from ?? '') : `${from}-${to}`;
}

const PROTOCOLS = { tcp: 'TCP', udp: 'UDP', sctp: '132' } as const;

function printService({ service, family }: ExportEntry, way: 'in' | 'out'): [string, string][] {
  switch (service.kind) {
    case 'any':
      return [['Protocol', quote('Any')]];
    case 'igmp':
      return [['Protocol', quote('2')]];
    case 'icmp': {
      const types: [string, string][] = service.types === 'all' ? [] : [['IcmpType', list(service.types.map(String))]];
      return [['Protocol', quote(family === 4 ? 'ICMPv4' : 'ICMPv6')], ...types];
    }
    case 'ports': {
      const { protocol, ports, sourcePort } = service;
      const [near, far] = way === 'in' ? ['LocalPort', 'RemotePort'] : ['RemotePort', 'LocalPort'];
      const own: [string, string][] = isAllPorts(ports) ? [] : [[near, list(ports.map(printPortRange))]];
      return [['Protocol', quote(PROTOCOLS[protocol])], ...own, ...(sourcePort === null ? [] : [[far, list([String(sourcePort)])] satisfies [string, string]])];
    }
  }
}

const list = (texts: readonly string[]): string => `@(${texts.map(quote).join(', ')})`;

/** A verbatim string, in which nothing is expanded. PowerShell takes typographic quotes for straight ones, so each is doubled (about_Quoting_Rules). */
export const quote = (text: string): string => `'${inert(text).replaceAll(/['\u2018-\u201b]/g, (mark) => mark + mark)}'`;
