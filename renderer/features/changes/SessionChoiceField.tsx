import type { Plan } from '../../../shared/model/diff.ts';
import type { SessionChoice } from '../../../shared/model/session.ts';
import { RadioChoice } from '../../ui/RadioChoice.tsx';
import { forbiddenSessions, mayForbidSessions, useSessionPlan } from './session-plan.ts';

type Props = { readonly plan: Plan; readonly zone: string | null; readonly value: SessionChoice; readonly onChange: (choice: SessionChoice) => void };

/** Keep or cut what lives though the plan forbids it. Cutting can be chosen once it was listed. Absent where the plan forbids nothing that lives. */
export function SessionChoiceField({ plan, zone, value, onChange }: Props) {
  const count = forbiddenSessions(useSessionPlan(plan, zone).data);
  if (!mayForbidSessions(plan)) return null;
  const cutNote =
    count === null
      ? 'Can be chosen once they are listed.'
      : `${count} listed now. Each host ends what its new rules forbid after it has confirmed. This cannot be undone; SSH of consoles is never cut.`;
  return (
    <RadioChoice
      label="Live connections that get forbidden"
      value={value}
      onChange={onChange}
      options={[
        { value: 'keep', text: 'Keep them', note: 'They live on until they end by themselves; new ones are refused.' },
        { value: 'cut', text: 'Cut them', note: cutNote, isDanger: true, isDisabled: count === null },
      ]}
    />
  );
}
