import { BUILT_IN_LABEL_KEYS, type Labels } from '../../shared/model/label.ts';
import { sortLabelKeys } from '../../shared/text/label-text.ts';

type Props = {
  readonly labels: Labels;
  /** Values only for the built-in keys, whose order is known: for rows of a table. The key is in the tooltip and for screen readers. */
  readonly isShort?: boolean;
};

const isBuiltIn = (key: string): boolean => BUILT_IN_LABEL_KEYS.some((known) => known === key);

/** More would be squeezed until nobody can read them; the tooltip of the last chip has them. */
const FIT_IN_A_ROW = 4;

/** What is longer gives way first where a row is too narrow. */
const SHORT_CHARS = 5;

/** Built-in keys first, then the others by name. */
export function LabelChips({ labels, isShort = false }: Props) {
  const keys = sortLabelKeys(Object.keys(labels));
  if (keys.length === 0) return <span className="muted">no labels</span>;
  const shown = isShort ? keys.slice(0, FIT_IN_A_ROW) : keys;
  const rest = keys.slice(shown.length);
  return (
    <span className="row chips">
      {shown.map((key) => (
        <span key={key} className={isShort && (labels[key] ?? '').length > SHORT_CHARS ? 'chip long' : 'chip'} title={`${key}=${labels[key]}`}>
          <span className={isShort && isBuiltIn(key) ? 'visually-hidden' : 'key'}>{key}=</span>
          {labels[key]}
        </span>
      ))}
      {rest.length === 0 ? null : (
        <span className="chip" title={rest.map((key) => `${key}=${labels[key]}`).join('\n')}>
          +{rest.length}
        </span>
      )}
    </span>
  );
}
