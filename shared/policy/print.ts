import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { printAddress } from '../net/address.ts';
import type { RangeSet } from '../net/range-set.ts';
import { printUtc } from '../time/schedule-windows.ts';
import { baseRules, essentialIcmpRules, managementRules } from './essential.ts';
import type { HostRuleset, RuleRow } from './host-ruleset.ts';
import { CHAIN_NAMES, type Chain, FORWARDING_CHAINS, missChain, passChain, passingChain, passVerdict, type Place, publishedChain, RECORDING_DECLARATIONS, recordingChains } from './layout.ts';
import { type PrintedContainments, printContainments } from './print-containments.ts';
import { printRow, printServices } from './print-row.ts';
import { createSetBook, type SetBook } from './print-sets.ts';

/** `hash` is the sha256 of the text below the hash line: equal for equal rules, whatever the version that they came with. */
export type Bundle = { readonly text: string; readonly hash: string };

/** `policyVersion` 0 stands for rules that no version holds (an agent's first bundle, a draft that is only looked at). */
export type PrintOptions = {
  readonly policyVersion: number;
  /** sha256 of a text, hex; for who has a faster one than pure code can be. */
  readonly sha256?: (text: string) => string;
};

/**
 * The only printer of nft text; agent/README.md has the format. Deterministic. Everything in it that people wrote is a validated id,
 * an account's or zone's name (comments only) or an address: no free text can reach nft.
 */
export function printBundle(ruleset: HostRuleset, options: PrintOptions): Bundle {
  return withHeader(printBody(ruleset), ruleset, options);
}

/** `kind` is behind the first words of what is not for nft. */
export function withHeader(body: string, ruleset: HostRuleset, options: PrintOptions, kind: '' | ' iptables' = ''): Bundle {
  const hash = (options.sha256 ?? sha256Hex)(body);
  const header = [
    `firebreak bundle 1${kind}`,
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

const sha256Hex = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)));

/** One by one: neighbours are one range in the set, and the agent reads addresses. Only for sets made of host addresses. */
const listAddresses = (set: RangeSet): string[] =>
  set.flatMap(({ family, first, last }) => Array.from({ length: Number(last - first) + 1 }, (_, i) => printAddress({ family, value: first + BigInt(i) })));

function printBody(ruleset: HostRuleset): string {
  const sets = createSetBook();
  const usual = [...hookedChains(ruleset, sets), ...FORWARDING_CHAINS, ...policyChains(ruleset, sets), ...forwardedChains(ruleset, sets)];
  const contained = printContainments(ruleset, sets);
  const chains = [...usual.map((chain) => withHead(chain, contained)), ...contained.chains];
  return [
    '# --- phase 1: declare',
    ...sets.fills().map((fill) => `# ${fill}`),
    `table inet firebreak {`,
    RECORDING_DECLARED,
    ...contained.chains.map(({ name }) => `\tchain ${name} { }`),
    ...sets.declarations().map((declaration) => `\t${declaration}`),
    '}',
    '# --- phase 2: swap',
    FLUSHED,
    ...contained.chains.map(({ name }) => `flush chain inet firebreak ${name}`),
    'table inet firebreak {',
    ...chains.filter((chain) => chain.rules.length > 0).map(printChain),
    RECORDING_CHAINS,
    '}',
    '',
  ].join('\n');
}

const printChain = (chain: Chain): string => `\tchain ${chain.name} {\n${chain.rules.map((rule) => `\t\t${rule}\n`).join('')}\t}`;

const withHead = ({ name, rules }: Chain, { heads }: PrintedContainments): Chain => {
  const head = heads[name];
  return { name, rules: head === undefined ? rules : [head, ...rules] };
};

/** What is the same in every bundle, printed once. */
const RECORDING_DECLARED = RECORDING_DECLARATIONS.map((member) => `\t${member}`).join('\n');
const FLUSHED = CHAIN_NAMES.map((name) => `flush chain inet firebreak ${name}`).join('\n');
const RECORDING_CHAINS = recordingChains().filter((chain) => chain.rules.length > 0).map(printChain).join('\n');

/**
 * Established traffic passes first, before what would cost each of its packets something, and by bit comparison, never by a set or a map: a
 * lookup there cut live connections at every swap (NFTABLES.md 0). What conntrack does not know (rules loaded cold) goes on to the stateless rules.
 */
function hookedChains(ruleset: HostRuleset, sets: SetBook): Chain[] {
  const { mode, outbound, essential } = ruleset;
  const isJudged = mode !== 'observe';
  const isBlocking = mode === 'enforce';
  const verdictOut = outbound === 'restricted' ? ['jump allow_out_as', 'jump allow_out', ...defaultRules('out', ruleset, sets)] : ['accept'];
  // ICMP is not tracked well enough to be judged invalid: errors without a known connection and most types count as invalid.
  const invalid = (direction: 'in' | 'out', verdict: '' | ' accept' | ' drop') =>
    `ct state invalid meta l4proto != icmp meta l4proto != ipv6-icmp counter name invalid_${direction}${verdict}`;
  // Where only some services are refused, what is invalid is judged by its service like everything else.
  const verdictOfInvalid = (isDropped: boolean) => (!isDropped ? ' accept' : ruleset.only ? '' : ' drop');
  return [
    {
      name: 'input',
      rules: [
        'ct state established,related accept',
        'iif "lo" accept',
        ...managementRules('in', essential, sets),
        invalid('in', verdictOfInvalid(isBlocking)),
        ...(isJudged ? ['jump base_in', 'jump deny_in', 'jump allow_in', ...defaultRules('in', ruleset, sets)] : ['ct state new jump rec_in']),
      ],
    },
    {
      name: 'output',
      rules: [
        'ct state established,related accept',
        'oif "lo" accept',
        ...managementRules('out', essential, sets),
        invalid('out', verdictOfInvalid(isBlocking && outbound === 'restricted')),
        'ct state new jump rec_out',
        ...(isJudged ? ['jump base_out', 'jump deny_out', ...verdictOut] : []),
      ],
    },
  ];
}

/** What becomes of what no rule decides: all of it, or the selected services only, goes where refusals are counted. */
function defaultRules(place: Place, { only }: HostRuleset, sets: SetBook): string[] {
  if (!only) return [`goto miss_${place}`];
  return [...printServices(only.services, place, sets).map((match) => `${match} goto miss_${place}`.trim()), passVerdict(place)];
}

function policyChains(ruleset: HostRuleset, sets: SetBook): Chain[] {
  const { mode, essential } = ruleset;
  const rows = rowPrinter(ruleset, sets);
  return [
    { name: 'base_in', rules: baseRules('in', mode, essential, sets) },
    { name: 'deny_in', rules: rows(ruleset.denyIn, 'in') },
    { name: 'allow_in', rules: rows(ruleset.allowIn, 'in') },
    ...(mode === 'observe' ? [] : [passChain('in')]),
    missChain('in', mode),
    { name: 'base_out', rules: baseRules('out', mode, essential, sets) },
    { name: 'deny_out', rules: rows(ruleset.denyOut, 'out') },
    { name: 'allow_out_as', rules: rows(ruleset.allowOut.filter((row) => !isForAll(row)), 'out') },
    // Without an identity in it, so that forwarded packets can be sent through it too: to have one would not even load there.
    { name: 'allow_out', rules: rows(ruleset.allowOut.filter(isForAll), 'out') },
    missChain('out', mode),
  ];
}

/** The same policy for what passes through the host in its name: no process of its own sends or receives, so that rules for one do not hold. */
function forwardedChains(ruleset: HostRuleset, sets: SetBook): Chain[] {
  const { mode, outbound } = ruleset;
  const rows = rowPrinter(ruleset, sets);
  const isJudged = mode !== 'observe';
  const verdictOut = outbound === 'restricted' ? ['jump allow_out', ...defaultRules('masq', ruleset, sets)] : [];
  return [
    publishedChain(isJudged ? [...essentialIcmpRules('pub'), 'jump deny_pub', 'jump allow_pub', ...defaultRules('pub', ruleset, sets)] : []),
    { name: 'deny_pub', rules: rows(ruleset.denyIn.filter(isForAll), 'pub') },
    { name: 'allow_pub', rules: rows(ruleset.allowIn.filter(isForAll), 'pub') },
    ...(isJudged ? [passChain('pub')] : []),
    missChain('pub', mode),
    passingChain(isJudged ? ['jump base_out', 'jump deny_masq', ...verdictOut] : []),
    { name: 'deny_masq', rules: rows(ruleset.denyOut.filter(isForAll), 'masq') },
    missChain('masq', mode),
  ];
}

const isForAll = (row: RuleRow): boolean => row.as === null;

const rowPrinter = (ruleset: HostRuleset, sets: SetBook) => (list: readonly RuleRow[], place: Place) => list.flatMap((row) => printRow(row, place, sets, ruleset.scheduleSpan));
