import type { PolicyDiffRow } from '../../../shared/model/diff.ts';

const signs = { added: '+', removed: '−', changed: '~' };
const words: Record<PolicyDiffRow['what'], string> = {
  zone: 'zone',
  rule: 'rule',
  service: 'service',
  iplist: 'IP list',
  test: 'test',
  'zone-order': 'order of zones',
};

/** Layer 1: what changed in the policy. */
export function PolicyDiffCard({ rows }: { readonly rows: readonly PolicyDiffRow[] }) {
  return (
    <section className="card" aria-label="Policy changes">
      <div className="card-head">
        <h2 className="grow">Policy changes</h2>
        <span className="muted small">{rows.length}</span>
      </div>
      {rows.length === 0 ? (
        <p className="card-body muted">The policy is that of the last version; hosts change because labels, addresses or hosts did.</p>
      ) : (
        <PolicyDiffRows rows={rows} />
      )}
    </section>
  );
}

/** The rows alone, also used to compare two versions. */
export function PolicyDiffRows({ rows }: { readonly rows: readonly PolicyDiffRow[] }) {
  return (
    <ul className="policy-diff">
      {rows.map((row) => (
        <li key={`${row.what} ${row.name}`} className="policy-diff-row">
          <span className="sign" aria-hidden>
            {signs[row.change]}
          </span>
          <div className="stack tight grow">
            <span>
              <span className="visually-hidden">{row.change} </span>
              <span className="muted">{words[row.what]}</span> <span className="strong">{row.name}</span>
            </span>
            {row.before === null ? null : <code className="old inert">{row.before}</code>}
            {row.after === null ? null : <code className="new inert">{row.after}</code>}
          </div>
        </li>
      ))}
    </ul>
  );
}
