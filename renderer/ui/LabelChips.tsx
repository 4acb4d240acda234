import { BUILT_IN_LABEL_KEYS, type Labels } from '../../shared/model/label.ts';

/** Built-in keys first, in their order; then the others by name. */
export function sortedLabels(labels: Labels): readonly (readonly [string, string])[] {
  const rank = (key: string) => {
    const index = BUILT_IN_LABEL_KEYS.findIndex((known) => known === key);
    return index === -1 ? BUILT_IN_LABEL_KEYS.length : index;
  };
  return Object.entries(labels).toSorted(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b, 'en'));
}

export function LabelChips({ labels }: { readonly labels: Labels }) {
  const pairs = sortedLabels(labels);
  if (pairs.length === 0) return <span className="muted">no labels</span>;
  return (
    <span className="row">
      {pairs.map(([key, value]) => (
        <span key={key} className="chip" title={`${key}=${value}`}>
          <span className="key">{key}=</span>
          {value}
        </span>
      ))}
    </span>
  );
}
