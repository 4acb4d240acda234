import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { HostView } from '../../../shared/contract/views.ts';
import { client } from '../../api/client.ts';
import { Check } from '../../ui/Check.tsx';
import { FormModal } from '../../ui/FormModal.tsx';
import { Note } from '../../ui/Note.tsx';

type Props = { readonly hosts: readonly HostView[]; readonly onClose: () => void; readonly onRemoved: () => void };

/** Takes hosts out of the workspace. What runs on them stays as it is, and that is said. */
export function RemoveHostsDialog({ hosts, onClose, onRemoved }: Props) {
  const [force, setForce] = useState(false);
  const remove = useMutation({
    mutationFn: async () => {
      for (const host of hosts) await client.hosts.remove({ name: host.name, force });
    },
    onSuccess: () => {
      onClose();
      onRemoved();
    },
  });
  const withAgent = hosts.filter((host) => host.agentVersion !== null);
  return (
    <FormModal
      title={hosts.length === 1 ? `Remove ${hosts[0]?.name}` : `Remove ${hosts.length} hosts`}
      submitText="Remove from workspace"
      isDanger
      isDisabled={withAgent.length > 0 && !force}
      isBusy={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onSubmit={() => remove.mutate()}
    >
      <p>Rules that select by label no longer match {hosts.length === 1 ? 'it' : 'them'}. Flows that were recorded stay.</p>
      {withAgent.length === 0 ? null : (
        <>
          <Note kind="warning" title={`An agent is installed on ${withAgent.map((host) => host.name).join(', ')}.`}>
            <p className="note-hint">
              It goes on enforcing what it has, and this console can no longer change that. Uninstall the agent first, unless the host is gone.
            </p>
          </Note>
          <Check isSelected={force} onChange={setForce}>
            Remove anyway: the host is gone, or I clean it up by hand.
          </Check>
        </>
      )}
    </FormModal>
  );
}
