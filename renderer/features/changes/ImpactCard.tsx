import type { FlowImpact } from '../../../shared/model/diff.ts';
import { serviceText } from '../../editors/draft-from-flow.ts';
import { Mark, type Meaning } from '../../ui/Mark.tsx';
import { TimeAgo } from '../../ui/TimeAgo.tsx';
import { decidedBy } from '../../ui/verdict-words.ts';

const looks: Record<FlowImpact['change'], { meaning: Meaning; text: string }> = {
  'allowed-to-blocked': { meaning: 'blocked', text: 'allowed → blocked' },
  'would-block-to-blocked': { meaning: 'blocked', text: 'would block → blocked' },
  'allowed-to-would-block': { meaning: 'would-block', text: 'allowed → would block' },
  'blocked-to-allowed': { meaning: 'allowed', text: 'blocked → allowed' },
  'would-block-to-allowed': { meaning: 'allowed', text: 'would block → allowed' },
};

type Props = { readonly impact: readonly FlowImpact[]; readonly impactTotal: number };

/** Layer 3, shown first: seen flows whose verdict changes. */
export function ImpactCard({ impact, impactTotal }: Props) {
  return (
    <section className="card" aria-label="Seen flows that change">
      <div className="card-head">
        <h2 className="grow">Seen flows that change</h2>
        <span className="muted small">{impact.length < impactTotal ? `first ${impact.length} of ${impactTotal}` : impactTotal}</span>
      </div>
      {impact.length === 0 ? (
        <p className="card-body muted">No flow that was seen changes its verdict.</p>
      ) : (
        <div className="scroll-x">
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">Change</th>
                <th scope="col">Flow</th>
                <th scope="col">Service</th>
                <th scope="col">User, unit</th>
                <th scope="col" className="number">
                  Conns
                </th>
                <th scope="col">Last seen</th>
              </tr>
            </thead>
            <tbody>
              {impact.map((flow) => (
                <ImpactRow
                  key={`${flow.reporterName} ${flow.direction} ${flow.peerAddress} ${flow.protocol} ${flow.port} ${flow.user} ${flow.unit} ${flow.change}`}
                  flow={flow}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function ImpactRow({ flow }: { readonly flow: FlowImpact }) {
  const [from, to] = flow.direction === 'out' ? [flow.reporterName, flow.peerName] : [flow.peerName, flow.reporterName];
  const who = [...new Set([flow.user, flow.unit].filter((part) => part !== null))];
  return (
    <tr>
      <td>
        <Mark {...looks[flow.change]} />
        <div className="small muted under-mark">{decidedBy(flow.by)}</div>
      </td>
      <td className="inert" title={flow.peerAddress}>
        <span className="strong">{from}</span> → <span className="strong">{to}</span>
      </td>
      <td className="mono">{serviceText(flow)}</td>
      <td className="inert small">{who.length === 0 ? <span className="muted">unknown</span> : who.map((part) => <div key={part}>{part}</div>)}</td>
      <td className="number">{flow.connections.toLocaleString('en')}</td>
      <td className="nowrap">
        <TimeAgo atMs={flow.lastSeenAtMs} />
      </td>
    </tr>
  );
}
