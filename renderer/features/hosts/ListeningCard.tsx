import type { AgentFacts } from '../../../shared/contract/agent-replies.ts';

const SHOWN = 200;

/** Which services listen on the host, and whose they are. */
export function ListeningCard({ listening }: { readonly listening: AgentFacts['listening'] }) {
  const rows = listening.toSorted((a, b) => a.port - b.port || a.protocol.localeCompare(b.protocol, 'en')).slice(0, SHOWN);
  return (
    <section className="card" aria-label="Listening services">
      <div className="card-head">
        <h2 className="grow">Listening services</h2>
        <span className="muted small">{listening.length > SHOWN ? `first ${SHOWN} of ${listening.length}` : listening.length}</span>
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
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.protocol} ${row.address} ${row.port} ${row.pid ?? ''}`}>
                <td className="mono">
                  {row.protocol}/{row.port}
                </td>
                <td className="mono">{row.address}</td>
                <td>{row.process ?? <span className="muted">unknown</span>}</td>
                <td>{row.user ?? <span className="muted">unknown</span>}</td>
                <td>{row.unit ?? <span className="muted">none</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
