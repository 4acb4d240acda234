import cytoscape, { type Core, type EdgeSingular, type EventObjectEdge, type EventObjectNode, type NodeSingular } from 'cytoscape';
import { type Position, TITLE_GAP_PX, TITLE_HEIGHT_PX } from './map-geometry.ts';
import { mapStyle } from './map-style.ts';

/** What is pressed on the map; null is nothing. */
export type MapSelection = { readonly kind: 'node' | 'edge'; readonly id: string } | null;
export type PlacedNode = { id: string; x: number; y: number };
export type MapListeners = {
  readonly onSelect: (selection: MapSelection) => void;
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

/** An empty map in the container, in the colours of the theme now shown. The caller destroys it. */
export function createMap(container: HTMLElement): Core {
  standInForInlineStyle();
  return cytoscape({ container, style: mapStyle(), minZoom: 0.1, maxZoom: 3, boxSelectionEnabled: false, layout: { name: 'preset' } });
}

/** Tells of presses, drags and zooms by a person; shows the labels of what the pointer is on. */
export function listenToMap(cy: Core, listeners: MapListeners): void {
  cy.on('tap', (event) => event.target === cy && listeners.onSelect(null));
  cy.on('tap', 'edge', (event: EventObjectEdge) => listeners.onSelect({ kind: 'edge', id: event.target.id() }));
  cy.on('tap', 'node[kind != "zone"]', (event: EventObjectNode) => listeners.onSelect({ kind: 'node', id: event.target.id() }));
  cy.on('mouseover', 'node[kind != "zone"], edge', (event) => near(event.target).addClass('near'));
  cy.on('mouseout', 'node[kind != "zone"], edge', (event) => near(event.target).not(selectedEdges(cy)).removeClass('near'));
  cy.on('dragfree', 'node', () => {
    cy.nodes('[kind = "title"]').forEach(moveTitle);
    listeners.onMoved(placesOf(cy));
  });
  cy.on('scrollzoom pinchzoom dragpan dragfree', listeners.onZoomed);
}

/** The edges that a hovered node or edge is about; their labels are shown even where they step back. */
const near = (target: NodeSingular | EdgeSingular) => (target.isNode() ? target.connectedEdges() : target.edges());
const selectedEdges = (cy: Core) => cy.$(':selected').edges().union(cy.$(':selected').connectedEdges());

/** A zone's title stays at the corner of what is in the zone after a drag. */
function moveTitle(title: NodeSingular): void {
  const inner = title.siblings('[kind != "title"]').boundingBox({ includeLabels: false, includeEdges: false, includeOverlays: false });
  const gapPx = TITLE_GAP_PX + TITLE_HEIGHT_PX / 2;
  title.position({ x: inner.x1 + title.width() / 2, y: title.data('titleAt') === 'top' ? inner.y1 - gapPx : inner.y2 + gapPx });
}

const placesOf = (cy: Core): PlacedNode[] =>
  cy.nodes('[kind = "host"], [kind = "unmanaged"], [kind = "external"]').map((node) => {
    const { x, y }: Position = node.position();
    return { id: node.id(), x, y };
  });

/** The whole picture above the legend; small ones are not blown up. */
export function fitToWindow(cy: Core): void {
  cy.resize();
  const box = cy.elements().boundingBox();
  const [widthPx, heightPx] = [cy.width() - 2 * FIT_PADDING_PX, cy.height() - 2 * FIT_PADDING_PX - LEGEND_HEIGHT_PX];
  if (cy.elements().empty() || widthPx <= 0 || heightPx <= 0) return;
  const zoom = Math.min(widthPx / box.w, heightPx / box.h, MAX_FIT_ZOOM);
  const middle = { x: FIT_PADDING_PX + widthPx / 2, y: FIT_PADDING_PX + heightPx / 2 };
  cy.viewport({ zoom, pan: { x: middle.x - zoom * (box.x1 + box.w / 2), y: middle.y - zoom * (box.y1 + box.h / 2) } });
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
    if (selection === null) return;
    const chosen = cy.getElementById(selection.id);
    if (chosen.empty()) return;
    chosen.select();
    const about = chosen.union(chosen.connectedEdges()).union(chosen.connectedNodes()).union(chosen.connectedEdges().connectedNodes());
    about.edges().addClass('near');
    cy.elements().not(about).not(about.parents()).not('[kind = "zone"], [kind = "title"]').addClass('faded');
  });
}
