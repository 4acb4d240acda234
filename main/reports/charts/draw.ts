import { type Html, html } from '../escape-html.ts';

/** A drawing is as wide as a page's text; one unit is a millimetre. */
export const PAGE_WIDTH = 180;
export const INK = '#16191d';
export const GREY = '#8d96a0';
export const PALE = '#d5d9de';

/** Two digits are finer than any printer, and keep a drawing's text the same wherever it is made. */
export const mm = (value: number): number => Number(value.toFixed(2));

/** How a surface is told apart: by darkness and by form, never by colour. Hatching is lines and not an SVG pattern, which Chromium would print as an image. */
export type Fill = 'ink' | 'hatch' | 'pale' | 'blank';
type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

const HATCH_STEP = 1.1;
const SOLID: Readonly<Record<Exclude<Fill, 'hatch'>, string>> = { ink: INK, pale: PALE, blank: '#fff' };

export function drawBox({ x, y, width, height }: Box, fill: Fill): Html {
  const colour = fill === 'hatch' ? '#fff' : SOLID[fill];
  const rect = html`<rect x="${mm(x)}" y="${mm(y)}" width="${mm(width)}" height="${mm(height)}" fill="${colour}" stroke="${INK}" stroke-width=".15"/>`;
  return fill === 'hatch' ? html`${rect}<path d="${hatch({ x, y, width, height })}" stroke="${INK}" stroke-width=".25" fill="none"/>` : rect;
}

/** Lines from the lower left to the upper right, cut at the edges. */
function hatch({ x, y, width, height }: Box): string {
  const lines: string[] = [];
  for (let at = HATCH_STEP; at < width + height; at += HATCH_STEP) {
    const [x1, y1] = at <= height ? [0, at] : [at - height, height];
    const [x2, y2] = at <= width ? [at, 0] : [width, at - width];
    lines.push(`M${mm(x + x1)} ${mm(y + y1)}L${mm(x + x2)} ${mm(y + y2)}`);
  }
  return lines.join('');
}

type Words = { readonly x: number; readonly y: number; readonly size?: number; readonly anchor?: 'start' | 'middle' | 'end'; readonly colour?: string; readonly turn?: number; readonly bold?: boolean; /** On white, where lines pass behind it; an outline of the letters would make Chromium embed them as pictures of letters (Type 3). */ readonly isOnWhite?: boolean };

export function drawText(text: string, { x, y, size = 2.6, anchor = 'start', colour = INK, turn = 0, bold = false, isOnWhite = false }: Words): Html {
  const turned = turn === 0 ? '' : `rotate(${turn} ${mm(x)} ${mm(y)})`;
  const ground = isOnWhite ? html`<rect x="${mm(x - 0.2)}" y="${mm(y - size * 0.85)}" width="${mm(text.length * size * 0.68 + 0.4)}" height="${mm(size)}" fill="#fff"/>` : html``;
  return html`${ground}<text x="${mm(x)}" y="${mm(y)}" font-size="${size}" text-anchor="${anchor}" fill="${colour}" font-weight="${bold ? 600 : 400}" transform="${turned}">${text}</text>`;
}

/** What each form means, in a line from `x` on. */
export function drawLegend(entries: readonly { readonly fill: Fill; readonly text: string }[], { x, y }: { readonly x: number; readonly y: number }): Html {
  let at = x;
  const parts = entries.map(({ fill, text }) => {
    const part = html`${drawBox({ x: at, y: y - 2.3, width: 4, height: 2.8 }, fill)}${drawText(text, { x: at + 5.2, y })}`;
    at += 9 + text.length * 1.45;
    return part;
  });
  return html`${parts}`;
}

/** The drawing in its frame: `words` say the same to who cannot see it, `caption` stands below. */
export function drawFigure({ height, words, caption }: { readonly height: number; readonly words: string; readonly caption: string }, parts: readonly Html[]): Html {
  return html`<figure><svg class="drawing" role="img" aria-label="${words}" width="${PAGE_WIDTH}mm" height="${mm(height)}mm" viewBox="0 0 ${PAGE_WIDTH} ${mm(height)}">${parts}</svg><figcaption>${caption}</figcaption></figure>`;
}

/** `950`, `1.2k`, `34k`, `1.1M`: four characters at most. */
export function shortCount(value: number): string {
  for (const [unit, size] of [['G', 1e9], ['M', 1e6], ['k', 1e3]] as const) {
    if (value < size) continue;
    const scaled = value / size;
    return `${scaled < 10 ? String(Math.floor(scaled * 10) / 10) : String(Math.floor(scaled))}${unit}`;
  }
  return String(value);
}

/** So many characters, the last of them `…` where it was longer. The whole name is in the table beside the drawing. */
export const cutName = (name: string, length: number): string => (name.length <= length ? name : `${[...name].slice(0, length - 1).join('')}…`);
