import type { ListeningService } from '../../../shared/contract/views.ts';
import { exactTime, TimeAgo } from '../../ui/TimeAgo.tsx';

const SHOWN = 200;
const unknown = <span className="muted">unknown</span>;

type Props = { readonly listening: readonly ListeningService[]; readonly recordedSinceMs: number | null };

/** Which services listen on the host, whose they are, and whether anybody ever connected. */
export function ListeningCard({ listening, recordedSinceMs }: Props) {
  const rows = listening.toSorted((a, b) => a.port - b.port || a.protocol.localeCompare(b.protocol, 'en')).slice(0, SHOWN);
  return (
    <section className="card" aria-label="Listening services">
      <div className="card-head">
        <h2 className="grow">Listening services</h2>
        <span className="muted small number">
          {`${listening.length > SHOWN ? `first ${SHOWN} of ${listening.length}` : listening.length} without loopback; ${recordedSinceMs === null ? 'no connections recorded yet' : `connections recorded since ${exactTime(recordedSinceMs)}`}`}
        </span>
      </div>
      {rows.length === 0 ? (
        <p className="card-body muted">Nothing listens, or the host did not say.</p>
      ) : (
        <table className="plain-table inert">
          <thead>
            <tr>
              <th scope="col">Service</th>
              <th scope="col">Address</th>
              <th scope="col">Process</th>
              <th scope="col">User</th>
              <th scope="col">Unit</th>
              <th scope="col">Ever connected</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: several processes may share all that a row says
              <tr key={`${row.protocol} ${row.address} ${row.port} ${index}`}>
                <td className="mono">
                  {row.protocol}/{row.port}
                </td>
                <td className="mono">{row.address}</td>
                <td>{row.process ?? unknown}</td>
                <td>{row.user ?? unknown}</td>
                <td>{row.unit ?? <span className="muted">none</span>}</td>
                <td>
                  <EverConnected service={row} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function EverConnected({ service }: { readonly service: ListeningService }) {
  if (service.everConnected === null) return <span className="muted">cannot be known</span>;
  if (!service.everConnected) return <strong>never</strong>;
  return (
    <>
      {service.peers} {service.peers === 1 ? 'peer' : 'peers'}, last <TimeAgo atMs={service.lastConnectedAtMs} />
    </>
  );
}
