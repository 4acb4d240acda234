import type { FlowImpact, Plan } from '../../shared/model/diff.ts';
import { serviceText } from './draft-from-flow.ts';
import { Mark } from '../ui/Mark.tsx';
import { Note } from '../ui/Note.tsx';
import { TimeAgo } from '../ui/TimeAgo.tsx';
import { Warnings } from '../ui/Warnings.tsx';

const MAX_SHOWN = 12;

/** Refusals and warnings, then the seen flows whose verdict changes, the most used first. */
export function ContainmentPreview({ plan }: { readonly plan: Plan }) {
  return (
    <>
      {plan.refusals.map(({ host, reason }) => (
        <Note key={`${host} ${reason}`} kind="error" title={reason} />
      ))}
      <Warnings texts={plan.warnings} />
      <section className="stack tight" aria-label="Seen flows that change">
        <h3>{plan.impactTotal === 0 ? 'No flow that was seen changes its verdict' : `${plan.impactTotal} seen ${plan.impactTotal === 1 ? 'flow changes its' : 'flows change their'} verdict`}</h3>
        <ul className="stack tight">
          {plan.impact.slice(0, MAX_SHOWN).map((flow) => (
            <ImpactLine key={`${flow.reporterName} ${flow.direction} ${flow.peerAddress} ${flow.protocol} ${flow.port} ${flow.user} ${flow.unit} ${flow.change}`} flow={flow} />
          ))}
        </ul>
        {plan.impactTotal > MAX_SHOWN ? <p className="muted small">and {plan.impactTotal - MAX_SHOWN} more; the flows screen has them all</p> : null}
      </section>
    </>
  );
}

function ImpactLine({ flow }: { readonly flow: FlowImpact }) {
  const [from, to] = flow.direction === 'out' ? [flow.reporterName, flow.peerName] : [flow.peerName, flow.reporterName];
  const isCut = flow.change.endsWith('to-blocked');
  return (
    <li className="row wrap small">
      <Mark meaning={isCut ? 'blocked' : 'allowed'} text={isCut ? 'cut' : 'open again'} />
      <span className="inert" title={flow.peerAddress}>
        <span className="strong">{from}</span> → <span className="strong">{to}</span>
      </span>
      <span className="mono">{serviceText(flow)}</span>
      <span className="muted">
        {flow.connections.toLocaleString('en')} {flow.connections === 1 ? 'connection' : 'connections'}, <TimeAgo atMs={flow.lastSeenAtMs} />
      </span>
    </li>
  );
}
