import type { FlowImportResult } from '../../shared/contract/flow-imports.ts';
import { confidenceOf, DIRECTION_BASIS_WORDS, type DirectionBasis, type FlowSource, IMPORT_FORMAT_WORDS, type LeftOut } from '../../shared/model/flow-source.ts';
import { inert } from '../../shared/text/inert.ts';
import { bytesText, countText } from '../../shared/text/amount-text.ts';
import { formatTable, formatTime } from './table.ts';

/** What an import came to: figures, what was left out and why, how directions are known, and the busiest conversations. */
export function formatImport({ name, source, known, figures, ends, top }: FlowImportResult, isDryRun: boolean): string {
  const parts = [
    `${inert(name)}: ${IMPORT_FORMAT_WORDS[figures.format]}, ${bytesText(figures.bytes)}`,
    `${countText(figures.read, 'row')} read, ${figures.taken} taken, ${figures.read - figures.taken} left out; ${countText(figures.flows, 'flow')}, ${countText(figures.connections, 'connection')}, ${formatTime(figures.firstSeenAtMs)} to ${formatTime(figures.lastSeenAtMs)}`,
    `ends: ${countText(ends.both, 'flow')} between hosts of the workspace, ${ends.one} with one, ${ends.none} with none`,
  ];
  if (figures.caveat !== '') parts.push(`Note: ${figures.caveat}.`);
  if (figures.leftOut.length > 0) parts.push('', formatLeftOut(figures.leftOut));
  if (figures.flows > 0) parts.push('', formatBasis(figures.basis), '', formatTable(['FROM', 'TO', 'SERVICE', 'CONN', 'VERDICT', 'DIRECTION'], top.map(conversationCells)));
  parts.push('', endOf(source, known, figures.flows, isDryRun));
  return parts.join('\n');
}

function endOf(source: FlowSource | null, known: FlowSource | null, flows: number, isDryRun: boolean): string {
  if (known !== null) return `Dry run: nothing was stored. This file was imported before, as source ${known.id} (${formatTime(known.importedAtMs)}); it would be refused.`;
  if (isDryRun) return 'Dry run: nothing was stored.';
  if (source === null) return flows === 0 ? 'Nothing was stored: no row is a flow. Is it another format? (--format)' : 'Nothing was stored.';
  return `Stored as source ${source.id}. To take it out again: firebreak flows import remove ${source.id}`;
}

function formatLeftOut(leftOut: readonly LeftOut[]): string {
  const rows = leftOut.map(({ kind, reason, rows: count, examples }) => [String(count), kind, reason, examples.map(({ line }) => line).join(', ')]);
  const refused = leftOut.filter(({ kind }) => kind === 'refused').flatMap(({ examples }) => examples.slice(0, 1).map(({ line, text }) => `  line ${line}: ${text}`));
  return [formatTable(['ROWS', 'LEFT OUT', 'REASON', 'FIRST LINES'], rows), ...refused].join('\n');
}

function formatBasis(basis: Readonly<Record<DirectionBasis, number>>): string {
  const known: DirectionBasis[] = ['opening', 'listener', 'sensor', 'known-port', 'lower-port', 'unknown'];
  return formatTable(['FLOWS', 'WHO OPENED', 'BECAUSE'], known.filter((one) => basis[one] > 0).map((one) => [String(basis[one]), confidenceOf(one), DIRECTION_BASIS_WORDS[one]]));
}

const conversationCells = (one: FlowImportResult['top'][number]): string[] => [one.from, one.to, one.port === 0 ? one.protocol : `${one.protocol}/${one.port}`, String(one.connections), one.verdict, confidenceOf(one.basis)];

export const formatSources = (sources: readonly FlowSource[]): string =>
  formatTable(
    ['ID', 'FILE', 'FORMAT', 'ROWS', 'TAKEN', 'FLOWS', 'FROM', 'TO', 'IMPORTED', 'BY', 'SHA256'],
    sources.map(({ id, name, importedAtMs, importedBy, figures }) => [
      String(id),
      name,
      figures.format,
      String(figures.read),
      String(figures.taken),
      String(figures.flows),
      formatTime(figures.firstSeenAtMs),
      formatTime(figures.lastSeenAtMs),
      formatTime(importedAtMs),
      importedBy,
      figures.sha256,
    ]),
  );
