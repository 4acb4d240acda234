import type { Core, EdgeSingular, NodeSingular } from 'cytoscape';
import { edgePath } from './edge-path.ts';
import { type Box, type Position, textWidthPx } from './map-geometry.ts';

const MARGIN_PX = 24;
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
/** Names come from hosts and logs: nothing in them may become part of the drawing. */
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (char) => ESCAPES[char] ?? '');
const px = (number: number): string => String(Math.round(number * 10) / 10);

/** The picture as it is now, dragged nodes, colours and selection included, as an SVG that needs nothing else. */
export function mapSvg(cy: Core): string {
  const box = cy.elements().boundingBox();
  const view = [box.x1 - MARGIN_PX, box.y1 - MARGIN_PX, box.w + 2 * MARGIN_PX, box.h + 2 * MARGIN_PX].map(px).join(' ');
  const ground = getComputedStyle(document.body).backgroundColor;
  const boxes = cy.nodes('[kind = "box"]').map((node) => rectangle(node));
  const [edges, over] = [cy.edges().not('.over').map(line), cy.edges('.over').map(line)];
  const nodes = cy.nodes('[kind != "box"][kind != "title"]').map((node) => `${node.style('shape') === 'ellipse' ? ellipse(node) : rectangle(node)}${lines(node, shownText(node))}`);
  const titles = cy.nodes('[kind = "title"]').map(title);
  const background = `<rect x="${px(box.x1 - MARGIN_PX)}" y="${px(box.y1 - MARGIN_PX)}" width="100%" height="100%" fill="${ground}"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${view}" font-family="Inter, Helvetica, Arial, sans-serif">${[background, ...boxes, ...edges, ...nodes, ...over, ...titles].join('\n')}</svg>\n`;
}

const boxOf = (node: NodeSingular): Box => {
  const { x1, y1, x2, y2 } = node.boundingBox({ includeLabels: false, includeOverlays: false, includeUnderlays: false });
  return { x1, y1, x2, y2 };
};
const paint = (node: NodeSingular): string =>
  `fill="${node.style('background-color')}" fill-opacity="${node.style('background-opacity')}" stroke="${node.style('border-color')}" stroke-width="${number(node.style('border-width'))}" opacity="${node.style('opacity')}"${node.style('border-style') === 'dashed' ? ' stroke-dasharray="5 3"' : ''}`;
const number = (style: unknown): number => Number.parseFloat(String(style)) || 0;

function rectangle(node: NodeSingular): string {
  const { x1, y1, x2, y2 } = boxOf(node);
  return `<rect x="${px(x1)}" y="${px(y1)}" width="${px(x2 - x1)}" height="${px(y2 - y1)}" rx="6" ${paint(node)}/>`;
}

function ellipse(node: NodeSingular): string {
  const { x1, y1, x2, y2 } = boxOf(node);
  return `<ellipse cx="${px((x1 + x2) / 2)}" cy="${px((y1 + y2) / 2)}" rx="${px((x2 - x1) / 2)}" ry="${px((y2 - y1) / 2)}" ${paint(node)}/>`;
}

/** What the screen shows of a node's text: a single line is cut to the room that it has. */
function shownText(node: NodeSingular): string {
  const text = String(node.style('label'));
  const fits = Math.floor(number(node.style('text-max-width')) / textWidthPx('m', number(node.style('font-size'))));
  return node.style('text-wrap') === 'ellipsis' && text.length > fits ? `${text.slice(0, Math.max(1, fits - 1))}…` : text;
}

function lines(node: NodeSingular, label: string): string {
  const { x, y } = node.position();
  const sizePx = number(node.style('font-size'));
  const texts = label.split('\n');
  return texts
    .map((text, index) => {
      const at = y + (index - (texts.length - 1) / 2) * sizePx * 1.25;
      return `<text x="${px(x)}" y="${px(at)}" font-size="${sizePx}" font-weight="${node.style('font-weight')}" text-anchor="middle" dominant-baseline="central" fill="${node.style('color')}" opacity="${node.style('opacity')}">${escaped(text)}</text>`;
    })
    .join('');
}

function title(node: NodeSingular): string {
  const { x1, y1, y2 } = boxOf(node);
  return `<text x="${px(x1)}" y="${px((y1 + y2) / 2)}" font-size="${number(node.style('font-size'))}" font-weight="600" dominant-baseline="central" fill="${node.style('color')}">${escaped(String(node.data('label')))}</text>`;
}

const DASHES: Readonly<Record<string, string>> = { 'no-rule': '7 4', 'would-block': '2 4', unknown: '1 3' };

function line(edge: EdgeSingular): string {
  const path = edgePath(boxOf(edge.source()), boxOf(edge.target()), { at: Number(edge.data('bendAt')), px: Number(edge.data('bend')) });
  const [colour, widthPx, opacity] = [String(edge.style('line-color')), number(edge.style('width')), String(edge.style('opacity'))];
  const dash = DASHES[String(edge.data('verdict'))];
  const way = path.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${px(x)} ${px(y)}`).join(' ');
  const stroke = `<path d="${way}" fill="none" stroke="${colour}" stroke-width="${widthPx}" opacity="${opacity}"${dash === undefined ? '' : ` stroke-dasharray="${dash}"`}/>`;
  return `<g><title>${escaped(`${edge.source().data('label')} to ${edge.target().data('label')}: ${edge.data('label')}`)}</title>${stroke}${arrow(path, String(edge.data('verdict')), colour, opacity)}${label(edge, path)}</g>`;
}

/** The form that tells the verdict without its colour: a bar for blocked, a ring for unknown, a point for the rest. */
function arrow(path: readonly Position[], verdict: string, colour: string, opacity: string): string {
  const [end, before] = [path.at(-1), path.at(-2)];
  if (end === undefined || before === undefined) return '';
  const turn = (Math.atan2(end.y - before.y, end.x - before.x) * 180) / Math.PI;
  const forms: Readonly<Record<string, string>> = { blocked: 'M-1 -7 V7', unknown: 'M-8 0 a4 4 0 1 0 8 0 a4 4 0 1 0 -8 0', 'would-block': 'M-9 -5 L0 0 L-9 5 Z M-12 -6 V6', 'no-rule': 'M-9 -5 L0 0 L-9 5 L-6 0 Z' };
  return `<path d="${forms[verdict] ?? 'M-9 -5 L0 0 L-9 5 Z'}" transform="translate(${px(end.x)} ${px(end.y)}) rotate(${px(turn)})" fill="${colour}" stroke="${colour}" stroke-width="${verdict === 'blocked' ? 3 : 1}" opacity="${opacity}"/>`;
}

/** Labels that the screen shows are in the file as well. */
function label(edge: EdgeSingular, path: readonly Position[]): string {
  const middle = path[Math.floor(path.length / 2)];
  if (middle === undefined || number(edge.style('text-opacity')) === 0) return '';
  return `<text x="${px(middle.x)}" y="${px(middle.y)}" font-size="${number(edge.style('font-size'))}" text-anchor="middle" dominant-baseline="central" fill="${edge.style('color')}" stroke="${edge.style('text-background-color')}" stroke-width="4" paint-order="stroke" opacity="${edge.style('opacity')}">${escaped(String(edge.data('label')))}</text>`;
}
