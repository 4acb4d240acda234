import type { NamedListView, NameView } from '../../shared/contract/name-views.ts';
import { agoText } from '../../shared/text/ago-text.ts';
import { formatTable, formatTime } from './table.ts';

/** Who resolved each name of a list to what and when, what of it counts, and who could not; and what hosts do not run yet. */
export function formatLedger({ names, drift }: NamedListView, nowMs: number): string {
  return [
    ...names.map((name) => formatName(name, nowMs)),
    ...drift.map((line) => `Answers changed since the last push: ${line}. The next push carries it.`),
  ].join('\n\n');
}

function formatName({ name, answers, questions }: NameView, nowMs: number): string {
  const rows = answers.flatMap(({ address, state, why, sightings }) =>
    sightings.map((seen, i) => [i === 0 ? address : '', i === 0 ? (state === 'used' ? 'used' : `not used: ${why}`) : '', seen.seenBy ?? 'this console', formatTime(seen.firstSeenAtMs), agoText(seen.lastSeenAtMs, nowMs), String(seen.times)]),
  );
  const problems = questions.flatMap(({ askedBy, askedAtMs, problem }) => (problem === null ? [] : [`  ${askedBy ?? 'this console'}, ${agoText(askedAtMs, nowMs)}: ${problem}`]));
  const ledger = rows.length === 0 ? 'Nobody resolved it yet: it matches nobody.' : formatTable(['ADDRESS', 'STATE', 'SEEN BY', 'FIRST', 'LAST', 'TIMES'], rows);
  return [`${name}`, ledger, ...(problems.length === 0 ? [] : ['No answer, or not all of it:', ...problems])].join('\n');
}
