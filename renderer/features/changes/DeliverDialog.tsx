import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { DEFAULT_SETTINGS } from '../../../shared/contract/workspace-settings.ts';
import type { Plan } from '../../../shared/model/diff.ts';
import { api, client } from '../../api/client.ts';
import { runPush } from '../../api/push-store.ts';
import { FormModal } from '../../ui/FormModal.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { Warnings } from '../../ui/Warnings.tsx';
import { HostDiffList } from './HostDiffList.tsx';
import { WindowField } from './PushFields.tsx';
import { isShut } from './push-options.ts';

/** What sending waiting hosts their version would change, and sending it. Those that are still away go on waiting. */
export function DeliverDialog({ onClose }: { readonly onClose: () => void }) {
  const plan = useQuery({ ...api.pushes.planPending.queryOptions({ input: {} }), staleTime: 0 });
  const settings = useQuery(api.workspace.settings.queryOptions({ input: {} }));
  const [reason, setReason] = useState('');
  const begin = useMutation({
    mutationFn: async (made: Plan) => {
      const { confirmWithinSeconds } = settings.data ?? DEFAULT_SETTINGS;
      const states = await client.pushes.startPending({ planHash: made.hash, note: '', confirmWithinSeconds, outsideWindow: isShut(made) ? reason.trim() : null });
      void runPush(() => Promise.resolve(states));
    },
    onSuccess: onClose,
  });
  const isReady = plan.data !== undefined && (!isShut(plan.data) || reason.trim() !== '');
  return (
    <FormModal
      title="Deliver to hosts that wait"
      submitText="Deliver now"
      wide
      isBusy={begin.isPending}
      isDisabled={!isReady}
      error={begin.error}
      onClose={onClose}
      onSubmit={() => {
        if (plan.data !== undefined) begin.mutate(plan.data);
      }}
    >
      <p>Each gets the version that it waits for: checked, armed, loaded, proved and confirmed as in any push. Hosts that are still away go on waiting.</p>
      <QueryState query={plan} what="what would be sent">
        {(made) => (
          <>
            <Warnings texts={made.warnings} />
            <HostDiffList hosts={made.hosts} />
            <WindowField plan={made} reason={reason} onChange={setReason} />
          </>
        )}
      </QueryState>
    </FormModal>
  );
}
