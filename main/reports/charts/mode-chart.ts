import { type Html, html } from '../escape-html.ts';
import type { Evidence } from '../evidence/evidence-tables.ts';
import { dateTime } from '../evidence-html.ts';
import { drawBox, drawFigure, drawLegend, drawText, type Fill, PAGE_WIDTH } from './draw.ts';

const LEFT = 12;
const TOP = 6;
const HEIGHT = 34;
/** So many moments of the period are looked at; mode_history.csv has each to the millisecond. */
const MOMENTS = 168;
const LAYERS: readonly { readonly mode: string; readonly fill: Fill; readonly text: string }[] = [
  { mode: 'enforce', fill: 'ink', text: 'enforce' },
  { mode: 'test', fill: 'hatch', text: 'test' },
  { mode: 'observe', fill: 'pale', text: 'observe' },
  { mode: 'other', fill: 'blank', text: 'none of these, or not known' },
];

type Counts = readonly number[];

/** How many managed hosts ran which mode, over the period; '' where no host is managed. */
export function drawHostModes({ derived, period }: Evidence): Html {
  const hosts = new Set(derived.mode_history.map(({ host }) => host)).size;
  if (hosts === 0) return html``;
  const moments = countModes(derived.mode_history, period);
  const step = (PAGE_WIDTH - LEFT) / MOMENTS;
  const runs: { at: number; length: number; counts: Counts }[] = [];
  for (const [i, counts] of moments.entries()) {
    const last = runs.at(-1);
    if (last !== undefined && last.counts.join() === counts.join()) last.length += 1;
    else runs.push({ at: i, length: 1, counts });
  }
  const boxes = runs.flatMap(({ at, length, counts }) => {
    let y = TOP + HEIGHT;
    return counts.flatMap((value, layer) => {
      const height = (value / hosts) * HEIGHT;
      y -= height;
      return value === 0 ? [] : [drawBox({ x: LEFT + at * step, y, width: length * step, height }, LAYERS[layer]?.fill ?? 'blank')];
    });
  });
  const last = moments.at(-1) ?? [];
  const words = `Hosts by what they ran at the end of the period: ${LAYERS.map(({ text }, i) => `${text} ${last[i] ?? 0}`).join(', ')}`;
  return drawFigure({ height: TOP + HEIGHT + 9, words, caption: 'Managed hosts by what they ran, as it can be told from pushes and from what hosts recorded (mode_history.csv).' }, [
    drawText(`${hosts} ${hosts === 1 ? 'host' : 'hosts'}`, { x: 0, y: TOP - 1.5, size: 2.4 }),
    drawText('0', { x: LEFT - 2, y: TOP + HEIGHT, size: 2.4, anchor: 'end' }),
    ...boxes,
    drawText(dateTime(period.fromMs), { x: LEFT, y: TOP + HEIGHT + 3.4, size: 2.4 }),
    drawText(dateTime(period.untilMs), { x: PAGE_WIDTH, y: TOP + HEIGHT + 3.4, size: 2.4, anchor: 'end' }),
    drawLegend(LAYERS, { x: LEFT, y: TOP + HEIGHT + 8 }),
  ]);
}

/** In the middle of each slice of the period, hosts by layer. */
function countModes(spans: Evidence['derived']['mode_history'], { fromMs, untilMs }: Evidence['period']): Counts[] {
  const other = LAYERS.length - 1;
  const layerOf = new Map(LAYERS.map(({ mode }, i) => [mode, i]));
  return Array.from({ length: MOMENTS }, (_, i) => {
    const at = fromMs + ((i + 0.5) / MOMENTS) * (untilMs - fromMs);
    const counts = LAYERS.map(() => 0);
    for (const { from, until, mode } of spans) {
      if (from > at || until <= at) continue;
      const layer = layerOf.get(mode) ?? other;
      counts[layer] = (counts[layer] ?? 0) + 1;
    }
    return counts;
  });
}
