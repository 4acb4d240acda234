import cytoscape, { type Core, type EdgeSingular, type EventObject, type EventObjectEdge, type EventObjectNode, type NodeSingular } from 'cytoscape';
import { nearness, type Position, TITLE_GAP_PX, TITLE_HEIGHT_PX } from './map-geometry.ts';
import { mapStyle } from './map-style.ts';

/** Ids of the nodes, open groups and edges that are chosen, in the order of choosing; empty is nothing. */
export type MapSelection = readonly string[];
export type PlacedNode = { id: string; x: number; y: number };
export type MapListeners = {
  /** One was pressed alone, or (`isMore`) beside what is chosen already. */
  readonly onPress: (id: string | null, isMore: boolean) => void;
  readonly onBox: (ids: readonly string[]) => void;
  /** A node or an open group was pressed twice. */
  readonly onTwice: (id: string) => void;
  readonly onMoved: (positions: PlacedNode[]) => void;
  readonly onZoomed: () => void;
};

const FIT_PADDING_PX = 20;
const LEGEND_HEIGHT_PX = 48;
const MAX_FIT_ZOOM = 1.5;

// Cytoscape adds an inline <style> of its own, which the CSP refuses, unless an element with this id is there (LIBRARIES.md P6).
function standInForInlineStyle(): void {
  const id = '__________cytoscape_stylesheet';
  if (document.getElementById(id) !== null) return;
  const stand = document.createElement('meta');
  stand.id = id;
  document.head.append(stand);
}

/** An empty map in the container, in the colours of the theme now shown. The caller destroys it. A large picture is moved as one image while it is panned and zoomed, without its lines. */
export function createMap(container: HTMLElement, isLarge: boolean): Core {
  standInForInlineStyle();
  return cytoscape({ container, style: mapStyle(), minZoom: 0.1, maxZoom: 3, boxSelectionEnabled: true, selectionType: 'additive', layout: { name: 'preset' }, textureOnViewport: isLarge, hideEdgesOnViewport: isLarge });
}

/** Tells of presses, drags and zooms by a person; shows the labels of what the pointer is on. */
export function listenToMap(cy: Core, listeners: MapListeners): void {
  cy.on('tap', (event) => event.target === cy && listeners.onPress(null, false));
  cy.on('tap', 'edge, node[kind != "title"]', (event: EventObjectEdge | EventObjectNode) => listeners.onPress(event.target.id(), isWithKey(event)));
  cy.on('dbltap', 'node[kind != "title"]', (event: EventObjectNode) => listeners.onTwice(event.target.id()));
  // Cytoscape tells each element of a box by itself, and then that the box is done.
  const inBox = new Set<string>();
  cy.on('boxstart', () => inBox.clear());
  cy.on('box', 'edge, node[kind != "title"][kind != "box"]', (event: EventObjectEdge | EventObjectNode) => inBox.add(event.target.id()));
  cy.on('boxend', () => setTimeout(() => inBox.size > 0 && listeners.onBox([...inBox])));
  cy.on('mouseover', 'node[kind != "box"], edge', (event) => near(event.target).addClass('near'));
  cy.on('mouseout', 'node[kind != "box"], edge', (event) => near(event.target).not(selectedEdges(cy)).removeClass('near'));
  cy.on('dragfree', 'node', (event: EventObjectNode) => {
    cy.nodes('[kind = "title"]').forEach(moveTitle);
    listeners.onMoved(placesAfter(cy, event.target));
  });
  cy.on('scrollzoom pinchzoom dragpan dragfree', listeners.onZoomed);
  cy.on('zoom', () => fitTexts(cy));
}

const isWithKey = ({ originalEvent }: EventObject): boolean => originalEvent.shiftKey || originalEvent.ctrlKey || originalEvent.metaKey;

/** The edges that a hovered node or edge is about; their labels are shown even where they step back. */
const near = (target: NodeSingular | EdgeSingular) => (target.isNode() ? target.connectedEdges() : target.edges());
const selectedEdges = (cy: Core) => cy.$(':selected').edges().union(cy.$(':selected').connectedEdges());

/** A zone's title stays at the corner of what is in the zone after a drag. */
function moveTitle(title: NodeSingular): void {
  const inner = title.siblings('[kind != "title"]').boundingBox({ includeLabels: false, includeEdges: false, includeOverlays: false });
  const gapPx = TITLE_GAP_PX + TITLE_HEIGHT_PX / 2;
  title.position({ x: inner.x1 + title.width() / 2, y: title.data('titleAt') === 'top' ? inner.y1 - gapPx : inner.y2 + gapPx });
}

/** What is to be remembered after a drag: of all hosts where each of them is; of groups only the one that was dragged. */
function placesAfter(cy: Core, dragged: NodeSingular): PlacedNode[] {
  const isOfHosts = cy.scratch('picture') === 'hosts';
  const moved = isOfHosts ? cy.nodes('[kind = "host"], [kind = "unmanaged"], [kind = "external"], [kind = "peers"]') : dragged.filter((node) => node.isOrphan());
  return moved.map((node) => {
    const { x, y }: Position = node.position();
    return { id: node.id(), x, y };
  });
}

/** Gives nodes the text that can be read at this zoom; all of them where they are new, else only when the zoom passed a limit. */
export function fitTexts(cy: Core, areNew = false): void {
  const now = nearness(cy.zoom());
  if (!areNew && cy.scratch('nearness') === now) return;
  cy.scratch('nearness', now);
  cy.batch(() => {
    const nodes = cy.nodes('[kind != "box"][kind != "title"]').removeClass('mid far');
    if (now !== 'near') nodes.addClass(now);
  });
}

/** More edges than this make a picture large: they are hidden while it moves, or it would stutter. */
export const LARGE_EDGES = 200;

/** The whole picture above the legend; small ones are not blown up. Of a large one the nodes are measured: its edges are between them, hardly bent and without text. */
export function fitToWindow(cy: Core): void {
  cy.resize();
  const box = (cy.edges().length > LARGE_EDGES ? cy.nodes() : cy.elements()).boundingBox();
  const [widthPx, heightPx] = [cy.width() - 2 * FIT_PADDING_PX, cy.height() - 2 * FIT_PADDING_PX - LEGEND_HEIGHT_PX];
  if (cy.elements().empty() || widthPx <= 0 || heightPx <= 0) return;
  const zoom = Math.min(widthPx / box.w, heightPx / box.h, MAX_FIT_ZOOM);
  const middle = { x: FIT_PADDING_PX + widthPx / 2, y: FIT_PADDING_PX + heightPx / 2 };
  cy.viewport({ zoom, pan: { x: middle.x - zoom * (box.x1 + box.w / 2), y: middle.y - zoom * (box.y1 + box.h / 2) } });
  fitTexts(cy);
}

/** After the room for the picture changed without fitting it again: what is selected is brought back into sight (the side panel opened). */
export function keepSelectionInSight(cy: Core): void {
  cy.resize();
  const chosen = cy.$(':selected');
  const [box, view] = [chosen.boundingBox(), cy.extent()];
  if (chosen.nonempty() && (box.x1 < view.x1 || box.x2 > view.x2 || box.y1 < view.y1 || box.y2 > view.y2)) cy.center(chosen);
}

/** Marks what is selected and fades what does not touch it. */
export function highlight(cy: Core, selection: MapSelection): void {
  cy.batch(() => {
    cy.elements().unselect().removeClass('faded near');
    const ids = new Set(selection);
    const chosen = cy.elements().filter((each) => ids.has(each.id()));
    if (chosen.empty()) return;
    chosen.select();
    const inside = chosen.union(chosen.nodes().descendants());
    const about = inside.union(inside.connectedEdges()).union(inside.connectedNodes()).union(inside.connectedEdges().connectedNodes());
    about.edges().addClass('near');
    cy.elements().not(about).not(about.parents()).not('[kind = "box"], [kind = "title"]').addClass('faded');
  });
}
