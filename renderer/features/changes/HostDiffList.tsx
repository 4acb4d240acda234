import type { HostDiff } from '../../../shared/model/diff.ts';
import { HostDiffRow } from './HostDiffRow.tsx';

/** Layer 2: what changes on each host; those that tighten most come first. Unchanged hosts are only counted. */
export function HostDiffList({ hosts }: { readonly hosts: readonly HostDiff[] }) {
  const tightens = (host: HostDiff) => host.rows.filter((row) => row.effect === 'tightens').length;
  const changed = hosts
    .filter((host) => host.bundleBefore !== host.bundleAfter)
    .toSorted((a, b) => tightens(b) - tightens(a) || a.hostName.localeCompare(b.hostName, 'en'));
  const unchanged = hosts.length - changed.length;
  return (
    <section className="card" aria-label="Hosts that change">
      <div className="card-head">
        <h2 className="grow">Hosts that change</h2>
        <span className="muted small">
          {changed.length}
          {unchanged === 0 ? '' : ` of ${hosts.length}`}
        </span>
      </div>
      {changed.length === 0 ? <p className="card-body muted">No host gets other rules.</p> : null}
      <ul>
        {changed.map((host) => (
          <HostDiffRow key={host.host} host={host} />
        ))}
      </ul>
    </section>
  );
}
