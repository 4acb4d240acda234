import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { Button, ComboBox, Input, Label, ListBox, ListBoxItem, Popover } from 'react-aria-components';

type PickerProps = {
  readonly label: string;
  readonly value: string | undefined;
  readonly options: readonly string[];
  readonly placeholder: string;
  readonly onChange: (value: string) => void;
};

/** At most so many are listed; typing narrows them. */
const MAX_LISTED = 100;

/** A host or zone by name: typed or chosen. Only names that exist are taken. */
export function StartPicker({ label, value, options, placeholder, onChange }: PickerProps) {
  const [text, setText] = useState(value ?? '');
  const [shownFor, setShownFor] = useState(value);
  if (shownFor !== value) {
    setShownFor(value);
    setText(value ?? '');
  }
  const needle = text === value ? '' : text.trim().toLowerCase();
  const found = options.filter((option) => option.toLowerCase().includes(needle)).slice(0, MAX_LISTED);
  return (
    <ComboBox
      className="field picker"
      aria-label={label}
      inputValue={text}
      onInputChange={setText}
      items={found.map((name) => ({ id: name, name }))}
      selectedKey={value ?? null}
      onSelectionChange={(key) => {
        if (typeof key === 'string') onChange(key);
      }}
      menuTrigger="focus"
    >
      <Label className="visually-hidden">{label}</Label>
      <div className="picker-row">
        <Input className="input mono" placeholder={placeholder} spellCheck="false" autoComplete="off" data-page-filter />
        <Button className="button quiet icon small" aria-label={`Choose: ${label}`}>
          <ChevronDown size={14} aria-hidden />
        </Button>
      </div>
      <Popover className="popover">
        <ListBox className="picker-list">
          {(option: { readonly id: string; readonly name: string }) => (
            <ListBoxItem id={option.id} className="menu-item mono" textValue={option.name}>
              {option.name}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
