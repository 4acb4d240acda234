import type { MapSelection } from './map-core.ts';

/** What panels and menus of the map can have done. */
export type MapActions = {
  readonly select: (selection: MapSelection) => void;
  /** Opens a group, or shuts it again. */
  readonly open: (id: string) => void;
  readonly shut: (id: string) => void;
  /** Draws a hub's lines, or folds them into badges again. */
  readonly unfold: (hub: string, isUnfolded: boolean) => void;
  /** Makes one node of unnamed outside peers again; null where they are one. */
  readonly groupPeers: (() => void) | null;
};
