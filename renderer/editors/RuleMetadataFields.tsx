import { TextInput } from '../ui/TextInput.tsx';
import type { RuleForm } from './rule-form.ts';

type Props = { readonly form: RuleForm; readonly set: (fields: Partial<RuleForm>) => void };

/** Why the rule is there and until when: what an auditor asks for. */
export function RuleMetadataFields({ form, set }: Props) {
  return (
    <>
      <TextInput label="Reason" value={form.reason} onChange={(reason) => set({ reason })} />
      <div className="field-pair">
        <TextInput label="Owner" value={form.owner} onChange={(owner) => set({ owner })} />
        <TextInput label="Ticket" value={form.ticket} onChange={(ticket) => set({ ticket })} />
      </div>
      <div className="field-pair">
        <TextInput label="Review on" type="date" value={form.reviewOn} onChange={(reviewOn) => set({ reviewOn })} />
        <TextInput label="Expires at the end of (UTC)" type="date" value={form.expiresOn} onChange={(expiresOn) => set({ expiresOn })} />
      </div>
    </>
  );
}
