import { Link } from '@tanstack/react-router';
import type { Overview } from '../../../shared/contract/overview.ts';
import { describeAuditAction } from '../../../shared/text/audit-text.ts';
import { TimeAgo } from '../../ui/TimeAgo.tsx';

/** Of rules and pushes, several with spaces between: no person knows a thing by one. */
const isId = (subject: string): boolean => /^[rp]_[0-9a-z]{12}( |$)/.test(subject);

/** What people changed last, from the audit log. */
export function ChangesCard({ changes }: { readonly changes: Overview['changes'] }) {
  return (
    <section className="card" aria-label="Latest changes">
      <div className="card-head">
        <h2 className="grow">Latest changes</h2>
        <Link className="small" to="/audit">
          Audit log
        </Link>
      </div>
      {changes.length === 0 ? (
        <p className="card-body muted">Nothing was changed yet.</p>
      ) : (
        <table className="plain-table inert change-list">
          <colgroup>
            <col className="col-when" />
            <col className="col-who" />
            <col />
          </colgroup>
          <thead className="visually-hidden">
            <tr>
              <th scope="col">When</th>
              <th scope="col">Who</th>
              <th scope="col">What</th>
            </tr>
          </thead>
          <tbody>
            {changes.map(({ seq, atMs, actor, action, subject, detail }) => (
              <tr key={seq}>
                <td className="muted">
                  <TimeAgo atMs={atMs} />
                </td>
                <td>{actor}</td>
                <td title={`${action} ${subject}\n${detail}`}>
                  <span className="strong">{describeAuditAction(action)}</span> <span className="muted">{detail === '' ? subject : isId(subject) ? detail : `${subject}: ${detail}`}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
