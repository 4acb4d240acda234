import { useState } from 'react';
import { HostName } from '../../../shared/model/names.ts';
import { ContainmentDialog } from '../../editors/ContainmentDialog.tsx';
import { CONTAINMENT_DURATIONS, type ContainmentDuration } from '../../editors/containment-durations.ts';
import { Choice } from '../../ui/Choice.tsx';

/** Shuts a host off: how long and why, what was seen that this cuts, and the button. */
export function QuarantineDialog({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  const [duration, setDuration] = useState<ContainmentDuration>('14400');
  return (
    <ContainmentDialog
      title={`Quarantine ${name}`}
      submitText="Quarantine now"
      isDanger
      reasonHint="What was seen; kept in the audit log"
      orderOf={(reason) => ({ kind: 'quarantine', host: HostName.parse(name), forSeconds: Number(duration), reason })}
      onClose={onClose}
    >
      <p>Nothing comes in to the host, goes out of it or passes through it any more, live connections included, but SSH from the consoles. It ends by itself, also with no console near.</p>
      <Choice label="For" value={duration} options={CONTAINMENT_DURATIONS} onChange={setDuration} />
    </ContainmentDialog>
  );
}
