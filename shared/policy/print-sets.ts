import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Identity } from '../model/identity.ts';
import type { NonEmpty } from '../net/address-match.ts';
import type { Family } from '../net/address.ts';
import { type PortRange, printPortRange } from '../net/port-set.ts';
import { printRanges } from '../net/print-range.ts';
import type { AddressRange } from '../net/range-set.ts';
import { printUtc, type TimeSpan } from '../time/schedule-windows.ts';

/** Gathers the policy sets of one bundle while its rules are printed; equal content is one set, whoever names it. */
export type SetBook = {
  /** What stands behind `ip saddr`: the one address or range itself, or `@` and the name of a set. */
  readonly addresses: (family: Family, ranges: NonEmpty<AddressRange>) => string;
  readonly ports: (ports: NonEmpty<PortRange>) => string;
  /** The name of a set of absolute times, `@t_…`; always a set, because nobody wants years of windows in a rule. */
  readonly times: (windows: NonEmpty<TimeSpan>) => string;
  /** The name of a set that each host fills for itself, `@u_…`, `@g_…` or `@c_…`, named by what it stands for. */
  readonly identity: (identity: Identity) => string;
  /** Takes over what another book gathered. */
  readonly include: (content: SetContent) => void;
  readonly content: () => SetContent;
  /** `fill SET KIND NAME` for each set that hosts fill; agent/README.md has the form. Sorted. */
  readonly fills: () => string[];
  /** nft declarations, sorted by name. */
  readonly declarations: () => string[];
};

export type SetContent = { readonly declared: readonly (readonly [name: string, text: string])[]; readonly filled: readonly string[] };

const ELEMENTS_A_LINE = 8;
const FILLED = { user: { prefix: 'u', type: 'uid' }, group: { prefix: 'g', type: 'gid' }, unit: { prefix: 'c', type: 'cgroupsv2' } } as const;

/**
 * Names are made of the content's hash, so a set never changes under its name: phase 1 can add the new ones while the old ones are in
 * use, and what two versions share is left alone. Flags are part of the name because nft refuses to change them on an existing set.
 */
export function createSetBook(): SetBook {
  const declared = new Map<string, string>();
  const filled = new Set<string>();
  const use = ({ text, declaration }: PrintedSet): string => {
    if (declaration) declared.set(declaration.name, declaration.text);
    return text;
  };
  return {
    addresses: (family, ranges) => use(remember(ranges, () => printAddresses(family, ranges))),
    ports: (ports) => use(remember(ports, () => printPorts(ports))),
    times: (windows) => use(remember(windows, () => printTimes(windows))),
    identity: (identity) => {
      const { set, fill } = filledSet(identity);
      declared.set(set, `set ${set} { type ${FILLED[identity.kind].type}; }`);
      filled.add(fill);
      return `@${set}`;
    },
    include: (other) => {
      for (const [name, text] of other.declared) declared.set(name, text);
      for (const fill of other.filled) filled.add(fill);
    },
    content: () => ({ declared: [...declared], filled: [...filled] }),
    fills: () => [...filled].sort(),
    declarations: () => [...declared].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text),
  };
}

/** The name of a set that hosts fill with what the identity is there, and the line that tells them so. */
export const filledSet = ({ kind, name }: Identity): { readonly set: string; readonly fill: string } => {
  const set = `${FILLED[kind].prefix}_${hashOf(`${kind} ${name}`)}`;
  return { set, fill: `fill ${set} ${kind} ${name}` };
};

/** What stands in a rule, and the declaration that it needs; null where the content itself stands in the rule. */
type PrintedSet = { readonly text: string; readonly declaration: { readonly name: string; readonly text: string } | null };

/** By the list itself, which nobody changes: a peer's addresses are one list that many hosts share, and printing thousands of them is most of a bundle's cost. */
const printedSets = new WeakMap<object, PrintedSet>();

function remember(content: object, print: () => PrintedSet): PrintedSet {
  const known = printedSets.get(content);
  if (known) return known;
  const printed = print();
  printedSets.set(content, printed);
  return printed;
}

function printAddresses(family: Family, ranges: NonEmpty<AddressRange>): PrintedSet {
  const texts = printRanges(ranges);
  if (ranges.length === 1) return { text: texts[0] ?? '', declaration: null };
  return declare(`a${family}`, `type ipv${family}_addr`, ranges.some((range) => range.first !== range.last), texts);
}

function printPorts(ports: NonEmpty<PortRange>): PrintedSet {
  if (ports.length === 1) return { text: printPortRange(ports[0]), declaration: null };
  return declare('p', 'type inet_service', ports.some((range) => range.from !== range.to), ports.map(printPortRange));
}

/** The end is the first instant after the window, which nft counts as inside: one nanosecond too long rather than a second too short. */
const printTimes = (windows: NonEmpty<TimeSpan>): PrintedSet => declare('t', 'typeof meta time', true, windows.map(({ fromMs, toMs }) => `"${printUtc(fromMs)}"-"${printUtc(toMs)}"`));

function declare(prefix: string, type: `type ${string}` | `typeof ${string}`, isInterval: boolean, elements: readonly string[]): PrintedSet {
  const options = `${type};${isInterval ? ' flags interval;' : ''}`;
  const name = `${prefix}_${hashOf(`${options} ${elements.join(', ')}`)}`;
  return { text: `@${name}`, declaration: { name, text: `set ${name} { ${options} elements = {${printElements(elements)}} }` } };
}

const hashOf = (text: string): string => bytesToHex(sha256(utf8ToBytes(text))).slice(0, 12);

function printElements(elements: readonly string[]): string {
  if (elements.length <= ELEMENTS_A_LINE) return ` ${elements.join(', ')} `;
  const lines: string[] = [];
  for (let i = 0; i < elements.length; i += ELEMENTS_A_LINE) lines.push(`\n\t\t${elements.slice(i, i + ELEMENTS_A_LINE).join(', ')}`);
  return `${lines.join(',')}\n\t`;
}
