import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Zone, ZoneMode } from '../../../shared/model/policy.ts';
import { api } from '../../api/client.ts';
import { FormModal } from '../../ui/FormModal.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { ReadinessList } from './ReadinessList.tsx';

const meanings: Record<ZoneMode, string> = {
  observe: 'Everything is recorded and nothing is blocked.',
  test: 'Everything still passes. What enforce would block is counted as “would block”, with user and unit.',
  enforce: 'What no rule allows is blocked. Test counted exactly this; look at its would-block flows first.',
};

type Props = { readonly zone: Zone; readonly mode: ZoneMode; readonly onClose: () => void };

/** Moves a zone to another mode in the draft: shows the evidence, and takes a reason for every check that is waived. */
export function ModeDialog({ zone, mode, onClose }: Props) {
  const readiness = useQuery({ ...api.policy.readiness.queryOptions({ input: { name: zone.name, mode } }), staleTime: 0 });
  const [reasons, setReasons] = useState<ReadonlyMap<string, string>>(new Map());
  const setMode = useMutation(api.policy.setZoneMode.mutationOptions({ onSuccess: onClose }));
  const waivers = [...reasons].map(([check, reason]) => ({ check, reason: reason.trim() })).filter((waiver) => waiver.reason !== '');
  const open = readiness.data?.filter((check) => check.state === 'blocker' && !waivers.some((waiver) => waiver.check === check.check)) ?? [];
  return (
    <FormModal
      title={`Move ${zone.name} from ${zone.mode} to ${mode}`}
      submitText={waivers.length === 0 ? `Move to ${mode}` : `Waive ${waivers.length} and move to ${mode}`}
      isDanger={mode === 'enforce'}
      isDisabled={readiness.data === undefined || open.length > 0}
      isBusy={setMode.isPending}
      error={setMode.error}
      onClose={onClose}
      onSubmit={() => setMode.mutate({ name: zone.name, mode, waivers })}
    >
      <p>{meanings[mode]} This changes the draft; hosts follow when you push.</p>
      <QueryState query={readiness} what="evidence">
        {(checks) => (
          <ReadinessList checks={checks} reasons={reasons} onReason={(check, reason) => setReasons((current) => new Map(current).set(check, reason))} />
        )}
      </QueryState>
      {open.length === 0 ? null : <p className="muted">A check that stops the move can be waived with a reason; the reason is printed in reports.</p>}
    </FormModal>
  );
}
