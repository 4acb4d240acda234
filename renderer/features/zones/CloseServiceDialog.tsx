import { useState } from 'react';
import type { ContainmentOrder } from '../../../shared/contract/containment.ts';
import type { Zone } from '../../../shared/model/policy.ts';
import { parseServiceRefs } from '../../../shared/text/service-text.ts';
import { ContainmentDialog } from '../../editors/ContainmentDialog.tsx';
import { CONTAINMENT_DURATIONS, type ContainmentDuration } from '../../editors/containment-durations.ts';
import { ServicesField } from '../../editors/ServicesField.tsx';
import { issueText } from '../../editors/typed-text.ts';
import { Choice } from '../../ui/Choice.tsx';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

const LOOK_BACK = [
  { value: '1', text: '1 day' },
  { value: '7', text: '7 days' },
  { value: '30', text: '30 days' },
  { value: '90', text: '90 days' },
] as const;
/** What an outbreak did is no use that goes on: it begins hours before somebody notices. */
const LEFT_OUT = [
  { value: '0', text: 'up to now' },
  { value: '2', text: 'up to 2 hours ago' },
  { value: '12', text: 'up to 12 hours ago' },
  { value: '48', text: 'up to 2 days ago' },
] as const;

type Days = (typeof LOOK_BACK)[number]['value'];
type Hours = (typeof LEFT_OUT)[number]['value'];

/** Closes services on all hosts of a zone but for the pairs that used them: which, for how long, whose use counts, and what was seen that this cuts. */
export function CloseServiceDialog({ zone, onClose }: { readonly zone: Zone; readonly onClose: () => void }) {
  const [text, setText] = useState('');
  const [duration, setDuration] = useState<ContainmentDuration>('14400');
  const [days, setDays] = useState<Days>('30');
  const [hours, setHours] = useState<Hours>('0');
  // One moment for the whole dialog: the plan is asked for by the period, and would else be another one with each letter.
  const [openedAtMs] = useState(() => Date.now());
  const services = parseServiceRefs(text);
  const orderOf = (reason: string): ContainmentOrder | null => {
    if (!services.ok) return null;
    const untilMs = hours === '0' ? null : openedAtMs - Number(hours) * HOUR_MS;
    return { kind: 'close', zone: zone.name, services: services.value, sinceMs: (untilMs ?? openedAtMs) - Number(days) * DAY_MS, untilMs, forSeconds: Number(duration), reason };
  };
  return (
    <ContainmentDialog title={`Close a service in ${zone.name}`} submitText="Close now" isDanger reasonHint="What was seen; kept in the audit log" orderOf={orderOf} onClose={onClose}>
      <p>Nobody reaches these services on the hosts of the zone any more, live connections included, but the pairs that used them. It acts in every mode and ends by itself, also with no console near.</p>
      <ServicesField value={text} onChange={setText} error={text.trim() === '' ? null : issueText(services)} />
      <div className="row wrap">
        <Choice label="For" value={duration} options={CONTAINMENT_DURATIONS} onChange={setDuration} />
        <Choice label="Spare who used it in" value={days} options={LOOK_BACK} onChange={setDays} />
        <Choice label="Counted" value={hours} options={LEFT_OUT} onChange={setHours} />
      </div>
    </ContainmentDialog>
  );
}
