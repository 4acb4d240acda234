import { type Html, html } from '../escape-html.ts';
import type { Evidence } from '../evidence/evidence-tables.ts';
import { count } from '../evidence-html.ts';
import { cutName, drawBox, drawFigure, drawText, GREY, INK, mm, PAGE_WIDTH, shortCount } from './draw.ts';
import { groupName, type GroupTraffic, sumGroups } from './traffic-groups.ts';

const BOX = { width: 44, height: 14 };
const ROW = 19;
const MIDDLE = PAGE_WIDTH / 2;
/** More groups and lines than this are a tangle on paper; the table beside the drawing and traffic.csv have all. */
const MAX_GROUPS = 22;
const MAX_LINES = 60;

type Side = 'left' | 'right' | 'top' | 'bottom';
type Placed = { readonly group: string; readonly side: Side; readonly x: number; readonly y: number };

/**
 * Zones as boxes in two columns, in their order, whoever is outside above them and hosts of no zone below; between them what was seen. Solid: accepted alone. Dashed: enforcing would have
 * blocked some. Dotted, with a cross: some was blocked. The same evidence gives the same drawing.
 */
export function drawSiteMap(evidence: Evidence): Html {
  const traffic = sumGroups(evidence).filter(({ from, to }) => from !== to);
  const { placed, left } = placeGroups(evidence, traffic);
  const known = new Map(placed.map((place) => [place.group, place]));
  const lines = traffic.flatMap((row) => {
    const [from, to] = [known.get(row.from), known.get(row.to)];
    return from === undefined || to === undefined ? [] : [{ row, from, to }];
  });
  const drawn = lines.slice(0, MAX_LINES).map(({ row, from, to }, i) => drawLine(row, from, to, WORDS_AT[i % WORDS_AT.length] ?? 0.5)).reverse();
  const bottom = placed.reduce((most, { y }) => Math.max(most, y + BOX.height), 0);
  const cut = [left > 0 ? `${left} more groups` : '', lines.length > MAX_LINES ? `${lines.length - MAX_LINES} more connections between groups` : ''].filter((text) => text !== '').join(' and ');
  return drawFigure({ height: bottom + 9, words: `Map of ${placed.length} groups of hosts and ${Math.min(MAX_LINES, lines.length)} connections between them; the table below names them`, caption: `Who spoke with whom in the period; the thicker, the more connections. What spoke within a zone is not drawn.${cut === '' ? '' : ` Not drawn: ${cut} (traffic.csv).`}` }, [
    // What was refused comes first in the list, and last onto the paper; no line passes over a figure.
    ...drawn.map(({ line }) => line),
    ...drawn.map(({ words }) => words),
    ...placed.map((place) => drawGroup(evidence, place)),
    drawLegendOfLines(bottom + 6),
  ]);
}

/** Those that spoke first, when not all can be drawn. */
function placeGroups({ sources }: Evidence, traffic: readonly GroupTraffic[]): { placed: Placed[]; left: number } {
  const spoke = new Map<string, number>();
  for (const { from, to, accepted, wouldBlock, blocked } of traffic) for (const group of [from, to]) spoke.set(group, (spoke.get(group) ?? 0) + accepted + wouldBlock + blocked);
  const zones = sources.zones.map(({ zone }) => `zone:${zone}`);
  const lists = [...spoke.keys()].filter((group) => group.startsWith('iplist:')).toSorted();
  const all = [...zones, ...lists];
  const chosen = new Set(all.toSorted((a, b) => (spoke.get(b) ?? 0) - (spoke.get(a) ?? 0) || all.indexOf(a) - all.indexOf(b)).slice(0, MAX_GROUPS));
  const drawn = all.filter((group) => chosen.has(group));
  const rows = Math.max(1, Math.ceil(drawn.length / 2));
  const placed = drawn.map((group, i): Placed => (i < rows ? { group, side: 'left', x: 0.2, y: BOX.height + 8 + i * ROW } : { group, side: 'right', x: PAGE_WIDTH - BOX.width - 0.2, y: BOX.height + 8 + (i - rows) * ROW }));
  const below = BOX.height + 8 + rows * ROW + 4;
  if (spoke.has('outside')) placed.push({ group: 'outside', side: 'top', x: MIDDLE - BOX.width / 2, y: 0.2 });
  if (sources.hosts.some(({ zone }) => zone === '')) placed.push({ group: 'unzoned', side: 'bottom', x: MIDDLE - BOX.width / 2, y: below });
  return { placed, left: all.length - drawn.length };
}

function drawGroup({ sources }: Evidence, { group, x, y }: Placed): Html {
  const zone = sources.zones.find((row) => `zone:${row.zone}` === group);
  const hosts = group === 'unzoned' ? sources.hosts.filter((host) => host.zone === '') : zone === undefined ? null : sources.hosts.filter((host) => host.zone === zone.zone);
  const apps = [...new Set((hosts ?? []).flatMap(({ labels }) => labels.split(' ').flatMap((label) => (label.startsWith('app=') ? [label.slice('app='.length)] : []))))].toSorted();
  const about = hosts === null ? (group === 'outside' ? `${sources.unmanaged_peers.length} unknown peers` : 'addresses') : `${hosts.length} ${hosts.length === 1 ? 'host' : 'hosts'}${zone === undefined ? '' : `, set to ${zone.mode}`}`;
  const named = apps.length === 0 ? '' : `app ${apps.slice(0, 3).join(', ')}${apps.length > 3 ? ` and ${apps.length - 3} more` : ''}`;
  return html`${drawBox({ x, y, ...BOX }, 'blank')}${drawText(cutName(groupName(group), 24), { x: x + 2, y: y + 4.4, size: 3, bold: true })}${drawText(about, { x: x + 2, y: y + 8.2, size: 2.4 })}${drawText(cutName(named, 34), { x: x + 2, y: y + 11.6, size: 2.2, colour: '#4a525b' })}`;
}

/** Where a line leaves or arrives: on the inner edge, arrivals a little apart from departures. */
function gateOf({ side, x, y }: Placed, isArrival: boolean): { x: number; y: number; inX: number; inY: number } {
  const apart = isArrival ? 2.6 : -2.6;
  if (side === 'left') return { x: x + BOX.width, y: y + BOX.height / 2 + apart, inX: 22, inY: 0 };
  if (side === 'right') return { x, y: y + BOX.height / 2 + apart, inX: -22, inY: 0 };
  if (side === 'top') return { x: x + BOX.width / 2 + apart * 3, y: y + BOX.height, inX: 0, inY: 16 };
  return { x: x + BOX.width / 2 + apart * 3, y, inX: 0, inY: -16 };
}

/** Where along its line a figure stands, by turns, so that those of lines that cross do not meet. */
const WORDS_AT: readonly number[] = [0.5, 0.38, 0.62, 0.28];

/** A line with its arrow, and what is said on it: a cross where some was blocked, and how much was refused. */
function drawLine({ accepted, wouldBlock, blocked }: GroupTraffic, from: Placed, to: Placed, wordsAt: number): { readonly line: Html; readonly words: Html } {
  const [start, end] = [gateOf(from, false), gateOf(to, true)];
  const total = accepted + wouldBlock + blocked;
  const width = mm(Math.min(1.1, 0.2 + Math.log10(total + 1) * 0.14));
  const dashes = blocked > 0 ? `${mm(width)} 1.1` : wouldBlock > 0 ? '2.6 1.2' : 'none';
  const [c1, c2] = [{ x: start.x + start.inX, y: start.y + start.inY }, { x: end.x + end.inX, y: end.y + end.inY }];
  const along = (a: number, b: number, c: number, d: number) => (1 - wordsAt) ** 3 * a + 3 * (1 - wordsAt) ** 2 * wordsAt * b + 3 * (1 - wordsAt) * wordsAt ** 2 * c + wordsAt ** 3 * d;
  const middle = { x: along(start.x, c1.x, c2.x, end.x), y: along(start.y, c1.y, c2.y, end.y) };
  const curve = `M${mm(start.x)} ${mm(start.y)}C${mm(c1.x)} ${mm(c1.y)} ${mm(c2.x)} ${mm(c2.y)} ${mm(end.x)} ${mm(end.y)}`;
  const refused = blocked + wouldBlock;
  return {
    line: html`<path d="${curve}" fill="none" stroke="${refused > 0 ? INK : GREY}" stroke-width="${width}" stroke-dasharray="${dashes}" stroke-linecap="${blocked > 0 ? 'round' : 'butt'}"/>${drawArrow(end)}`,
    words: html`${blocked > 0 ? drawCross(middle) : html``}${refused > 0 ? drawText(shortCount(refused), { x: middle.x + 1.8, y: middle.y - 0.8, size: 2.2, bold: true, isOnWhite: true }) : html``}`,
  };
}

function drawArrow({ x, y, inX, inY }: ReturnType<typeof gateOf>): Html {
  const [dx, dy] = [Math.sign(inX) * 2, Math.sign(inY) * 2];
  return html`<path d="M${mm(x)} ${mm(y)}L${mm(x + dx - dy * 0.4)} ${mm(y + dy - dx * 0.4)}L${mm(x + dx + dy * 0.4)} ${mm(y + dy + dx * 0.4)}Z" fill="${INK}"/>`;
}

const drawCross = ({ x, y }: { readonly x: number; readonly y: number }): Html => html`<path d="M${mm(x - 1)} ${mm(y - 1)}L${mm(x + 1)} ${mm(y + 1)}M${mm(x - 1)} ${mm(y + 1)}L${mm(x + 1)} ${mm(y - 1)}" stroke="${INK}" stroke-width=".5"/>`;

const drawLegendOfLines = (y: number): Html => html`<path d="M0 ${mm(y - 0.9)}H12" stroke="${GREY}" stroke-width=".6"/>${drawText('accepted', { x: 13.5, y })}<path d="M40 ${mm(y - 0.9)}H52" stroke="${INK}" stroke-width=".6" stroke-dasharray="2.6 1.2"/>${drawText('some would have been blocked', { x: 53.5, y })}<path d="M104 ${mm(y - 0.9)}H116" stroke="${INK}" stroke-width=".6" stroke-dasharray=".6 1.1" stroke-linecap="round"/>${drawCross({ x: 110, y: y - 0.9 })}${drawText('some was blocked; figures: refused', { x: 117.5, y })}`;

/** The same in rows, so that the drawing need not be read: from, to, and connections by verdict. */
export const listMapRows = (evidence: Evidence): readonly (readonly [string, string, string, string, string])[] =>
  sumGroups(evidence).map(({ from, to, accepted, wouldBlock, blocked }) => [groupName(from), groupName(to), count(accepted), count(wouldBlock), count(blocked)] as const);
