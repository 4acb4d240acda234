import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ForwardView } from '../../../shared/contract/forwards.ts';
import { type ForwardFormat, ForwardKind } from '../../../shared/model/forward.ts';
import { api } from '../../api/client.ts';
import { Check } from '../../ui/Check.tsx';
import { FormModal } from '../../ui/FormModal.tsx';
import { Segments } from '../../ui/Segments.tsx';
import { TextInput } from '../../ui/TextInput.tsx';
import { emptyForwardForm, type ForwardForm, KIND_TEXTS, readForwardForm, takesCa, takesKey } from './forward-form.ts';

const formats: readonly { readonly value: ForwardFormat; readonly text: string }[] = [
  { value: 'ocsf', text: 'OCSF' },
  { value: 'ecs', text: 'ECS' },
];

/** One more place that events are sent to. Nothing is connected to until something happens, or a test is sent. */
export function AddForwardDialog({ taken, onClose }: { readonly taken: readonly ForwardView[]; readonly onClose: () => void }) {
  const [form, setForm] = useState<ForwardForm>(emptyForwardForm);
  const [wasSubmitted, setSubmitted] = useState(false);
  const add = useMutation(api.forwards.add.mutationOptions({ onSuccess: onClose }));
  const { destination, errors } = readForwardForm(form, taken);
  const set = <Key extends keyof ForwardForm>(field: Key, value: ForwardForm[Key]) => setForm((before) => ({ ...before, [field]: value }));
  const errorOf = (field: 'name' | 'target' | 'caPath' | 'keyPath') => (wasSubmitted || form[field] !== '' ? (errors[field] ?? null) : null);
  const submit = () => {
    setSubmitted(true);
    if (destination !== null) add.mutate(destination);
  };
  return (
    <FormModal title="Send events to" submitText="Add destination" onSubmit={submit} onClose={onClose} isBusy={add.isPending} error={add.error}>
      <TextInput label="Name" value={form.name} onChange={(text) => set('name', text)} error={errorOf('name')} placeholder="siem" autoFocus isRequired />
      <TextInput
        label="Address"
        value={form.target}
        onChange={(text) => set('target', text)}
        error={errorOf('target')}
        mono
        placeholder="tls://siem.example.org:6514"
        note="udp://, tcp:// or tls://HOST:PORT for syslog; file:///PATH for JSON lines; https://… for a webhook"
        isRequired
      />
      {takesCa(form.target) ? (
        <TextInput label="Authority (file)" value={form.caPath} onChange={(text) => set('caPath', text)} error={errorOf('caPath')} mono note="PEM of who signed the receiver’s certificate. Empty: the usual authorities." />
      ) : null}
      {takesKey(form.target) ? (
        <TextInput label="Key that signs (file)" value={form.keyPath} onChange={(text) => set('keyPath', text)} error={errorOf('keyPath')} mono note="Readable by you alone. Only its path is stored." isRequired />
      ) : null}
      <div className="field">
        <span className="label">Field names</span>
        <Segments label="Field names" value={form.format} options={formats} onChange={(value) => set('format', value)} />
      </div>
      <fieldset className="stack tight" aria-label="What is sent">
        {ForwardKind.options.map((kind) => (
          <Check key={kind} isSelected={form.kinds.includes(kind)} onChange={(isOn) => set('kinds', isOn ? [...form.kinds, kind] : form.kinds.filter((each) => each !== kind))}>
            {KIND_TEXTS[kind]}
          </Check>
        ))}
        {errors.kinds === undefined ? null : <p className="field-error">{errors.kinds}</p>}
      </fieldset>
    </FormModal>
  );
}
