import type { Core } from 'cytoscape';
import { type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react';
import { useLook } from '../../ui/look.ts';
import { useTheme } from '../../ui/theme.ts';
import { createMap, fitTexts, fitToWindow, highlight, keepSelectionInSight, LARGE_EDGES, listenToMap, type MapListeners, type MapSelection } from './map-core.ts';
import { mapElements } from './map-elements.ts';
import type { MapLayout } from './map-layout.ts';
import type { MapModel } from './map-model.ts';
import { mapStyle } from './map-style.ts';
import { mapSvg } from './map-svg.ts';

export type MapHandle = { readonly toPng: () => Blob; readonly toSvg: () => Blob; readonly fit: () => void };
type Props = Omit<MapListeners, 'onZoomed'> & {
  readonly model: MapModel;
  readonly layout: MapLayout;
  readonly selection: MapSelection;
  readonly ref: Ref<MapHandle>;
};

/** Cytoscape for the life of the component. The latest handlers are called; until the person zooms or pans, or has something selected, the picture follows the window's size. */
function useMap(props: Props) {
  const container = useRef<HTMLDivElement>(null);
  const core = useRef<Core | null>(null);
  const isFitted = useRef(true);
  const latest = useRef(props);
  latest.current = props;
  const isLarge = props.model.edges.length > LARGE_EDGES;
  useEffect(() => {
    if (container.current === null) return;
    const cy = createMap(container.current, isLarge);
    core.current = cy;
    listenToMap(cy, {
      onPress: (id, isMore) => latest.current.onPress(id, isMore),
      onBox: (ids) => latest.current.onBox(ids),
      onTwice: (id) => latest.current.onTwice(id),
      onMoved: (positions) => latest.current.onMoved(positions),
      onZoomed: () => {
        isFitted.current = false;
      },
    });
    const resizes = new ResizeObserver(() => (isFitted.current && latest.current.selection.length === 0 ? fitToWindow(cy) : keepSelectionInSight(cy)));
    resizes.observe(container.current);
    return () => {
      resizes.disconnect();
      cy.destroy();
      core.current = null;
    };
  }, [isLarge]);
  return { container, core, isFitted, latest, isLarge };
}

/** Draws the model. `data-map-ready` turns true once fonts are there and the picture was drawn; until the person zooms or pans, every new model is fitted to the window. */
export function MapCanvas(props: Props) {
  const { model, layout, selection, ref } = props;
  const { container, core, isFitted, latest, isLarge } = useMap(props);
  const [isReady, setReady] = useState(false);
  const isDark = useTheme((state) => state.isDark);
  const contrast = useLook((state) => state.contrast);

  // biome-ignore lint/correctness/useExhaustiveDependencies: isLarge makes another core, which has to be filled as well
  useEffect(() => {
    const cy = core.current;
    if (cy === null) return;
    const isFirst = cy.elements().empty();
    cy.scratch('picture', model.picture);
    cy.batch(() => {
      cy.elements().remove();
      cy.add(mapElements(model, layout));
    });
    fitTexts(cy, true);
    highlight(cy, latest.current.selection);
    if (isFirst || (isFitted.current && latest.current.selection.length === 0)) fitToWindow(cy);
    else keepSelectionInSight(cy);
    void document.fonts.ready.then(() => {
      if (cy.destroyed()) return;
      cy.one('render', () => setReady(true));
      cy.forceRender();
    });
  }, [model, layout, core, isFitted, latest, isLarge]);

  useEffect(() => {
    // The attributes that turn the colours are set before this effect runs; these two are why it runs.
    if (isDark !== null && contrast !== null) core.current?.style(mapStyle());
  }, [isDark, contrast, core]);

  useEffect(() => {
    if (core.current === null) return;
    highlight(core.current, selection);
    keepSelectionInSight(core.current);
  }, [selection, core]);

  useImperativeHandle(ref, () => ({
    fit: () => {
      isFitted.current = true;
      if (core.current !== null) fitToWindow(core.current);
    },
    toPng: () => core.current?.png({ output: 'blob', full: true, scale: 2, maxWidth: MAX_PNG_PX, maxHeight: MAX_PNG_PX, bg: getComputedStyle(document.body).backgroundColor }) ?? new Blob(),
    toSvg: () => new Blob([core.current === null ? '' : mapSvg(core.current)], { type: 'image/svg+xml' }),
  }));

  return (
    <div
      ref={container}
      className="map-canvas"
      data-map-ready={isReady}
      role="img"
      aria-label={`Map of ${model.nodes.length} hosts, groups and peers with ${model.edges.length} connections. Press t for the same as a table.`}
    />
  );
}

/** Browsers draw no larger canvas. */
const MAX_PNG_PX = 12_000;
