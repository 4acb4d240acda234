import type { AgentFacts } from '../../../shared/contract/agent-replies.ts';
import { TimeAgo } from '../../ui/TimeAgo.tsx';

const MAX_CLOCK_OFFSET_S = 2;

/** What the host says of itself. */
export function FactsCard({ facts, factsAtMs }: { readonly facts: AgentFacts; readonly factsAtMs: number | null }) {
  const offsetSeconds = factsAtMs === null ? 0 : Math.round(facts.clock - factsAtMs / 1000);
  return (
    <section className="card" aria-label="Facts">
      <div className="card-head">
        <h2 className="grow">Facts</h2>
        <span className="muted small">
          read <TimeAgo atMs={factsAtMs} />
        </span>
      </div>
      <dl className="card-body facts inert">
        <dt>System</dt>
        <dd>
          {facts.os.name}, kernel {facts.kernel}, {facts.arch}
        </dd>
        <dt>nftables</dt>
        <dd>{facts.nftVersion}</dd>
        <dt>Interfaces</dt>
        <dd className="mono">{facts.addresses.map((address) => `${address.interface} ${address.address}/${address.prefix}`).join(', ')}</dd>
        <dt>Resolvers</dt>
        <dd className="mono">{facts.resolvers.join(', ') || 'none found'}</dd>
        <dt>Time servers</dt>
        <dd className="mono">{facts.timeServers.join(', ') || 'none found'}</dd>
        <dt>Other firewalls</dt>
        <dd>{facts.firewalls.length === 0 ? 'none found' : facts.firewalls.map((firewall) => `${firewall.name} (${firewall.state})`).join(', ')}</dd>
        <dt>Timers</dt>
        <dd>
          {facts.timers.length === 0
            ? 'none'
            : `${facts.timers.length}: ${facts.timers
                .slice(0, 8)
                .map((timer) => timer.unit)
                .join(', ')}${facts.timers.length > 8 ? ' …' : ''}`}
        </dd>
        <dt>Clock</dt>
        <dd>
          {Math.abs(offsetSeconds) <= MAX_CLOCK_OFFSET_S
            ? 'agrees with this machine'
            : `${Math.abs(offsetSeconds)} s ${offsetSeconds > 0 ? 'ahead of' : 'behind'} this machine`}
        </dd>
      </dl>
    </section>
  );
}
