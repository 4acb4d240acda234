import { RefreshCw } from 'lucide-react';
import type { Plan } from '../../../shared/model/diff.ts';
import type { ForbiddenSession, HostSessions } from '../../../shared/model/session.ts';
import { Button } from '../../ui/Button.tsx';
import { Note } from '../../ui/Note.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { TimeAgo } from '../../ui/TimeAgo.tsx';
import { forbiddenSessions, mayForbidSessions, useSessionPlan } from './session-plan.ts';

/** Connections that live on the hosts now and that nobody could open under the plan. Absent where no host comes to enforce or gets tighter rules. */
export function SessionsCard({ plan, zone }: { readonly plan: Plan; readonly zone: string | null }) {
  const sessions = useSessionPlan(plan, zone);
  if (!mayForbidSessions(plan)) return null;
  return (
    <section className="card" aria-label="Live connections that get forbidden" aria-busy={sessions.isFetching}>
      <div className="card-head">
        <h2 className="grow">Live connections that get forbidden</h2>
        <span className="muted small">{forbiddenSessions(sessions.data)}</span>
        <Button small kind="quiet" icon={RefreshCw} isDisabled={sessions.isFetching} onPress={() => void sessions.refetch()}>
          {sessions.isFetching ? 'Asking hosts …' : 'Ask again'}
        </Button>
      </div>
      <QueryState query={sessions} what="live connections from the hosts">
        {({ hosts }) => <SessionList hosts={hosts} />}
      </QueryState>
    </section>
  );
}

function SessionList({ hosts }: { readonly hosts: readonly HostSessions[] }) {
  const rows = hosts.flatMap(({ hostName, forbidden }) => forbidden.map((session) => ({ hostName, session })));
  const hidden = hosts.reduce((sum, { total, forbidden }) => sum + total - forbidden.length, 0);
  return (
    <>
      <Limits hosts={hosts} />
      {rows.length === 0 ? (
        <p className="card-body muted">Nothing that lives on these hosts now is forbidden by the draft.</p>
      ) : (
        <div className="scroll-x">
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">Connection</th>
                <th scope="col">Service</th>
                <th scope="col">User, unit, process</th>
                <th scope="col">Since</th>
                <th scope="col">Forbidden by</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ hostName, session }) => (
                <SessionRow key={`${hostName} ${session.protocol} ${session.localAddress} ${session.localPort} ${session.peerAddress} ${session.peerPort}`} hostName={hostName} session={session} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {hidden === 0 ? null : <p className="card-body muted">… and {hidden.toLocaleString('en')} more, not listed.</p>}
    </>
  );
}

function SessionRow({ hostName, session }: { readonly hostName: string; readonly session: ForbiddenSession }) {
  const { direction, peerName, peerAddress, peerPort, localAddress, localPort, protocol, port, sinceMs, by } = session;
  const [from, to] = direction === 'out' ? [hostName, peerName] : [peerName, hostName];
  // A user and its program are often of one name (postgres, redis, nginx), which a reader is told once.
  const who = [...new Set([session.user, session.unit, session.process].filter((part) => part !== null))];
  return (
    <tr>
      <td className="inert" title={`here ${localAddress} port ${localPort}, there ${peerAddress} port ${peerPort}`}>
        <span className="strong">{from}</span> {direction === 'unknown' ? '–' : '→'} <span className="strong">{to}</span>
      </td>
      <td className="mono">
        {protocol}/{port}
      </td>
      <td className="inert small">{who.length === 0 ? <span className="muted">unknown</span> : who.map((part) => <div key={part}>{part}</div>)}</td>
      <td className="nowrap">{sinceMs === null ? <span className="muted">not known</span> : <TimeAgo atMs={sinceMs} />}</td>
      <td>{by === null ? 'the zone’s default' : `rule ${by}`}</td>
    </tr>
  );
}

/** Hosts that gave no answer, and what cannot be judged or was not looked at. */
function Limits({ hosts }: { readonly hosts: readonly HostSessions[] }) {
  const lines = hosts.flatMap(({ hostName, uncertain, warnings }) => [
    ...(uncertain === 0 ? [] : [`${hostName}: ${uncertain} cannot be judged, because what decides (a group, say) does not show on a live connection. They are never cut.`]),
    ...warnings.map((warning) => `${hostName}: ${warning}`),
  ]);
  if (lines.length === 0) return null;
  return (
    <div className="card-body">
      <Note kind="warning">
        <ul className="stack tight">
          {lines.map((line) => (
            <li key={line} className="inert">
              {line}
            </li>
          ))}
        </ul>
      </Note>
    </div>
  );
}
