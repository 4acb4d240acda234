import { Label, Radio, RadioGroup } from 'react-aria-components';

type RadioChoiceProps<Value extends string> = {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly text: string; readonly note: string; readonly isDanger?: boolean; readonly isDisabled?: boolean }[];
  readonly onChange: (value: Value) => void;
};

/** A choice of a few that are all read before one is taken, each with what it means. */
export function RadioChoice<Value extends string>({ label, value, options, onChange }: RadioChoiceProps<Value>) {
  return (
    <RadioGroup
      className="field"
      value={value}
      onChange={(key) => {
        const chosen = options.find((option) => option.value === key);
        if (chosen !== undefined) onChange(chosen.value);
      }}
    >
      <Label className="label">{label}</Label>
      {options.map((option) => (
        <Radio key={option.value} value={option.value} className={`radio ${option.isDanger === true ? 'danger' : ''}`} isDisabled={option.isDisabled ?? false}>
          <span className="dot" aria-hidden />
          <span>
            {option.text}
            <span className="field-note radio-note">{option.note}</span>
          </span>
        </Radio>
      ))}
    </RadioGroup>
  );
}
