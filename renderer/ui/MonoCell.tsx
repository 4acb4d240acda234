/** Typed text in a cell: cut where the column ends, whole in the tooltip. */
export function MonoCell({ text }: { readonly text: string }) {
  return (
    <span className="mono" title={text}>
      {text}
    </span>
  );
}
