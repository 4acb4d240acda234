import type { Html } from '../escape-html.ts';
import { cutName, drawBox, drawFigure, drawText, type Fill, PAGE_WIDTH } from './draw.ts';

const LEFT = 62;
const ROW = 5.6;
const TEXT_ROOM = 30;

/** A bar for each entry with what it says, from the top; `most` is the length of the whole. */
export function drawBars(entries: readonly { readonly title: string; readonly value: number; readonly text: string; readonly fill: Fill }[], { most, caption }: { readonly most: number; readonly caption: string }): Html {
  const room = PAGE_WIDTH - LEFT - TEXT_ROOM;
  const rows = entries.flatMap(({ title, value, text, fill }, i) => {
    const y = i * ROW + 1;
    const width = most === 0 ? 0 : (value / most) * room;
    return [drawText(cutName(title, 40), { x: 0, y: y + 3 }), ...(width > 0 ? [drawBox({ x: LEFT, y, width, height: ROW - 1.8 }, fill)] : []), drawText(text, { x: LEFT + width + 1.5, y: y + 3 })];
  });
  return drawFigure({ height: entries.length * ROW + 1, words: entries.map(({ title, text }) => `${title}: ${text}`).join(', '), caption }, rows);
}
