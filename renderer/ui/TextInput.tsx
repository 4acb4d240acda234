import type { ReactNode } from 'react';
import { FieldError, Input, Label, Text, TextArea, TextField } from 'react-aria-components';

type TextInputProps = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What is wrong and what to write instead; null when nothing is. */
  readonly error?: string | null;
  readonly note?: ReactNode;
  readonly placeholder?: string;
  readonly mono?: boolean;
  readonly rows?: number;
  readonly type?: 'text' | 'password' | 'date' | 'datetime-local' | 'number';
  readonly autoFocus?: boolean;
  readonly isRequired?: boolean;
  readonly onBlur?: () => void;
};

export function TextInput({
  label,
  value,
  onChange,
  error = null,
  note,
  placeholder,
  mono = false,
  rows,
  type = 'text',
  autoFocus = false,
  isRequired = false,
  onBlur,
}: TextInputProps) {
  const className = `input ${mono ? 'mono' : ''}`;
  const shown = placeholder === undefined ? {} : { placeholder };
  return (
    <TextField
      className="field"
      value={value}
      onChange={onChange}
      isInvalid={error !== null}
      type={type}
      autoFocus={autoFocus}
      isRequired={isRequired}
      validationBehavior="aria"
      {...(onBlur === undefined ? {} : { onBlur })}
    >
      <Label>{label}</Label>
      {rows === undefined ? (
        <Input className={className} spellCheck="false" autoComplete="off" {...shown} />
      ) : (
        <TextArea className={className} rows={rows} {...shown} />
      )}
      {error === null ? null : <FieldError className="field-error">{error}</FieldError>}
      {note === undefined || note === null ? null : (
        <Text slot="description" className="field-note">
          {note}
        </Text>
      )}
    </TextField>
  );
}
