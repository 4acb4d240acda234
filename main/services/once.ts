/** Calls `make` at most once, when first asked; later calls give the same value. A throw is not kept. */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    if (made === undefined) made = { value: make() };
    return made.value;
  };
}
