import cytoscape, { type Core, type EdgeSingular, type NodeSingular } from 'cytoscape';
import { useEffect, useImperativeHandle, useRef, useState, type Ref } from 'react';
import { useTheme } from '../../ui/theme.ts';
import type { Position } from './map-layout.ts';
import { mapElements } from './map-elements.ts';
import type { MapModel } from './map-model.ts';
import { mapStyle } from './map-style.ts';

export type MapSelection = { readonly kind: 'node' | 'edge'; readonly id: string } | null;
export type MapHandle = { readonly toPng: () => Blob; readonly fit: () => void };
type Props = { readonly model: MapModel; readonly selection: MapSelection; readonly onSelect: (selection: MapSelection) => void; readonly onMoved: (positions: { id: string; x: number; y: number }[]) => void; readonly ref: Ref<MapHandle> };

const FIT_PADDING_PX = 20;
const LEGEND_HEIGHT_PX = 48;
const MAX_FIT_ZOOM = 1.15;

// Cytoscape adds an inline <style> of its own, which the CSP refuses, unless an element with this id is there (LIBRARIES.md P6).
function standInForInlineStyle(): void {
  const id = '__________cytoscape_stylesheet';
  if (document.getElementById(id) !== null) return;
  const stand = document.createElement('meta');
  stand.id = id;
  document.head.append(stand);
}

function createMap(container: HTMLElement): Core {
  standInForInlineStyle();
  return cytoscape({ container, style: mapStyle(), minZoom: 0.1, maxZoom: 3, boxSelectionEnabled: false, textureOnViewport: false, layout: { name: 'preset' } });
}

/** The whole picture above the legend; small ones are not blown up. */
function fitToWindow(cy: Core): void {
  cy.resize();
  const box = cy.elements().boundingBox();
  const [widthPx, heightPx] = [cy.width() - 2 * FIT_PADDING_PX, cy.height() - 2 * FIT_PADDING_PX - LEGEND_HEIGHT_PX];
  if (cy.elements().empty() || widthPx <= 0 || heightPx <= 0) return;
  const zoom = Math.min(widthPx / box.w, heightPx / box.h, MAX_FIT_ZOOM);
  const middle = { x: FIT_PADDING_PX + widthPx / 2, y: FIT_PADDING_PX + heightPx / 2 };
  cy.viewport({ zoom, pan: { x: middle.x - zoom * (box.x1 + box.w / 2), y: middle.y - zoom * (box.y1 + box.h / 2) } });
}

/** After the room for the picture changed: fitted again, or left as it is with what is selected in sight (the side panel opened). */
function followSize(cy: Core, isFitted: boolean): void {
  if (isFitted) return fitToWindow(cy);
  cy.resize();
  const chosen = cy.$(':selected');
  const [box, view] = [chosen.boundingBox(), cy.extent()];
  if (chosen.nonempty() && (box.x1 < view.x1 || box.x2 > view.x2 || box.y1 < view.y1 || box.y2 > view.y2)) cy.center(chosen);
}

const placesOf = (cy: Core): { id: string; x: number; y: number }[] =>
  cy.nodes('[kind = "host"], [kind = "unmanaged"], [kind = "external"]').map((node) => {
    const { x, y }: Position = node.position();
    return { id: node.id(), x, y };
  });

/** Draws the model. `data-map-ready` turns true once fonts are there and the picture was drawn; the view is fitted when other nodes appear. */
export function MapCanvas({ model, selection, onSelect, onMoved, ref }: Props) {
  const container = useRef<HTMLDivElement>(null);
  const core = useRef<Core | null>(null);
  const shownNodes = useRef('');
  /** Until the person zooms or pans, the picture follows the size of the window. */
  const isFitted = useRef(true);
  const latest = useRef({ onSelect, onMoved, selection });
  latest.current = { onSelect, onMoved, selection };
  const [isReady, setReady] = useState(false);
  const isDark = useTheme((state) => state.isDark);

  useEffect(() => {
    if (container.current === null) return;
    const cy = createMap(container.current);
    core.current = cy;
    cy.on('tap', (event) => event.target === cy && latest.current.onSelect(null));
    cy.on('tap', 'edge', (event) => latest.current.onSelect({ kind: 'edge', id: event.target.id() }));
    cy.on('tap', 'node[kind != "zone"]', (event) => latest.current.onSelect({ kind: 'node', id: event.target.id() }));
    cy.on('mouseover', 'node[kind != "zone"], edge', (event) => near(event.target).addClass('near'));
    cy.on('mouseout', 'node[kind != "zone"], edge', (event) => near(event.target).not(selectedEdges(cy)).removeClass('near'));
    cy.on('dragfree', 'node', () => latest.current.onMoved(placesOf(cy)));
    cy.on('scrollzoom pinchzoom dragpan', () => {
      isFitted.current = false;
    });
    const resizes = new ResizeObserver(() => followSize(cy, isFitted.current && latest.current.selection === null));
    resizes.observe(container.current);
    return () => {
      resizes.disconnect();
      cy.destroy();
      core.current = null;
      shownNodes.current = '';
    };
  }, []);

  useEffect(() => {
    const cy = core.current;
    if (cy === null) return;
    cy.batch(() => {
      cy.elements().remove();
      cy.add(mapElements(model));
    });
    const nodes = model.nodes.map((node) => node.id).join(' ');
    if (nodes !== shownNodes.current) fitToWindow(cy);
    shownNodes.current = nodes;
    highlight(cy, latest.current.selection);
    void document.fonts.ready.then(() => {
      if (cy.destroyed()) return;
      cy.one('render', () => setReady(true));
      cy.forceRender();
    });
  }, [model]);

  useEffect(() => {
    // The attribute that turns the colours is set before this effect runs; isDark is why it runs.
    if (isDark !== null) core.current?.style(mapStyle());
  }, [isDark]);

  useEffect(() => {
    if (core.current !== null) highlight(core.current, selection);
  }, [selection]);

  useImperativeHandle(ref, () => ({
    fit: () => {
      isFitted.current = true;
      if (core.current !== null) fitToWindow(core.current);
    },
    toPng: () => core.current?.png({ output: 'blob', full: true, scale: 2, bg: getComputedStyle(document.body).backgroundColor }) ?? new Blob(),
  }));

  return <div ref={container} className="map-canvas" data-map-ready={isReady} role="img" aria-label={`Map of ${model.nodes.length} hosts and peers with ${model.edges.length} connections. Press t for the same as a table.`} />;
}

/** The edges that a hovered node or edge is about; their labels are shown even where they step back. */
const near = (target: NodeSingular | EdgeSingular) => (target.isNode() ? target.connectedEdges() : target.edges());
const selectedEdges = (cy: Core) => cy.$(':selected').edges().union(cy.$(':selected').connectedEdges());

/** Marks what is selected and fades what does not touch it. */
function highlight(cy: Core, selection: MapSelection): void {
  cy.batch(() => highlightNow(cy, selection));
}

function highlightNow(cy: Core, selection: MapSelection): void {
  cy.elements().unselect().removeClass('faded near');
  if (selection === null) return;
  const chosen = cy.getElementById(selection.id);
  if (chosen.empty()) return;
  chosen.select();
  const near = chosen.union(chosen.connectedEdges()).union(chosen.connectedNodes()).union(chosen.connectedEdges().connectedNodes());
  near.edges().addClass('near');
  cy.elements().not(near).not(near.parents()).not('[kind = "zone"]').addClass('faded');
}
