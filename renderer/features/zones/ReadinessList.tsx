import { Mark, type Meaning } from '../../ui/Mark.tsx';
import { TextInput } from '../../ui/TextInput.tsx';

type Check = { readonly check: string; readonly text: string; readonly state: 'ok' | 'warning' | 'blocker' };
type Props = { readonly checks: readonly Check[]; readonly reasons: ReadonlyMap<string, string>; readonly onReason: (check: string, reason: string) => void };

const looks: Record<Check['state'], { meaning: Meaning; text: string }> = {
  ok: { meaning: 'allowed', text: 'Met' },
  warning: { meaning: 'would-block', text: 'Look at' },
  blocker: { meaning: 'blocked', text: 'Not met' },
};

/** The evidence for a move, one check a row; a check that stops it has a field for the reason of a waiver. */
export function ReadinessList({ checks, reasons, onReason }: Props) {
  if (checks.length === 0) return <p className="muted">No evidence is needed for this move.</p>;
  return (
    <ul className="checks" aria-label="Readiness checks">
      {checks.map((check) => (
        <li key={check.check} className="check-row">
          <Mark {...looks[check.state]} />
          <div className="stack tight grow">
            <span>{check.text}</span>
            {check.state === 'blocker' ? (
              <TextInput label={`Waive “${check.check}” because`} value={reasons.get(check.check) ?? ''} onChange={(reason) => onReason(check.check, reason)} />
            ) : null}
          </div>
        </li>
      ))}
    </ul>
  );
}
