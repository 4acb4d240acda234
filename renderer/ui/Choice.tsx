import { ChevronDown } from 'lucide-react';
import { Button, Label, ListBox, ListBoxItem, Popover, Select, SelectValue } from 'react-aria-components';

type ChoiceProps<Value extends string> = {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly text: string }[];
  readonly onChange: (value: Value) => void;
  /** Hides the label from sight, not from screen readers. */
  readonly labelHidden?: boolean;
};

/** A drop-down of fixed options. */
export function Choice<Value extends string>({ label, value, options, onChange, labelHidden = false }: ChoiceProps<Value>) {
  return (
    <Select
      className="field"
      value={value}
      onChange={(key) => {
        const chosen = options.find((option) => option.value === key);
        if (chosen !== undefined) onChange(chosen.value);
      }}
    >
      <Label className={labelHidden ? 'visually-hidden' : 'label'}>{label}</Label>
      <Button className="select-button">
        <SelectValue className="truncate" />
        <ChevronDown size={14} aria-hidden />
      </Button>
      <Popover className="popover">
        <ListBox items={options}>
          {(option) => (
            <ListBoxItem id={option.value} className="menu-item" textValue={option.text}>
              {option.text}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}
