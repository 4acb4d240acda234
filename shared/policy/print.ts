import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { printAddress } from '../net/address.ts';
import type { RangeSet } from '../net/range-set.ts';
import { printUtc } from '../time/schedule-windows.ts';
import { baseRules, managementRules } from './essential.ts';
import type { HostRuleset, RuleRow } from './host-ruleset.ts';
import { CHAIN_NAMES, type Chain, missChain, RECORDING_DECLARATIONS, recordingChains } from './layout.ts';
import { printRow, printServices } from './print-row.ts';
import { createSetBook, type SetBook } from './print-sets.ts';

/** `hash` is the sha256 of the text below the hash line: equal for equal rules, whatever the version that they came with. */
export type Bundle = { readonly text: string; readonly hash: string };

/** `policyVersion` 0 stands for rules that no version holds (an agent's first bundle, a draft that is only looked at). */
export type PrintOptions = { readonly policyVersion: number };

/**
 * The only printer of nft text; agent/README.md has the format. Deterministic. Everything in it that people wrote is a validated id,
 * an account's or zone's name (comments only) or an address: no free text can reach nft.
 */
export function printBundle(ruleset: HostRuleset, options: PrintOptions): Bundle {
  const body = printBody(ruleset);
  const hash = bytesToHex(sha256(utf8ToBytes(body)));
  const header = [
    'firebreak bundle 1',
    `host ${ruleset.hostId}`,
    `policy ${options.policyVersion}`,
    `mode ${ruleset.mode}`,
    `zone ${ruleset.zone ?? '-'}`,
    ['console', ...listAddresses(ruleset.essential.consoles)].join(' '),
    `sshport ${ruleset.essential.sshPort}`,
    // Until when the windows of its schedules are listed; a host does not need it, whoever reads the file does.
    ...(ruleset.scheduleSpan ? [`times ${printUtc(ruleset.scheduleSpan.toMs)}`] : []),
    `hash ${hash}`,
  ];
  return { text: header.map((line) => `# ${line}\n`).join('') + body, hash };
}

/** One by one: neighbours are one range in the set, and the agent reads addresses. Only for sets made of host addresses. */
const listAddresses = (set: RangeSet): string[] =>
  set.flatMap(({ family, first, last }) => Array.from({ length: Number(last - first) + 1 }, (_, i) => printAddress({ family, value: first + BigInt(i) })));

function printBody(ruleset: HostRuleset): string {
  const sets = createSetBook();
  const chains = [...hookedChains(ruleset, sets), ...policyChains(ruleset, sets), ...recordingChains()];
  return [
    '# --- phase 1: declare',
    ...sets.fills().map((fill) => `# ${fill}`),
    ...printTable([...RECORDING_DECLARATIONS, ...sets.declarations()]),
    '# --- phase 2: swap',
    ...CHAIN_NAMES.map((name) => `flush chain inet firebreak ${name}`),
    ...printTable(chains.filter((chain) => chain.rules.length > 0).map(printChain)),
    '',
  ].join('\n');
}

const printTable = (members: readonly string[]): string[] => ['table inet firebreak {', ...members.map((member) => `\t${member}`), '}'];

const printChain = (chain: Chain): string => [`chain ${chain.name} {`, ...chain.rules.map((rule) => `\t\t${rule}`), '\t}'].join('\n');

/** Established traffic passes by bit comparison, never by a set or a map: a lookup there cut live connections at every swap (NFTABLES.md 0). */
function hookedChains(ruleset: HostRuleset, sets: SetBook): Chain[] {
  const { mode, outbound, essential } = ruleset;
  const isJudged = mode !== 'observe';
  const isBlocking = mode === 'enforce';
  const verdictOut = outbound === 'restricted' ? ['jump allow_out', ...defaultRules('out', ruleset, sets)] : ['accept'];
  // ICMP is not tracked well enough to be judged invalid: errors without a known connection and most types count as invalid.
  const invalid = (direction: 'in' | 'out', verdict: '' | ' accept' | ' drop') =>
    `ct state invalid meta l4proto != icmp meta l4proto != ipv6-icmp counter name invalid_${direction}${verdict}`;
  // Where only some services are refused, what is invalid is judged by its service like everything else.
  const verdictOfInvalid = (isDropped: boolean) => (!isDropped ? ' accept' : ruleset.only ? '' : ' drop');
  return [
    {
      name: 'input',
      rules: [
        'iif "lo" accept',
        ...managementRules('in', essential, sets),
        'ct state established,related accept',
        invalid('in', verdictOfInvalid(isBlocking)),
        'ct state new jump rec_in',
        ...(isJudged ? ['jump base_in', 'jump deny_in', 'jump allow_in', ...defaultRules('in', ruleset, sets)] : []),
      ],
    },
    {
      name: 'output',
      rules: [
        'oif "lo" accept',
        ...managementRules('out', essential, sets),
        'ct state established,related accept',
        invalid('out', verdictOfInvalid(isBlocking && outbound === 'restricted')),
        'ct state new jump rec_out',
        ...(isJudged ? ['jump base_out', 'jump deny_out', ...verdictOut] : []),
      ],
    },
    { name: 'forward', rules: ['ct state established,related accept', 'ct state new jump rec_fwd'] },
  ];
}

/** What becomes of what no rule decides: all of it, or the selected services only, goes where refusals are counted. */
function defaultRules(direction: 'in' | 'out', { only }: HostRuleset, sets: SetBook): string[] {
  if (!only) return [`goto miss_${direction}`];
  return [...printServices(only.services, sets).map((match) => `${match} goto miss_${direction}`.trim()), 'accept'];
}

function policyChains(ruleset: HostRuleset, sets: SetBook): Chain[] {
  const { mode, essential } = ruleset;
  const rows = (list: readonly RuleRow[], direction: 'in' | 'out') => list.flatMap((row) => printRow(row, direction, sets, ruleset.scheduleSpan));
  return [
    { name: 'base_in', rules: baseRules('in', mode, essential, sets) },
    { name: 'deny_in', rules: rows(ruleset.denyIn, 'in') },
    { name: 'allow_in', rules: rows(ruleset.allowIn, 'in') },
    missChain('in', mode),
    { name: 'base_out', rules: baseRules('out', mode, essential, sets) },
    { name: 'deny_out', rules: rows(ruleset.denyOut, 'out') },
    { name: 'allow_out', rules: rows(ruleset.allowOut, 'out') },
    missChain('out', mode),
  ];
}
