import { Fragment } from 'react';
import type { AgentFacts } from '../../../shared/contract/agent-replies.ts';
import type { HostDetail } from '../../../shared/contract/views.ts';
import { listFormerAddresses, listMachineLines } from '../../../shared/text/identity-times-text.ts';
import { listOtherDeciders } from '../../../shared/text/other-firewalls.ts';
import { TimeAgo } from '../../ui/TimeAgo.tsx';

const MAX_CLOCK_OFFSET_S = 2;

/** What the host says of itself. */
export function FactsCard({ facts, host }: { readonly facts: AgentFacts; readonly host: HostDetail }) {
  const { factsAtMs, machines, addressTimes } = host;
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
        <dd>{facts.features['iptables'] === true ? `${facts.nftVersion || 'not there'}; rules over iptables and ipset` : facts.nftVersion}</dd>
        <dt>Machine</dt>
        <dd>{listMachineLines(machines).join('; ') || 'it has no id'}</dd>
        <dt>Interfaces</dt>
        <dd className="mono">{facts.addresses.map((address) => `${address.interface} ${address.address}/${address.prefix}`).join(', ')}</dd>
        {addressTimes.some(({ leftAtMs }) => leftAtMs !== null) ? (
          <>
            <dt>Former addresses</dt>
            <dd>{listFormerAddresses(addressTimes).join(', ')}</dd>
          </>
        ) : null}
        <dt>Resolvers</dt>
        <dd className={facts.resolvers.length === 0 ? '' : 'mono'}>{facts.resolvers.join(', ') || 'none found'}</dd>
        <dt>Time servers</dt>
        <dd className={facts.timeServers.length === 0 ? '' : 'mono'}>{facts.timeServers.join(', ') || 'none found'}</dd>
        <dt>Other firewalls</dt>
        <dd>{facts.firewalls.length === 0 ? 'none found' : facts.firewalls.map((firewall) => `${firewall.name} (${firewall.state})`).join(', ')}</dd>
        {listOtherDeciders(facts.firewalls).map(({ name, effect }) => (
          <Fragment key={name}>
            <dt>Also decides</dt>
            <dd>
              {name} {effect}
            </dd>
          </Fragment>
        ))}
        <dt>Timers</dt>
        <dd>{listSome(facts.timers.map(({ unit }) => unit))}</dd>
        <dt>Cron jobs</dt>
        <dd>{facts.cron === undefined ? 'the agent there does not tell; upgrade it' : listSome(facts.cron.map(({ name, user, schedule }) => `${name} of ${user} (${schedule})`))}</dd>
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

const SHOWN = 8;

const listSome = (texts: readonly string[]): string => (texts.length === 0 ? 'none' : `${texts.length}: ${texts.slice(0, SHOWN).join(', ')}${texts.length > SHOWN ? ' …' : ''}`);
