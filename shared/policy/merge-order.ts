type Sides = { readonly base: readonly string[]; readonly draft: readonly string[]; readonly file: readonly string[] };

/**
 * `kept` in order. What all three have stands as the side has it that moved something (the draft's where both did: `isConflict` unless they agree or a side is
 * preferred); what one side added stands behind what it stood behind there.
 */
export function mergeOrder(sides: Sides, kept: ReadonlySet<string>, prefer: 'none' | 'draft' | 'file'): { readonly names: string[]; readonly isConflict: boolean } {
  const { base, draft, file } = sides;
  const inAll = new Set(base.filter((name) => draft.includes(name) && file.includes(name)));
  const common = (names: readonly string[]) => names.filter((name) => inAll.has(name)).join('\n');
  const [was, ours, theirs] = [common(base), common(draft), common(file)];
  const isConflict = was !== ours && was !== theirs && ours !== theirs;
  const [first, second] = was === ours || (isConflict && prefer === 'file') ? [file, draft] : [draft, file];
  // Of two that were added at one place the draft's comes first, whichever side gives the order.
  const names = first === draft ? weave(first, second, false) : weave(first, second, true);
  return { names: names.filter((name) => kept.has(name)), isConflict };
}

/** `main` with what only `other` has, each behind the nearest one before it in `other` that is there; `early`: before what only `main` has at that place. */
function weave(main: readonly string[], other: readonly string[], early: boolean): string[] {
  const known = new Set(main);
  const others = new Set(other);
  const result = [...main];
  other.forEach((name, i) => {
    if (known.has(name)) return;
    const anchor = other.slice(0, i).findLast((before) => result.includes(before));
    let at = anchor === undefined ? 0 : result.indexOf(anchor) + 1;
    if (!early) while (at < result.length && !others.has(result[at] ?? '')) at += 1;
    result.splice(at, 0, name);
  });
  return result;
}
