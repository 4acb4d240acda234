import { TextInput } from '../ui/TextInput.tsx';
import type { RuleForm } from './rule-form.ts';

type Props = { readonly form: RuleForm; readonly set: (fields: Partial<RuleForm>) => void; readonly scheduleError: string | null };

/** When the rule holds, why it is there and until when. */
export function RuleMetadataFields({ form, set, scheduleError }: Props) {
  return (
    <>
      <TextInput
        label="Schedule"
        value={form.schedule}
        onChange={(schedule) => set({ schedule })}
        error={scheduleError}
        mono
        placeholder="Mon-Fri 08:00-18:00 Europe/Berlin"
        note="Empty: at all times."
      />
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
