import { type Html, html } from '../escape-html.ts';
import type { Evidence } from '../evidence/evidence-tables.ts';
import { count } from '../evidence-html.ts';
import { drawBox, drawFigure, drawText, type Fill, GREY, mm, PAGE_WIDTH } from './draw.ts';

const DAY_MS = 86_400_000;
const LEFT = 20;
const BAND = 19;
const BAR_HEIGHT = 11;
const BANDS: readonly { readonly verdict: string; readonly title: string; readonly fill: Fill }[] = [
  { verdict: 'accepted', title: 'Accepted', fill: 'pale' },
  { verdict: 'would-block', title: 'Would block', fill: 'hatch' },
  { verdict: 'blocked', title: 'Blocked', fill: 'ink' },
];

/** Connections day by day, each verdict on a scale of its own: refused ones would be invisible beside the accepted. */
export function drawDays({ sources, period }: Evidence): Html {
  const first = Math.floor(period.fromMs / DAY_MS) * DAY_MS;
  const days = Math.max(1, Math.ceil((period.untilMs - first) / DAY_MS));
  const step = (PAGE_WIDTH - LEFT) / days;
  const bands = BANDS.map(({ verdict, title, fill }, i) => {
    const rows = sources.traffic_days.filter((row) => row.verdict === verdict);
    const most = rows.reduce((max, { connections }) => Math.max(max, connections), 0);
    const base = 5 + i * BAND + BAR_HEIGHT;
    const bars = rows.map(({ day, connections }) => {
      const height = most === 0 ? 0 : Math.max(0.3, (connections / most) * BAR_HEIGHT);
      return drawBox({ x: LEFT + ((day - first) / DAY_MS) * step + step * 0.1, y: base - height, width: step * 0.8, height }, fill);
    });
    const total = rows.reduce((sum, { connections }) => sum + connections, 0);
    return html`${drawText(title, { x: 0, y: base - 5, bold: true })}${drawText(count(total), { x: 0, y: base - 1.5 })}${drawText(most === 0 ? 'none' : `at most ${count(most)} a day`, { x: LEFT, y: base - BAR_HEIGHT - 1.2, size: 2.2, colour: '#4a525b' })}
<path d="M${LEFT} ${mm(base)}H${PAGE_WIDTH}" stroke="${GREY}" stroke-width=".2"/>${bars}`;
  });
  const dayText = (i: number) => new Date(first + i * DAY_MS).toISOString().slice(0, 10);
  const marks = [...new Set([0, Math.floor((days - 1) / 2), days - 1])].map((i) => drawText(dayText(i), { x: LEFT + (i + 0.5) * step, y: BANDS.length * BAND + 2, size: 2.2, anchor: i === 0 && days > 1 ? 'start' : i === days - 1 && days > 1 ? 'end' : 'middle' }));
  const words = BANDS.map(({ verdict, title }) => `${title}: ${count(sources.traffic_days.reduce((sum, row) => sum + (row.verdict === verdict ? row.connections : 0), 0))} connections`).join(', ');
  return drawFigure({ height: BANDS.length * BAND + 3, words, caption: 'Connections by day (UTC) and what the kernels did; each verdict has a scale of its own (traffic_days.csv). Both ends of a conversation count where both report it.' }, [...bands, ...marks]);
}
