import { type Html, html } from './escape-html.ts';

/** `2026-11-21 08:05 UTC`: the same text wherever the report is made. */
export const dateTime = (ms: number | null): string => (ms === null ? 'not known' : `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`);
/** `1 234 567`, by narrow spaces that do not break. */
export const count = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, '\u202f');
export const yesNo = (flag: boolean): string => (flag ? 'yes' : 'no');
/** Of a length of time that is more than none, never `0.0`. */
export const hours = (seconds: number): string => (seconds > 0 && seconds < 180 ? 'under 0.1' : (seconds / 3600).toFixed(1));
export const isOf = ({ fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number }, atMs: number): boolean => atMs >= fromMs && atMs < untilMs;

/** `n`: numbers, right aligned · `short`: does not break · `long`: breaks anywhere. */
export type Column = { readonly title: string; readonly kind: 'n' | 'short' | 'long' | 'text' };
export type Cell = string | number | Html;
export const n = (title: string): Column => ({ title, kind: 'n' });
export const short = (title: string): Column => ({ title, kind: 'short' });
export const long = (title: string): Column => ({ title, kind: 'long' });

/** A table cut at `limit` rows, with how many were left out and which CSV has them all; one sentence where there are none. */
export function cutTable(columns: readonly Column[], rows: readonly (readonly Cell[])[], { limit, file, none }: { limit: number; file: string; none: string }): Html {
  if (rows.length === 0) return html`<p class="nil">${none}</p>`;
  const head = columns.map(({ title, kind }) => html`<th scope="col" class="${kind}">${title}</th>`);
  const body = rows.slice(0, limit).map((row) => html`<tr>${row.map((cell, i) => html`<td class="${columns[i]?.kind ?? 'text'}">${typeof cell === 'number' ? count(cell) : cell}</td>`)}</tr>`);
  const left = rows.length - limit;
  return html`<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>${left > 0 ? html`<p class="about">${count(left)} more rows are in ${file} (“report csv” and “report pack” write it).</p>` : []}`;
}
