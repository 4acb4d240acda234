import { pathHits, pathLengthPx, pointAlong } from './edge-path.ts';
import { type Box, boxAround, EDGE_FONT_PX, overlap, type Position, textWidthPx } from './map-geometry.ts';

export type LabelledPath = { readonly id: string; readonly text: string; readonly path: readonly Position[] };
/** Pixels along the edge from its start, and the box that the text covers with its background. */
export type LabelPlace = { readonly offsetPx: number; readonly box: Box };

/** Nearer to the source than to the middle, where edges to the same host run together. In the order of preference. */
const PARTS = [0.34, 0.3, 0.38, 0.42, 0.26, 0.46, 0.5, 0.22, 0.54, 0.58, 0.62, 0.18, 0.66, 0.7, 0.74, 0.78, 0.82];
const HEIGHT_PX = EDGE_FONT_PX * 1.25 + 4;
const ON_LABEL = 1000;
const ON_TITLE = 1000;
const ON_NODE = 700;
const ON_EDGE = 12;
const ROUNDS = 3;

/**
 * Where each label goes on its edge: off titles, nodes and other labels where there is room, and off the lines of other edges where that is possible too.
 * Earlier paths choose first; then every one may choose again among the others. Pure.
 */
export function placeLabels(paths: readonly LabelledPath[], nodes: readonly Box[], titles: readonly Box[]): ReadonlyMap<string, LabelPlace> {
  const places = new Map<string, LabelPlace>();
  const choices = new Map(paths.map((each) => [each.id, choicesOf(each, paths, nodes, titles)]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { id, path } of paths) {
      const others = [...places].filter(([other]) => other !== id).map(([, place]) => place.box);
      const costed = (choices.get(id) ?? []).map((choice) => ({
        ...choice,
        cost: choice.cost + ON_LABEL * others.filter((box) => overlap(box, choice.box)).length,
      }));
      const [best] = costed.toSorted((a, b) => a.cost - b.cost);
      if (best !== undefined && path.length > 1) places.set(id, { offsetPx: best.offsetPx, box: best.box });
    }
  }
  return places;
}

/** Labels that lie on one of the boxes (nodes, titles) or on a label before them: one would be read as part of the other. In the order in which they were placed. */
export function labelsWithoutRoom(places: ReadonlyMap<string, LabelPlace>, boxes: readonly Box[]): ReadonlySet<string> {
  const taken: Box[] = [...boxes];
  const without = new Set<string>();
  for (const [id, { box }] of places) {
    if (taken.some((other) => overlap(other, box))) without.add(id);
    else taken.push(box);
  }
  return without;
}

/** For pictures that are too dense for a choice: each in the middle of its edge, seen only when it is pointed at. */
export function labelsInTheMiddle(paths: readonly LabelledPath[]): ReadonlyMap<string, LabelPlace> {
  return new Map(
    paths.map(({ id, text, path }) => {
      const offsetPx = pathLengthPx(path) / 2;
      return [id, { offsetPx, box: boxAround(pointAlong(path, offsetPx), textWidthPx(text, EDGE_FONT_PX) + 4, HEIGHT_PX) }];
    }),
  );
}

type Choice = LabelPlace & { readonly cost: number };

function choicesOf({ id, text, path }: LabelledPath, paths: readonly LabelledPath[], nodes: readonly Box[], titles: readonly Box[]): readonly Choice[] {
  const lengthPx = pathLengthPx(path);
  const widthPx = textWidthPx(text, EDGE_FONT_PX) + 4;
  return PARTS.map((part, rank) => {
    const box = boxAround(pointAlong(path, part * lengthPx), widthPx, HEIGHT_PX);
    const onNodes = ON_NODE * nodes.filter((node) => overlap(node, box)).length;
    const onTitles = ON_TITLE * titles.filter((title) => overlap(title, box)).length;
    const onEdges = ON_EDGE * paths.filter((other) => other.id !== id && pathHits(other.path, box, 0)).length;
    return { offsetPx: part * lengthPx, box, cost: rank + onNodes + onTitles + onEdges };
  });
}
