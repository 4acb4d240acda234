import type { NodeSingular, StylesheetJson } from 'cytoscape';
import {
  EDGE_FONT_PX,
  FAR_FONTS_PX,
  GROUP_HEIGHT_PX,
  GROUP_WIDTH_PX,
  NODE_HEIGHT_PX,
  NODE_WIDTH_PX,
  OUTSIDE_HEIGHT_PX,
  OUTSIDE_WIDTH_PX,
  TITLE_FONT_PX,
  TITLE_HEIGHT_PX,
  ZONE_PADDING_PX,
} from './map-geometry.ts';

const tokens = [
  '--surface',
  '--sunken',
  '--ground',
  '--text',
  '--text-muted',
  '--line',
  '--line-strong',
  '--accent',
  '--selected',
  '--allowed',
  '--no-rule',
  '--would-block',
  '--blocked',
  '--unknown',
] as const;
type Colours = Record<(typeof tokens)[number], string>;

/** The tokens as plain colours: a canvas cannot read `light-dark()`, so an element is asked what it makes of it. */
function readColours(): Colours {
  const probe = document.createElement('span');
  document.body.append(probe);
  const read = (token: string) => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
  const colours = Object.fromEntries(tokens.map((token) => [token, read(token)])) as Colours;
  probe.remove();
  return colours;
}

/** Line, arrow and colour of each verdict; every one is told by form as well as by colour. */
const verdictStyles = (c: Colours): StylesheetJson => [
  { selector: 'edge[verdict = "allowed"]', style: edgeLook(c['--allowed'], 'solid', 'triangle', 1.5) },
  { selector: 'edge[verdict = "no-rule"]', style: { ...edgeLook(c['--no-rule'], 'dashed', 'vee', 1.5), 'line-dash-pattern': [7, 4] } },
  {
    selector: 'edge[verdict = "would-block"]',
    style: { ...edgeLook(c['--would-block'], 'dashed', 'triangle-cross', 2.5), 'line-dash-pattern': [2, 4], 'line-cap': 'round' },
  },
  { selector: 'edge[verdict = "blocked"]', style: edgeLook(c['--blocked'], 'solid', 'tee', 2.5) },
  { selector: 'edge[verdict = "unknown"]', style: edgeLook(c['--unknown'], 'dotted', 'circle', 1.5) },
];

const edgeLook = (colour: string, line: 'solid' | 'dashed' | 'dotted', arrow: 'triangle' | 'vee' | 'triangle-cross' | 'tee' | 'circle', width: number) => ({
  'line-color': colour,
  'target-arrow-color': colour,
  color: colour,
  'line-style': line,
  'target-arrow-shape': arrow,
  width,
});

/** From the right of a title's box, where Cytoscape would begin the text, back to its left. */
const outdentPx = (title: NodeSingular): number => -title.width();

const nodeStyles = (c: Colours): StylesheetJson => [
  {
    selector: 'node',
    style: {
      label: 'data(label)',
      'font-family': 'Inter, sans-serif',
      'font-size': 15,
      color: c['--text'],
      'text-wrap': 'ellipsis',
      'text-max-width': `${NODE_WIDTH_PX - 10}px`,
      'text-valign': 'center',
      'text-halign': 'center',
      'background-color': c['--surface'],
      'border-width': 1.5,
      'border-color': c['--line-strong'],
      shape: 'round-rectangle',
      width: NODE_WIDTH_PX,
      height: NODE_HEIGHT_PX,
      'min-zoomed-font-size': 6,
    },
  },
  { selector: 'node[kind = "unmanaged"]', style: { 'border-style': 'dashed', 'border-color': c['--unknown'] } },
  {
    selector: 'node[kind = "external"], node[kind = "peers"]',
    style: {
      shape: 'ellipse',
      'background-color': c['--sunken'],
      'border-style': 'dashed',
      'border-color': c['--unknown'],
      color: c['--text-muted'],
      width: OUTSIDE_WIDTH_PX,
      height: OUTSIDE_HEIGHT_PX,
      'font-size': 15,
      'text-max-width': `${OUTSIDE_WIDTH_PX - 20}px`,
    },
  },
  { selector: 'node[kind = "peers"]', style: { 'border-style': 'double', 'border-width': 4 } },
  { selector: 'node.badged', style: { 'text-wrap': 'wrap', 'text-max-width': `${2 * NODE_WIDTH_PX}px`, 'font-size': 14, 'line-height': 1.15 } },
  ...groupStyles(c),
];

/** A group that is shut looks like a pile, so that nobody takes it for a host. */
const groupStyles = (c: Colours): StylesheetJson => [
  {
    selector: 'node[kind = "zone"], node[kind = "app"], node[kind = "role"]',
    style: {
      width: GROUP_WIDTH_PX,
      height: GROUP_HEIGHT_PX,
      'font-size': 16,
      'font-weight': 500,
      'line-height': 1.25,
      'text-wrap': 'wrap',
      // Lines are cut by us (map-elements.ts); nothing may be broken once more.
      'text-max-width': `${2 * GROUP_WIDTH_PX}px`,
      'border-style': 'double',
      'border-width': 5,
    },
  },
  { selector: 'node[kind = "zone"][mode = "observe"]', style: { 'border-color': c['--no-rule'] } },
  { selector: 'node[kind = "zone"][mode = "test"]', style: { 'border-color': c['--would-block'] } },
  { selector: 'node[kind = "zone"][mode = "enforce"]', style: { 'border-color': c['--allowed'] } },
  { selector: 'node[kind = "rest"]', style: { 'border-style': 'dotted', color: c['--text-muted'] } },
];

/** From afar a node has its name alone, in letters that can still be read; whatever of it has no room is cut. */
const farStyles: StylesheetJson = [
  { selector: 'node.mid, node.far', style: { label: 'data(name)', 'text-wrap': 'ellipsis', 'text-max-width': `${NODE_WIDTH_PX - 10}px` } },
  { selector: 'node.mid[kind = "external"], node.mid[kind = "peers"], node.far[kind = "external"], node.far[kind = "peers"]', style: { 'text-max-width': `${OUTSIDE_WIDTH_PX - 20}px` } },
  ...(['mid', 'far'] as const).flatMap((size) => [
    { selector: `node.${size}`, style: { 'font-size': FAR_FONTS_PX[size].node } },
    {
      selector: `node.${size}[kind = "zone"], node.${size}[kind = "app"], node.${size}[kind = "role"]`,
      style: { 'font-size': FAR_FONTS_PX[size].group, 'text-max-width': `${GROUP_WIDTH_PX - 16}px`, 'border-width': 7 },
    },
  ]),
];

const zoneStyles = (c: Colours): StylesheetJson => [
  {
    selector: 'node[kind = "box"]',
    style: {
      shape: 'round-rectangle',
      'background-color': c['--sunken'],
      'background-opacity': 0.7,
      'border-color': c['--line-strong'],
      'border-width': 1,
      padding: `${ZONE_PADDING_PX}px`,
      'compound-sizing-wrt-labels': 'exclude',
    },
  },
  {
    // Written from the left edge of its box, which the layout makes wide enough for any font; edges run behind it.
    selector: 'node[kind = "title"]',
    style: {
      shape: 'rectangle',
      width: 'data(widthPx)',
      height: TITLE_HEIGHT_PX,
      'background-opacity': 0,
      'border-width': 0,
      'text-halign': 'right',
      'text-margin-x': outdentPx,
      'text-wrap': 'none',
      'font-weight': 600,
      'font-size': TITLE_FONT_PX,
      color: c['--text-muted'],
      'text-background-color': c['--sunken'],
      'text-background-opacity': 0.9,
      'text-background-padding': '2px',
      'z-compound-depth': 'top',
      events: 'no',
    },
  },
  { selector: 'node[mode = "observe"][kind = "box"]', style: { 'border-style': 'dashed', 'border-color': c['--no-rule'] } },
  { selector: 'node[mode = "test"][kind = "box"]', style: { 'border-color': c['--would-block'] } },
  { selector: 'node[mode = "enforce"][kind = "box"]', style: { 'border-color': c['--allowed'], 'border-width': 2 } },
];

/** What a rule explains steps back, but not out of the sight of who chose high contrast. */
const calmOpacity = (): number => (document.documentElement.dataset['contrast'] === 'high' ? 1 : 0.65);

/** The style of the map in the colours of the theme now shown. */
export function mapStyle(): StylesheetJson {
  const c = readColours();
  return [
    ...nodeStyles(c),
    ...farStyles,
    ...zoneStyles(c),
    {
      selector: 'edge',
      style: {
        'source-label': 'data(label)',
        'source-text-offset': 'data(labelAt)',
        'font-family': 'Inter, sans-serif',
        'font-size': EDGE_FONT_PX,
        'font-weight': 500,
        'text-background-color': c['--surface'],
        'text-background-opacity': 0.92,
        'text-background-padding': '2px',
        'text-background-shape': 'roundrectangle',
        'curve-style': 'unbundled-bezier',
        'control-point-distances': 'data(bend)',
        'control-point-weights': 'data(bendAt)',
        'edge-distances': 'node-position',
        'arrow-scale': 1.1,
        'min-zoomed-font-size': 7,
      },
    },
    ...verdictStyles(c),
    { selector: 'edge.calm', style: { opacity: calmOpacity(), width: 1, 'text-opacity': 0, 'text-background-opacity': 0, 'arrow-scale': 0.9 } },
    // No text at all: a text that cannot be seen is measured and placed all the same, which for a thousand edges takes longer than drawing them.
    { selector: 'edge.quiet', style: { opacity: calmOpacity() * 0.7, width: 1, 'arrow-scale': 0.8 } },
    { selector: 'edge.bare', style: { 'source-label': '', 'source-text-offset': 0, 'text-opacity': 0, 'text-background-opacity': 0 } },
    // The same line as by a bend of nothing, in less time.
    { selector: 'edge.plain', style: { 'curve-style': 'straight', 'control-point-distances': 0, 'control-point-weights': 0.5 } },
    { selector: 'edge.over', style: { 'z-compound-depth': 'top' } },
    { selector: 'edge.same', style: { opacity: 0.4 } },
    { selector: 'edge.differs', style: { 'underlay-color': c['--accent'], 'underlay-opacity': 0.22, 'underlay-padding': 4, width: 3 } },
    { selector: 'edge.near', style: { 'source-label': 'data(full)', 'source-text-offset': 'data(labelAt)', opacity: 1, width: 2, 'text-opacity': 1, 'text-background-opacity': 0.92, 'z-index': 10 } },
    { selector: 'edge.faded, node.faded', style: { opacity: 0.16 } },
    { selector: 'node:selected', style: { 'border-color': c['--accent'], 'border-width': 3, 'background-color': c['--selected'] } },
    { selector: 'edge:selected', style: { width: 4, 'underlay-color': c['--accent'], 'underlay-opacity': 0.25, 'underlay-padding': 5 } },
    { selector: 'core', style: { 'active-bg-opacity': 0, 'selection-box-color': c['--accent'], 'selection-box-opacity': 0.15, 'selection-box-border-color': c['--accent'], 'selection-box-border-width': 1 } },
  ] as StylesheetJson;
}
