import type { ReadinessCheck } from '../../../shared/model/readiness.ts';
import { worstFirst } from '../../../shared/policy/readiness.ts';
import { CheckRow } from '../../ui/CheckRow.tsx';
import { TextInput } from '../../ui/TextInput.tsx';

type Props = { readonly checks: readonly ReadinessCheck[]; readonly reasons: ReadonlyMap<string, string>; readonly onReason: (check: string, reason: string) => void };

/** The evidence for a move, one check a row; a check that stops it has a field for the reason of a waiver. */
export function ReadinessList({ checks, reasons, onReason }: Props) {
  if (checks.length === 0) return <p className="muted">No evidence is needed for this move.</p>;
  return (
    <ul className="checks" aria-label="Readiness checks">
      {worstFirst(checks).map((check) => (
        <CheckRow key={check.check} check={check}>
          {check.state === 'blocker' ? (
            <TextInput label={`Waive “${check.check}” because`} value={reasons.get(check.check) ?? ''} onChange={(reason) => onReason(check.check, reason)} />
          ) : null}
        </CheckRow>
      ))}
    </ul>
  );
}
