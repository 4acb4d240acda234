import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ZoneName } from '../../../shared/model/names.ts';
import type { OutboundMode, Zone } from '../../../shared/model/policy.ts';
import { parseSelectorSet, printSelectorSet } from '../../../shared/text/selector-text.ts';
import { api } from '../../api/client.ts';
import { issueText } from '../../editors/typed-text.ts';
import { Choice } from '../../ui/Choice.tsx';
import { FormModal } from '../../ui/FormModal.tsx';
import { TextInput } from '../../ui/TextInput.tsx';
import { SelectorField } from './SelectorField.tsx';

const outbounds = [
  { value: 'open', text: 'Open: recorded; only deny rules act on it' },
  { value: 'restricted', text: 'Restricted: default-deny, like inbound' },
] as const;

/** Adds a zone (in observe) or changes one. The name is what rules refer to and does not change. */
export function ZoneDialog({ zone, onClose }: { readonly zone: Zone | null; readonly onClose: () => void }) {
  const [name, setName] = useState<string>(zone?.name ?? '');
  const [selector, setSelector] = useState(zone === null ? '' : printSelectorSet(zone.select));
  const [outbound, setOutbound] = useState<OutboundMode>(zone?.outbound ?? 'open');
  const [note, setNote] = useState(zone?.note ?? '');
  const [wasSubmitted, setSubmitted] = useState(false);
  const add = useMutation(api.policy.addZone.mutationOptions({ onSuccess: onClose }));
  const update = useMutation(api.policy.updateZone.mutationOptions({ onSuccess: onClose }));
  const select = parseSelectorSet(selector);
  const parsedName = ZoneName.safeParse(name);
  const nameError = parsedName.success ? null : name === '' ? 'give the zone a name, for instance shop-prod' : (parsedName.error.issues[0]?.message ?? null);
  const submit = () => {
    setSubmitted(true);
    if (!select.ok || !parsedName.success) return;
    const fields = { name: parsedName.data, select: select.value, outbound, note: note.trim() };
    if (zone === null) add.mutate(fields);
    else update.mutate(fields);
  };
  return (
    <FormModal
      title={zone === null ? 'Add a zone' : `Change zone ${zone.name}`}
      submitText={zone === null ? 'Add to draft' : 'Save to draft'}
      onSubmit={submit}
      onClose={onClose}
      isBusy={add.isPending || update.isPending}
      error={add.error ?? update.error}
    >
      {zone === null ? (
        <TextInput
          label="Name"
          value={name}
          onChange={setName}
          error={wasSubmitted || name !== '' ? nameError : null}
          placeholder="shop-prod"
          autoFocus
          isRequired
        />
      ) : null}
      <SelectorField value={selector} onChange={setSelector} error={wasSubmitted || selector !== '' ? issueText(select) : null} autoFocus={zone !== null} />
      <Choice label="Outbound" value={outbound} options={outbounds} onChange={setOutbound} />
      <TextInput label="Note" value={note} onChange={setNote} />
      {zone === null ? <p className="muted">It begins in observe: recorded, nothing blocked. It is added last in the order.</p> : null}
    </FormModal>
  );
}
