import { BUILT_IN_LABEL_KEYS, type Labels } from '../../shared/model/label.ts';
import { sortLabelKeys } from '../../shared/text/label-text.ts';

type Props = {
  readonly labels: Labels;
  /** Values only for the built-in keys, whose order is known: for rows of a table. The key is in the tooltip and for screen readers. */
  readonly isShort?: boolean;
};

const isBuiltIn = (key: string): boolean => BUILT_IN_LABEL_KEYS.some((known) => known === key);

/** Built-in keys first, then the others by name. */
export function LabelChips({ labels, isShort = false }: Props) {
  const keys = sortLabelKeys(Object.keys(labels));
  if (keys.length === 0) return <span className="muted">no labels</span>;
  return (
    <span className="row">
      {keys.map((key) => (
        <span key={key} className="chip" title={`${key}=${labels[key]}`}>
          <span className={isShort && isBuiltIn(key) ? 'visually-hidden' : 'key'}>{key}=</span>
          {labels[key]}
        </span>
      ))}
    </span>
  );
}
