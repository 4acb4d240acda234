import { useMutation } from '@tanstack/react-query';
import type { Policy } from '../../../shared/model/policy.ts';
import { listUses } from '../../../shared/policy/where-used.ts';
import { api } from '../../api/client.ts';
import { FormModal } from '../../ui/FormModal.tsx';
import { UsesList } from './UsesList.tsx';

type Props = { readonly what: 'service' | 'iplist'; readonly name: string; readonly policy: Policy; readonly onClose: () => void };

/** Takes a named object out of the draft; while something uses it, it says what and cannot. */
export function RemoveObjectDialog({ what, name, policy, onClose }: Props) {
  const removeService = useMutation(api.policy.removeService.mutationOptions({ onSuccess: onClose }));
  const removeIpList = useMutation(api.policy.removeIpList.mutationOptions({ onSuccess: onClose }));
  const remove = what === 'service' ? removeService : removeIpList;
  const uses = listUses(policy, { kind: what, name });
  return (
    <FormModal
      title={`Remove ${what === 'service' ? 'service' : 'IP list'} ${name}`}
      submitText="Remove from draft"
      isDanger
      isBusy={remove.isPending}
      isDisabled={uses.length > 0}
      error={remove.error}
      onClose={onClose}
      onSubmit={() => remove.mutate({ name })}
    >
      {uses.length === 0 ? <p>No host changes by this.</p> : <p>It is still used. Change or remove these first.</p>}
      <UsesList uses={uses} />
    </FormModal>
  );
}
