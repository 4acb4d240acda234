import { type Html, html } from '../escape-html.ts';
import type { Evidence, RowOf } from '../evidence/evidence-tables.ts';
import { cutName, drawBox, drawFigure, drawLegend, drawText, INK, mm, PAGE_WIDTH } from './draw.ts';
import { groupName, sumGroups } from './traffic-groups.ts';

const LEFT = 40;
const TOP = 30;
const LARGEST_CELL = 10;
/** Beyond this a cell is too small to be read on paper. */
export const MAX_DRAWN_ZONES = 28;

/** Rows and columns that are drawn: the first zones, and whoever is in none. */
export function listDrawnEnds({ sources }: Pick<Evidence, 'sources'>): string[] {
  return [...sources.zones.slice(0, MAX_DRAWN_ZONES).map(({ zone }) => `zone:${zone}`), 'unzoned', 'outside'];
}

/** Each zone with each: what may pass by form and darkness, and a triangle where something was refused in the period. */
export function drawZoneMatrix(evidence: Evidence): Html {
  const ends = listDrawnEnds(evidence);
  const cells = new Map(evidence.sources.zone_matrix.map((row) => [`${row.from} ${row.to}`, row]));
  const refused = sumRefused(evidence);
  const side = Math.min(LARGEST_CELL, (PAGE_WIDTH - LEFT) / ends.length);
  const parts = ends.flatMap((from, i) => [
    drawText(cutName(groupName(from), 24), { x: LEFT - 1.5, y: TOP + (i + 0.5) * side + 0.9, anchor: 'end' }),
    drawText(cutName(groupName(from), 24), { x: LEFT + (i + 0.5) * side + 0.9, y: TOP - 1.5, turn: -60 }),
    ...ends.map((to, j) => drawCell(cells.get(`${from} ${to}`), refused.get(`${from} ${to}`), { x: LEFT + j * side, y: TOP + i * side, side })),
  ]);
  const bottom = TOP + ends.length * side;
  const legend = [
    drawLegend([{ fill: 'ink', text: 'everything passes' }, { fill: 'pale', text: 'some services (how many)' }, { fill: 'blank', text: 'nothing passes' }], { x: 0, y: bottom + 5 }),
    drawTriangle({ x: 2, y: bottom + 9.6, size: 2 }, INK),
    drawText('blocked in the period', { x: 5.2, y: bottom + 9.4 }),
    drawTriangle({ x: 44, y: bottom + 9.6, size: 2 }, '#fff'),
    drawText('would have been', { x: 47.2, y: bottom + 9.4 }),
    drawText('t: some of it only because an end tests', { x: 80, y: bottom + 9.4 }),
    drawText('·: no two ends that could speak', { x: 136, y: bottom + 9.4 }),
  ];
  const left = evidence.sources.zones.length - MAX_DRAWN_ZONES;
  const cut = left > 0 ? ` The first ${MAX_DRAWN_ZONES} zones; ${left} more are in zone_matrix.csv.` : '';
  const passing = evidence.sources.zone_matrix.filter(({ passes }) => passes === 'everything' || passes === 'services').length;
  return drawFigure({ height: bottom + 11, words: `Matrix of ${ends.length} rows and columns: between ${passing} of ${evidence.sources.zone_matrix.length} pairs something may pass; the table below names them`, caption: `From the row to the column, by the rules that hosts were last confirmed to run.${cut}` }, [
    drawText('to', { x: LEFT - 4, y: TOP - 4, anchor: 'end', colour: '#4a525b' }),
    drawText('from', { x: LEFT - 8, y: TOP - 1, anchor: 'end', colour: '#4a525b' }),
    ...parts,
    ...legend,
  ]);
}

type Place = { readonly x: number; readonly y: number; readonly side: number };
type Refused = 'blocked' | 'would-block';

/** What was refused from row to column, blocked before would-block; nothing where nothing was. Addresses of IP lists are outside here, as they are in zone_matrix.csv. */
function sumRefused(evidence: Evidence): Map<string, Refused> {
  const endOf = (group: string): string => (group.startsWith('iplist:') ? 'outside' : group);
  const worst = new Map<string, Refused>();
  for (const { from, to, wouldBlock, blocked } of sumGroups(evidence)) {
    const key = `${endOf(from)} ${endOf(to)}`;
    if (blocked > 0) worst.set(key, 'blocked');
    else if (wouldBlock > 0 && !worst.has(key)) worst.set(key, 'would-block');
  }
  return worst;
}

function drawCell(cell: RowOf<'zone_matrix'> | undefined, refused: Refused | undefined, { x, y, side }: Place): Html {
  const passes = cell?.passes ?? 'nobody';
  const box = drawBox({ x, y, width: side, height: side }, passes === 'everything' ? 'ink' : passes === 'services' ? 'pale' : 'blank');
  const colour = passes === 'everything' ? '#fff' : INK;
  const size = Math.min(2.8, side * 0.42);
  const text = passes === 'everything' ? 'all' : passes === 'services' ? String(cell?.services ?? 0) : passes === 'nobody' ? '·' : '';
  const words = drawText(`${text}${cell?.only_in_test === true ? ' t' : ''}`, { x: x + side / 2, y: y + side / 2 + size * 0.36, size, anchor: 'middle', colour });
  const mark = refused === undefined ? html`` : drawTriangle({ x: x + side * 0.84, y: y + side * 0.97, size: side * 0.26 }, refused === 'blocked' ? INK : '#fff');
  return html`${box}${words}${mark}`;
}

/** Standing on `y`, with a white rim, so that it is seen on black too. */
function drawTriangle({ x, y, size }: { readonly x: number; readonly y: number; readonly size: number }, fill: string): Html {
  return html`<path d="M${mm(x)} ${mm(y - size)}L${mm(x + size * 0.6)} ${mm(y)}H${mm(x - size * 0.6)}Z" fill="${fill}" stroke="${fill === INK ? '#fff' : INK}" stroke-width=".2"/>`;
}
