import type { LabelEntry, LabelPreview, LabelRulesView, WaitingLabel } from '../../shared/contract/label-rules.ts';
import { printLabelChange } from '../../shared/labels/preview-labels.ts';
import { describeConditions, printTemplates } from '../../shared/text/label-rule-text.ts';
import { formatTable } from './table.ts';

const MAX_NAMED = 8;
const some = (names: readonly string[]): string => names.slice(0, MAX_NAMED).join(' ') + (names.length > MAX_NAMED ? ` … (${names.length} in all)` : '');

/** Rules in order, then how much waits. */
export function formatLabelRules({ rules, waiting }: LabelRulesView): string {
  if (rules.length === 0) return 'No label rules yet: labels are set by hand. Add one: firebreak label-rule add role=db --name "db-*"';
  const rows = rules.map((rule) => [String(rule.number), rule.id, printTemplates(rule.labels), describeConditions(rule), some(rule.hosts) || 'none', rule.note || '-']);
  const rest = waiting.length === 0 ? [] : [`${waiting.length} more would count by what hosts say about themselves, and ${waiting.length === 1 ? 'waits' : 'wait'} for your look: firebreak label-rule waiting`];
  return [formatTable(['#', 'ID', 'GIVES', 'WHERE', 'COUNTS ON', 'NOTE'], rows), ...rest].join('\n');
}

export function formatWaiting(waiting: readonly WaitingLabel[]): string {
  if (waiting.length === 0) return 'Nothing waits: no host says anything about itself that would change its labels.';
  const rows = waiting.map(({ hostName, number, rule, changes, holds, because }) => [hostName, changes.map(printLabelChange).join(' '), `${number} ${rule}`, `${holds ? '' : 'no longer: '}${because}`]);
  return [formatTable(['HOST', 'WOULD CHANGE', 'BY LABEL RULE', 'BECAUSE'], rows), 'A host can say what it likes: look at it first, then firebreak label-rule accept HOST…'].join('\n\n');
}

/** Counts first, then the list. */
export function formatLabelPreview(preview: LabelPreview, { isDone }: { readonly isDone: boolean }): string {
  const { hosts, waiting, changes, moves, zones, notes } = preview;
  const changed = Map.groupBy(changes, ({ host }) => host);
  const zoneRows = zones.map(({ zone, mode, joins, leaves }) => [zone, mode, `+${joins}`, `-${leaves}`]);
  const moveOf = new Map(moves.map((move) => [move.host, `${move.from ?? 'no zone'} → ${move.to ?? 'no zone'}`]));
  const rows = [...changed].map(([host, of]) => [host, of.map(printLabelChange).join(' '), moveOf.get(host) ?? '-']);
  const waits = waiting.map(({ hostName, because }) => [hostName, because]);
  const closed = zones.filter(({ mode, joins }) => mode === 'enforce' && joins > 0).map(({ zone }) => zone);
  return [
    `${changed.size} ${changed.size === 1 ? 'host' : 'hosts'} ${isDone ? 'changed' : 'would change'} labels, ${moves.length} ${isDone ? 'moved' : 'would move'} to another zone${hosts.length === 0 ? '' : `; the rule counts on ${hosts.length}`}.`,
    ...(zoneRows.length === 0 ? [] : [formatTable(['ZONE', 'MODE (DRAFT)', 'JOIN', 'LEAVE'], zoneRows)]),
    ...(closed.length === 0 ? [] : [`${closed.join(', ')} ${closed.length === 1 ? 'enforces' : 'enforce'}: a host that joins is closed by the next push.`]),
    ...(rows.length === 0 ? [] : [formatTable(['HOST', 'LABELS', 'ZONE'], rows)]),
    ...(waits.length === 0 ? [] : [[formatTable(['WAITS FOR A LOOK', 'BECAUSE'], waits), isDone ? 'Look, then: firebreak label-rule accept HOST…' : 'With --accept these count at once.'].join('\n')]),
    ...(notes.length === 0 ? [] : [notes.join('\n')]),
    isDone ? 'See what that changes on hosts: firebreak plan' : 'Nothing was changed.',
  ].join('\n\n');
}

/** One row for each label of a host, for `host show`. */
export const labelRows = (entries: readonly LabelEntry[], waiting: readonly WaitingLabel[]): string[][] => [
  ...entries.map(({ key, value, source, disagrees }) => {
    const from = source.kind === 'hand' ? 'set by hand' : `label rule ${source.number}: ${source.because}${source.by === 'host' ? ' (accepted)' : ''}`;
    return ['label', `${key}=${value}  ${[from, ...disagrees.map((other) => `label rule ${other.number} says ${other.value}`)].join('; ')}`];
  }),
  ...waiting.map(({ changes, number, holds, because }) => ['waits', `${changes.map(printLabelChange).join(' ')}  label rule ${number}: ${holds ? '' : 'no longer: '}${because}`]),
];
