import type { ComparedKey } from '../../../shared/contract/contract-host-keys.ts';
import { Mark } from '../../ui/Mark.tsx';
import { keyLook, sortKeys } from './onboard-look.ts';

/** Each host with the key that it presents and what that is to it; what must not be overlooked comes first. */
export function ComparedKeys({ rows }: { readonly rows: readonly ComparedKey[] }) {
  return (
    <table className="plain-table" aria-label="Keys of the hosts">
      <thead>
        <tr>
          <th scope="col">Host</th>
          <th scope="col">Key</th>
          <th scope="col">It presents</th>
        </tr>
      </thead>
      <tbody>
        {sortKeys(rows).map(({ hostName, verdict, presented, source, error }) => (
          <tr key={hostName}>
            <td>{hostName}</td>
            <td>
              <Mark meaning={keyLook(verdict).meaning} text={keyLook(verdict).text} />
            </td>
            <td className="inert">
              {presented === null ? null : (
                <span className="mono small">
                  {presented.algorithm} {presented.fingerprint}
                </span>
              )}
              {error === null ? null : <p className="small">{`${error.title} ${error.hint}`}</p>}
              {error === null && source !== null ? <span className="small muted"> {source}</span> : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
