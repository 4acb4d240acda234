/** The names with the one at `index` moved by `by` places; unchanged when it would leave the list. */
export function movedName(names: readonly string[], index: number, by: -1 | 1): string[] {
  const moved = [...names];
  const [name] = moved.splice(index, 1);
  if (name === undefined || index + by < 0 || index + by >= names.length) return [...names];
  moved.splice(index + by, 0, name);
  return moved;
}
