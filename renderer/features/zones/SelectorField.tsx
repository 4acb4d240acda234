import { parseSelectorSet } from '../../../shared/text/selector-text.ts';
import { MatchNote } from '../../editors/MatchNote.tsx';
import { TextInput } from '../../ui/TextInput.tsx';

const FORMS = 'app=shop,env=prod · role=web|api (OR) · + another selector (OR) · ! role=db (without)';

type Props = { readonly value: string; readonly onChange: (value: string) => void; readonly error: string | null; readonly autoFocus: boolean };

/** What a zone selects, as text, with whom it matches now. */
export function SelectorField({ value, onChange, error, autoFocus }: Props) {
  const select = parseSelectorSet(value);
  const note = select.ok ? <MatchNote peer={{ kind: 'selector', select: select.value }} /> : FORMS;
  return (
    <TextInput
      label="Selects hosts with"
      value={value}
      onChange={onChange}
      error={error}
      mono
      autoFocus={autoFocus}
      isRequired
      placeholder="app=shop,env=prod"
      note={note}
    />
  );
}
