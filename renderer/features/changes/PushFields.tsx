import type { Plan } from '../../../shared/model/diff.ts';
import { describePlanWindow } from '../../../shared/text/maintenance-text.ts';
import { Check } from '../../ui/Check.tsx';
import { Note } from '../../ui/Note.tsx';
import { TextInput } from '../../ui/TextInput.tsx';
import { isShut, type PushOptions, readSeconds } from './push-options.ts';
import { WavesField } from './WavesField.tsx';
import { ZoneOrderField } from './ZoneOrderField.tsx';

type Props = { readonly plan: Plan; readonly options: PushOptions; readonly onChange: (changed: Partial<PushOptions>) => void };

/** How the push goes through its hosts, and what becomes of those that it cannot reach, or not now. */
export function PushFields({ plan, options, onChange }: Props) {
  return (
    <>
      <TextInput
        label="Confirm within (seconds)"
        value={options.windowText}
        onChange={(windowText) => onChange({ windowText })}
        error={readSeconds(options.windowText) === null ? 'write whole seconds from 5 to 3600' : null}
        note="Each host goes back by itself unless a new connection confirms in this time."
      />
      <WavesField plan={plan} text={options.wavesText} zoneOrder={options.zoneOrder} onChange={(wavesText) => onChange({ wavesText })} />
      <ZoneOrderField plan={plan} chosen={options.zoneOrder} onChange={(zoneOrder) => onChange({ zoneOrder })} />
      <Check isSelected={options.leaveAway} onChange={(leaveAway) => onChange({ leaveAway })}>
        Leave out hosts that are away; they get it when they return
      </Check>
      <WindowField plan={plan} reason={options.reason} onChange={(reason) => onChange({ reason })} />
    </>
  );
}

/** The maintenance windows of the hosts that change; where one is shut, why the push goes out all the same. Absent where none has one. */
export function WindowField({ plan, reason, onChange }: { readonly plan: Plan; readonly reason: string; readonly onChange: (reason: string) => void }) {
  if (plan.windows.length === 0) return null;
  return (
    <>
      <Note kind={isShut(plan) ? 'warning' : 'plain'} title={plan.windows.length === 1 ? 'Maintenance window' : 'Maintenance windows'}>
        <ul>
          {plan.windows.map((window) => (
            <li key={window.zone ?? ''}>{describePlanWindow(window)}</li>
          ))}
        </ul>
      </Note>
      {isShut(plan) ? <TextInput label="Why outside the window" value={reason} onChange={onChange} isRequired note="Kept in the audit log and with the version. Without it, nothing is sent until the window opens." /> : null}
    </>
  );
}
