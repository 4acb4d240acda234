import type { KpiTrend } from '../../../shared/contract/overview.ts';

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** `75 % (3 of 4)` as the figure and what it was made of; what is not known says why. */
export function splitFigure({ value, text, limits }: Pick<KpiTrend, 'value' | 'text' | 'limits'>): { figure: string; basis: string } {
  if (value === null) return { figure: text, basis: limits };
  const match = /^(?<figure>[^(]+?) \((?<basis>.+)\)$/.exec(text) ?? /^(?<figure>[\d,.]+) (?<basis>.+)$/.exec(text);
  return { figure: match?.groups?.['figure'] ?? text, basis: match?.groups?.['basis'] ?? '' };
}

const units: Record<KpiTrend['unit'], string> = { percent: ' points', hours: ' hours', connections: '', changes: '' };

type Known = { readonly dayStartMs: number; readonly value: number };

/** The first and the last day with a figure; null where there are not two. */
function endsOf(trend: KpiTrend['trend']): { readonly first: Known; readonly last: Known } | null {
  const known = trend.flatMap(({ dayStartMs, value }): Known[] => (value === null ? [] : [{ dayStartMs, value }]));
  const [first, last] = [known[0], known.at(-1)];
  return first === undefined || last === undefined || first === last ? null : { first, last };
}

/** Whether there is an earlier day to hold the figure against. */
export const hasTrend = ({ trend }: Pick<KpiTrend, 'trend'>): boolean => endsOf(trend) !== null;

/** The last known figure against the first: `+4.2 points since 3 Nov`, `as on 3 Nov`; '' without an earlier day. */
export function changeText({ trend, unit }: Pick<KpiTrend, 'trend' | 'unit'>): string {
  const ends = endsOf(trend);
  if (ends === null) return '';
  const { first, last } = ends;
  const change = Number((last.value - first.value).toFixed(2));
  const since = day.format(first.dayStartMs);
  if (change === 0) return `as on ${since}`;
  return `${change > 0 ? '+' : '−'}${Math.abs(change).toLocaleString('en')}${units[unit]} since ${since}`;
}
