import { printRanges } from '../../net/print-range.ts';
import type { RangeSet } from '../../net/range-set.ts';
import { inert } from '../../text/inert.ts';
import { printUtc } from '../../time/schedule-windows.ts';
import type { ExportInput } from './export-form.ts';
import { printRefusal } from './refusal-book.ts';

export type HeaderWords = {
  readonly target: string;
  /** How to load it, and what it does not see; lines. */
  readonly use: readonly string[];
};

const ADDRESSES_A_LINE = 6;

/**
 * What stands at the head of every file, as lines without a comment sign: which policy and when, which addresses stood for which names, and what was left out.
 * No line has a control character or an end of line in it, whatever a name has.
 */
export function headerLines({ stamp, groups, meanings, refusals, notes }: ExportInput, { target, use }: HeaderWords): string[] {
  const hosts = groups.flatMap((group) => group.hosts.map((host) => ({ ...host, mode: group.mode }))).sort((a, b) => (a.name < b.name ? -1 : 1));
  const lines = [
    `firebreak export ${target}, made at ${printUtc(stamp.atMs)} UTC`,
    `policy: ${stamp.policyText}`,
    `policy sha256: ${stamp.policyHash}`,
    '',
    ...use,
    '',
    'Rules hold for addresses, as they were known then. When a host gets another address or label, export anew.',
    'Judged here:',
    ...hosts.flatMap(({ name, zone, mode, addresses }) => spell(`${name} (zone ${zone ?? '-'}, ${mode})`, addresses)),
    ...(meanings.length === 0 ? [] : ['Who stood for what:', ...meanings.flatMap(({ text, addresses }) => spell(text, addresses))]),
    ...(refusals.length === 0 ? ['Nothing was left out.'] : ['LEFT OUT, because it cannot be said here:', ...refusals.map((refusal) => `  ${printRefusal(refusal)}`)]),
    ...notes,
  ];
  return lines.map((line) => inert(line).trimEnd());
}

function spell(what: string, addresses: RangeSet): string[] {
  const texts = printRanges(addresses);
  const lines: string[] = [];
  for (let i = 0; i < texts.length; i += ADDRESSES_A_LINE) lines.push(`${i === 0 ? `  ${what} = ` : '      '}${texts.slice(i, i + ADDRESSES_A_LINE).join(', ')}`);
  return lines;
}

/** The header as comments that begin with `sign`. */
export const commented = (lines: readonly string[], sign = '#'): string => lines.map((line) => `${`${sign} ${line}`.trimEnd()}\n`).join('');
