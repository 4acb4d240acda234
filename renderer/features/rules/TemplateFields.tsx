import { MatchNote } from '../../editors/MatchNote.tsx';
import { TextInput } from '../../ui/TextInput.tsx';
import type { TemplateField } from './template-form.ts';

type Props = { readonly fields: readonly TemplateField[]; readonly onChange: (name: string, text: string) => void };

/** One text field a parameter, with what it matches now. */
export function TemplateFields({ fields, onChange }: Props) {
  return (
    <>
      {fields.map((field) => (
        <TextInput
          key={field.name}
          label={field.label}
          value={field.text}
          onChange={(text) => onChange(field.name, text)}
          error={field.error}
          mono
          isRequired
          note={<FieldNote field={field} />}
        />
      ))}
    </>
  );
}

function FieldNote({ field: { value } }: { readonly field: TemplateField }) {
  switch (value?.kind) {
    case undefined:
      return <>or none, which leaves out what needs it</>;
    case 'none':
      return <>left out, with every rule that needs it</>;
    case 'end':
      return <MatchNote peer={value.peer} />;
    case 'hosts':
      return <MatchNote peer={{ kind: 'selector', select: value.select }} />;
    case 'ports':
      return <>tcp/8080 · udp/5000-5010; several with commas</>;
  }
}
