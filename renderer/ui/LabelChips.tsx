import type { Labels } from '../../shared/model/label.ts';
import { sortLabelKeys } from '../../shared/text/label-text.ts';

/** Built-in keys first, then the others by name. */
export function LabelChips({ labels }: { readonly labels: Labels }) {
  const keys = sortLabelKeys(Object.keys(labels));
  if (keys.length === 0) return <span className="muted">no labels</span>;
  return (
    <span className="row">
      {keys.map((key) => (
        <span key={key} className="chip" title={`${key}=${labels[key]}`}>
          <span className="key">{key}=</span>
          {labels[key]}
        </span>
      ))}
    </span>
  );
}
