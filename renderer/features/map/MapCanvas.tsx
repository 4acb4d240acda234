import type { Core } from 'cytoscape';
import { type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react';
import { useTheme } from '../../ui/theme.ts';
import { createMap, fitToWindow, highlight, keepSelectionInSight, listenToMap, type MapSelection, type PlacedNode } from './map-core.ts';
import { mapElements } from './map-elements.ts';
import type { MapModel } from './map-model.ts';
import { mapStyle } from './map-style.ts';

export type MapHandle = { readonly toPng: () => Blob; readonly fit: () => void };
type Props = {
  readonly model: MapModel;
  readonly selection: MapSelection;
  readonly onSelect: (selection: MapSelection) => void;
  readonly onMoved: (positions: PlacedNode[]) => void;
  readonly ref: Ref<MapHandle>;
};

/** Cytoscape for the life of the component. The latest handlers are called; until the person zooms or pans, or has something selected, the picture follows the window's size. */
function useMap({ selection, onSelect, onMoved }: Props) {
  const container = useRef<HTMLDivElement>(null);
  const core = useRef<Core | null>(null);
  const isFitted = useRef(true);
  const latest = useRef({ onSelect, onMoved, selection });
  latest.current = { onSelect, onMoved, selection };
  useEffect(() => {
    if (container.current === null) return;
    const cy = createMap(container.current);
    core.current = cy;
    listenToMap(cy, {
      onSelect: (pressed) => latest.current.onSelect(pressed),
      onMoved: (positions) => latest.current.onMoved(positions),
      onZoomed: () => {
        isFitted.current = false;
      },
    });
    const resizes = new ResizeObserver(() => (isFitted.current && latest.current.selection === null ? fitToWindow(cy) : keepSelectionInSight(cy)));
    resizes.observe(container.current);
    return () => {
      resizes.disconnect();
      cy.destroy();
      core.current = null;
    };
  }, []);
  return { container, core, isFitted, latest };
}

/** Draws the model. `data-map-ready` turns true once fonts are there and the picture was drawn; until the person zooms or pans, every new model is fitted to the window. */
export function MapCanvas(props: Props) {
  const { model, selection, ref } = props;
  const { container, core, isFitted, latest } = useMap(props);
  const [isReady, setReady] = useState(false);
  const isDark = useTheme((state) => state.isDark);

  useEffect(() => {
    const cy = core.current;
    if (cy === null) return;
    const isFirst = cy.elements().empty();
    cy.batch(() => {
      cy.elements().remove();
      cy.add(mapElements(model));
    });
    if (isFirst || (isFitted.current && latest.current.selection === null)) fitToWindow(cy);
    highlight(cy, latest.current.selection);
    void document.fonts.ready.then(() => {
      if (cy.destroyed()) return;
      cy.one('render', () => setReady(true));
      cy.forceRender();
    });
  }, [model, core, isFitted, latest]);

  useEffect(() => {
    // The attribute that turns the colours is set before this effect runs; isDark is why it runs.
    if (isDark !== null) core.current?.style(mapStyle());
  }, [isDark, core]);

  useEffect(() => {
    if (core.current !== null) highlight(core.current, selection);
  }, [selection, core]);

  useImperativeHandle(ref, () => ({
    fit: () => {
      isFitted.current = true;
      if (core.current !== null) fitToWindow(core.current);
    },
    toPng: () => core.current?.png({ output: 'blob', full: true, scale: 2, bg: getComputedStyle(document.body).backgroundColor }) ?? new Blob(),
  }));

  return (
    <div
      ref={container}
      className="map-canvas"
      data-map-ready={isReady}
      role="img"
      aria-label={`Map of ${model.nodes.length} hosts and peers with ${model.edges.length} connections. Press t for the same as a table.`}
    />
  );
}
