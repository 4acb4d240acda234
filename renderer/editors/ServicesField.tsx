import { TextInput } from '../ui/TextInput.tsx';

type ServicesFieldProps = { readonly value: string; readonly onChange: (value: string) => void; readonly error: string | null };

export function ServicesField({ value, onChange, error }: ServicesFieldProps) {
  return (
    <TextInput
      label="Services"
      value={value}
      onChange={onChange}
      error={error}
      mono
      isRequired
      placeholder="tcp/5432"
      note="tcp/5432 · udp/5000-5010 · icmp/8 · the name of a service · any; several with commas"
    />
  );
}
