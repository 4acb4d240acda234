import type { ReactNode } from 'react';
import type { ReadinessCheck } from '../../shared/model/readiness.ts';
import { Mark, type Meaning } from './Mark.tsx';

const looks: Record<ReadinessCheck['state'], { meaning: Meaning; text: string }> = {
  ok: { meaning: 'allowed', text: 'Met' },
  warning: { meaning: 'would-block', text: 'Look at' },
  blocker: { meaning: 'blocked', text: 'Not met' },
  waived: { meaning: 'unknown', text: 'Waived' },
};

/** One readiness check: what was found beside what is wanted; where it is not met also why that matters, where to look, and who waived it. */
export function CheckRow({ check, children }: { readonly check: ReadinessCheck; readonly children?: ReactNode }) {
  const { state, text, figure, wanted, why, detail, waiver } = check;
  return (
    <li className="check-row">
      <Mark {...looks[state]} />
      <div className="stack tight grow">
        <span className="inert">{text}</span>
        {state === 'ok' ? null : (
          <span className="small muted">
            Why it matters: {why}. See <code>{detail}</code>
          </span>
        )}
        {waiver === null ? null : (
          <span className="small inert">
            Waived by {waiver.actor} on {new Date(waiver.atMs).toISOString().slice(0, 10)}: {waiver.reason}
          </span>
        )}
        {children}
      </div>
      <span className="small muted inert figure">
        {figure}, wanted {wanted}
      </span>
    </li>
  );
}
