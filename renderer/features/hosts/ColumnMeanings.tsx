import type { ColumnChoice, ColumnMeaning, HostImportResult } from '../../../shared/contract/host-imports.ts';
import { BUILT_IN_LABEL_KEYS } from '../../../shared/model/label.ts';
import { Choice } from '../../ui/Choice.tsx';

type Column = HostImportResult['columns'][number];
type Props = { readonly columns: readonly Column[]; readonly choices: readonly ColumnChoice[]; readonly onChange: (choices: ColumnChoice[]) => void };

const own: readonly { readonly value: ColumnMeaning; readonly text: string }[] = [
  { value: 'name', text: 'Name' },
  { value: 'addresses', text: 'Addresses' },
  { value: 'ssh', text: 'SSH login' },
  { value: 'identity', text: 'Key file' },
  { value: 'sudo', text: 'Root rights' },
  { value: 'jump', text: 'Jump host' },
  { value: 'labels', text: 'Labels (k=v)' },
  { value: 'note', text: 'Note' },
  { value: '-', text: 'Left out' },
];

/** More columns than that are told by their heads alone. */
const SHOWN = 40;

/** What each column of a list is taken for, and what else it may be. */
export function ColumnMeanings({ columns, choices, onChange }: Props) {
  const choose = (head: string, meaning: ColumnMeaning) => onChange([...choices.filter((one) => one.head !== head), { head, meaning }]);
  return (
    <section className="stack tight" aria-label="Columns">
      <h3>Columns</h3>
      <div className="field-pair">
        {columns.slice(0, SHOWN).map(({ head, meaning }) => (
          <Choice key={head} label={head} value={meaning} options={optionsOf(meaning, head)} onChange={(chosen) => choose(head, chosen)} />
        ))}
      </div>
    </section>
  );
}

function optionsOf(meaning: ColumnMeaning, head: string): { value: ColumnMeaning; text: string }[] {
  const keys = new Set([...BUILT_IN_LABEL_KEYS, ...(meaning.startsWith('label:') ? [meaning.slice(6)] : []), ...(/^[a-z][a-z0-9_.-]{0,62}$/.test(head) ? [head] : [])]);
  return [...own, ...[...keys].map((key) => ({ value: `label:${key}` as const, text: `Label ${key}` }))];
}
