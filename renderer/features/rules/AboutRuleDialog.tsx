import { useQuery } from '@tanstack/react-query';
import type { Peer } from '../../../shared/model/peer.ts';
import type { Rule } from '../../../shared/model/policy.ts';
import { describeRuleShort } from '../../../shared/policy/describe.ts';
import { api } from '../../api/client.ts';
import { Modal } from '../../ui/Modal.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { TimeAgo } from '../../ui/TimeAgo.tsx';

/** Where a rule is used and what became of it: who is at its ends now, and every edit and version that it was in. */
export function AboutRuleDialog({ rule, onClose }: { readonly rule: Rule; readonly onClose: () => void }) {
  return (
    <Modal title={`Rule ${rule.id}`} onClose={onClose} wide>
      <div className="modal-body">
        <p className="mono inert">{describeRuleShort(rule)}</p>
        <dl className="facts">
          <dt>Consumers now</dt>
          <dd>
            <EndHosts peer={rule.from} />
          </dd>
          <dt>Providers now</dt>
          <dd>
            <EndHosts peer={rule.to} />
          </dd>
        </dl>
        <RuleHistory rule={rule} />
      </div>
    </Modal>
  );
}

function EndHosts({ peer }: { readonly peer: Peer }) {
  const matches = useQuery(api.policy.matches.queryOptions({ input: { peer } }));
  return (
    <QueryState query={matches} what="hosts">
      {(names) => {
        if (peer.kind === 'any') return <span>everyone, inside and outside the fleet</span>;
        if (names.length === 0) return <span className="muted">no host of the inventory</span>;
        return (
          <span className="inert">
            {names.length} {names.length === 1 ? 'host' : 'hosts'}: {names.join(', ')}
          </span>
        );
      }}
    </QueryState>
  );
}

function RuleHistory({ rule }: { readonly rule: Rule }) {
  const history = useQuery(api.policy.ruleHistory.queryOptions({ input: { id: rule.id } }));
  return (
    <QueryState query={history} what="history">
      {(events) => (
        <table className="plain-table inert">
          <caption className="visually-hidden">History of the rule</caption>
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">By</th>
              <th scope="col">Where</th>
              <th scope="col">What</th>
            </tr>
          </thead>
          <tbody>
            {events.toReversed().map((event) => (
              <tr key={`${event.atMs} ${event.version ?? ''} ${event.note}`}>
                <td>
                  <TimeAgo atMs={event.atMs} />
                </td>
                <td>{event.by}</td>
                <td>{event.version === null ? 'draft' : `version ${event.version}`}</td>
                <td>
                  {event.what}
                  {event.note === '' ? '' : `: ${event.note}`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </QueryState>
  );
}
