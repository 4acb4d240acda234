import { TextInput } from '../ui/TextInput.tsx';
import type { RuleForm, RuleFormErrors } from './rule-form.ts';

type Props = { readonly form: RuleForm; readonly set: (fields: Partial<RuleForm>) => void; readonly errors: Pick<RuleFormErrors, 'as' | 'servedBy'> };

/** Whose processes the rule is about. Each end sees its own only, so the notes say where the field counts. */
export function RuleIdentityFields({ form, set, errors }: Props) {
  return (
    <div className="field-pair">
      <TextInput
        label="Only sent by"
        value={form.as}
        onChange={(as) => set({ as })}
        error={form.as === '' ? null : errors.as}
        mono
        placeholder="user:backup"
        note="A user:, group: or unit: of the consumers. Empty: everyone there."
      />
      <TextInput
        label="Only served by"
        value={form.servedBy}
        onChange={(servedBy) => set({ servedBy })}
        error={form.servedBy === '' ? null : errors.servedBy}
        mono
        placeholder="postgresql.service"
        note="A systemd service of the providers. Empty: whatever listens."
      />
    </div>
  );
}
