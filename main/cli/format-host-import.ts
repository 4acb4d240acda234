import type { HostImportResult, HostSourceKind } from '../../shared/contract/host-imports.ts';
import { countText } from '../../shared/text/amount-text.ts';
import { printLabels } from '../../shared/text/label-text.ts';
import { inert } from '../../shared/text/inert.ts';
import { formatTable } from './table.ts';

type Asked = { readonly dryRun: boolean; readonly update: boolean; readonly kind: HostSourceKind };

/** More is not read by anybody; --json has all. */
const SHOWN_NAMES = 25;
const ROWS: Readonly<Record<HostSourceKind, string>> = { csv: 'row', 'ssh-config': 'host', ansible: 'host', probe: 'address' };

/** What became, or would become, of each host of a source. */
export function formatHostImport(result: HostImportResult, asked: Asked): string {
  const { added, changed, refused, notes } = result;
  const parts = [summary(result, asked), ...notes.map(inert)];
  if (refused.length > 0) parts.push('', formatTable(['WHERE', 'NAME', 'REFUSED BECAUSE'], refused.map(({ file, line, name, reason }) => [placeText(file, line), name, reason])));
  if (changed.length > 0) parts.push('', formatTable(['HOST', asked.update ? 'CHANGED' : 'DIFFERS IN', 'FROM', 'TO'], changed.flatMap(({ name, changes }) => changes.map(({ what, from, to }) => [name, what, from || '-', to]))));
  if (added.length > 0) parts.push('', formatTable(['HOST', 'WAY IN', 'ADDRESSES', 'LABELS'], added.map((host) => [host.name, host.way ?? 'unmanaged', host.addresses.join(' ') || '-', printLabels(host.labels) || '-'])));
  const remarks = [...added, ...changed].flatMap(({ name, notes: own }) => own.map((note) => [name, note]));
  if (remarks.length > 0) parts.push('', formatTable(['HOST', 'NOTE'], remarks));
  parts.push(...offers(result, asked));
  if (!asked.update && changed.length > 0) parts.push('', 'Hosts that are there stay as they are; to change them as the source says: --update');
  if (asked.dryRun) parts.push('', 'Dry run: nothing was stored.');
  else if (added.some(({ managed }) => managed)) parts.push('', 'Next, for those over SSH: firebreak onboard --all');
  return parts.join('\n');
}

function summary({ rows, added, changed, known, skipped, refused, columns }: HostImportResult, { dryRun, update, kind }: Asked): string {
  const differing = update ? `${changed.length} ${dryRun ? 'to change' : 'changed'}` : `${changed.length} there already that differ`;
  const counts = [`${added.length} ${dryRun ? 'to add' : 'added'}`, ...(changed.length > 0 || update ? [differing] : []), `${known.length} there already`, ...(skipped > 0 ? [`${skipped} left`] : []), `${refused.length} refused`];
  const labels = columns.flatMap(({ meaning }) => (meaning.startsWith('label:') ? [meaning.slice(6)] : []));
  const ignored = columns.filter((column) => column.ignored).map(({ head }) => head);
  return [
    `${countText(rows, ROWS[kind])}: ${counts.join(', ')}.`,
    ...(labels.length > 0 ? [`Labels from the columns ${labels.join(', ')}.`] : []),
    ...(ignored.length > 0 ? [`Left out, because no label can be called that or it holds secrets: ${ignored.join(', ')}.`] : []),
  ].join('\n');
}

const placeText = (file: string | null, line: number): string => (file === null ? (line === 0 ? '-' : `line ${line}`) : line === 0 ? file : `${file}:${line}`);

/** What labels could be made of, while a person tries. */
function offers({ groups, variables }: HostImportResult, { dryRun, kind }: Asked): string[] {
  if (!dryRun || kind !== 'ansible') return [];
  const shown = <T>(all: readonly T[], print: (one: T) => string) => `${all.slice(0, SHOWN_NAMES).map(print).join(', ')}${all.length > SHOWN_NAMES ? ` and ${all.length - SHOWN_NAMES} more` : ''}`;
  return [
    ...(groups.length === 0 ? [] : ['', `Groups (hosts): ${shown(groups, ({ name, hosts }) => `${name} (${hosts})`)}`]),
    ...(variables.length === 0 ? [] : ['', `Variables: ${shown(variables, ({ name, values }) => `${name}${values.length === 0 ? '' : ` (${values.slice(0, 3).join(', ')}${values.length > 3 ? ' …' : ''})`}`)}`]),
    ...(groups.length + variables.length === 0 ? [] : ['Make labels of them: --label-from KEY=group:PATTERN, --label-from KEY=var:NAME']),
  ];
}
