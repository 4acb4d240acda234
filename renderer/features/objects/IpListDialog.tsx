import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { IpListName } from '../../../shared/model/names.ts';
import type { IpList, Policy } from '../../../shared/model/policy.ts';
import { listUses } from '../../../shared/policy/where-used.ts';
import { api } from '../../api/client.ts';
import { MatchNote } from '../../editors/MatchNote.tsx';
import { FormModal } from '../../ui/FormModal.tsx';
import { TextInput } from '../../ui/TextInput.tsx';
import { type IpListForm, ipListForm, type ReadIpList, readIpListForm } from './ip-list-form.ts';
import { objectNameError } from './object-name.ts';
import { UsesList } from './UsesList.tsx';

/** Adds an IP list or changes one. Its name is what rules refer to and does not change. */
export function IpListDialog({ changed, policy, onClose }: { readonly changed: IpList | null; readonly policy: Policy; readonly onClose: () => void }) {
  const [form, setForm] = useState(() => ipListForm(changed));
  const [wasSubmitted, setSubmitted] = useState(false);
  const put = useMutation(api.policy.putIpList.mutationOptions({ onSuccess: onClose }));
  const read = readIpListForm(form);
  const nameError = changed === null ? objectNameError('IP list', form.name, IpListName, policy.ipLists) : null;
  const set = (field: keyof IpListForm) => (value: string) => setForm((before) => ({ ...before, [field]: value }));
  const submit = () => {
    setSubmitted(true);
    if (read.list !== null && nameError === null) put.mutate(read.list);
  };
  return (
    <FormModal
      title={changed === null ? 'Add an IP list' : `Change IP list ${changed.name}`}
      submitText={changed === null ? 'Add to draft' : 'Save to draft'}
      onSubmit={submit}
      onClose={onClose}
      isBusy={put.isPending}
      error={put.error}
    >
      {changed === null ? (
        <TextInput label="Name" value={form.name} onChange={set('name')} error={wasSubmitted || form.name !== '' ? nameError : null} placeholder="office" autoFocus isRequired />
      ) : null}
      <TextInput
        label="Networks"
        value={form.cidrs}
        onChange={set('cidrs')}
        error={wasSubmitted || form.cidrs !== '' ? (read.errors.cidrs ?? null) : null}
        mono
        rows={3}
        autoFocus={changed !== null}
        placeholder="10.30.0.0/16"
        note={read.cidrs.length > 0 ? <MatchNote peer={{ kind: 'cidr', cidrs: [...read.cidrs] }} /> : '10.30.0.0/16 · fd00:30::/32 · 192.0.2.7; one a line'}
      />
      <NameFields form={form} errors={read.errors} set={set} />
      <TextInput label="Except" value={form.except} onChange={set('except')} error={read.errors.except ?? null} mono rows={2} note="Taken away from all of the above. Empty: nothing." />
      <TextInput label="Note" value={form.note} onChange={set('note')} />
      {changed === null ? null : <UsesList uses={listUses(policy, { kind: 'iplist', name: changed.name })} />}
    </FormModal>
  );
}

type NameFieldsProps = { readonly form: IpListForm; readonly errors: ReadIpList['errors']; readonly set: (field: keyof IpListForm) => (value: string) => void };

/** Host names, and what is said about the answers to them once there are some. */
function NameFields({ form, errors, set }: NameFieldsProps) {
  return (
    <>
      <TextInput
        label="Host names"
        value={form.names}
        onChange={set('names')}
        error={errors.names ?? null}
        mono
        rows={2}
        placeholder="deb.debian.org"
        note="One a line. Their addresses are those that this console, and hosts that rules with this list are about, resolved them to."
      />
      {form.names.trim() === '' ? null : (
        <>
          <TextInput label="Days that an answer counts" value={form.nameDays} onChange={set('nameDays')} error={errors.nameDays ?? null} type="number" />
          <TextInput
            label="Answers may also lie in"
            value={form.nameNetworks}
            onChange={set('nameNetworks')}
            error={errors.nameNetworks ?? null}
            mono
            rows={2}
            note="nameNetworks in the policy file. Private networks, and addresses of hosts here, are refused as answers unless they are listed."
          />
        </>
      )}
    </>
  );
}
