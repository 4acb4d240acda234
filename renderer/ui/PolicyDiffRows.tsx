import type { ReactNode } from 'react';
import type { PolicyDiffRow } from '../../shared/model/diff.ts';

const signs = { added: '+', removed: '−', changed: '~' };
const words: Record<PolicyDiffRow['what'], string> = {
  zone: 'zone',
  rule: 'rule',
  service: 'service',
  iplist: 'IP list',
  test: 'test',
  containment: 'containment',
  'zone-order': 'order of zones',
};

/** What changed in a policy, an object a row: the former text struck out, the new one below it, and under that what `noteOf` has to say of it. */
export function PolicyDiffRows({ rows, noteOf = () => null }: { readonly rows: readonly PolicyDiffRow[]; readonly noteOf?: (row: PolicyDiffRow) => ReactNode }) {
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
            {noteOf(row)}
          </div>
        </li>
      ))}
    </ul>
  );
}
