import type { Manifest } from './pack/manifest.ts';

/** The value of a figure by its id. What is called throws for an id that there is not: a typing error of ours, found by the first report that is made. */
export function readFigures(figures: Manifest['figures']): (id: string) => number {
  const values = new Map(figures.map(({ id, value }) => [id, value]));
  return (id) => {
    const value = values.get(id);
    if (value === undefined) throw new Error(`no figure is called ${id}`);
    return value;
  };
}
