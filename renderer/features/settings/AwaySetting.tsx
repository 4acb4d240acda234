import { useMutation } from '@tanstack/react-query';
import type { WorkspaceSettings } from '../../../shared/contract/workspace-settings.ts';
import { api } from '../../api/client.ts';
import { Check } from '../../ui/Check.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { Setting } from './Setting.tsx';

/** What becomes of hosts that are away when something is pushed. */
export function AwaySetting({ stored }: { readonly stored: WorkspaceSettings }) {
  const save = useMutation(api.workspace.saveSettings.mutationOptions());
  return (
    <Setting
      name="Hosts that are away"
      note="Away is a host to which no connection comes about; one that answers and refuses, or whose key changed, always stops the push. Hosts that were left out are listed under Changes until they have what they missed."
    >
      <div className="stack tight">
        <Check isSelected={stored.leaveAway} onChange={(leaveAway) => save.mutate({ ...stored, leaveAway })}>
          Pushes leave them out unless told otherwise
        </Check>
        <Check isSelected={stored.deliverReturned} onChange={(deliverReturned) => save.mutate({ ...stored, deliverReturned })}>
          An open window sends them what they missed once they answer again
        </Check>
        {save.error === null ? null : <ErrorNote error={save.error} />}
      </div>
    </Setting>
  );
}
