import type { HostDetail } from '../../../shared/contract/views.ts';
import { LabelChips } from '../../ui/LabelChips.tsx';
import { TimeAgo } from '../../ui/TimeAgo.tsx';

const identityText = (ssh: NonNullable<HostDetail['ssh']>): string => {
  if (ssh.identity.kind === 'key-file') return ssh.identity.keyPath + (ssh.identity.certificatePath === undefined ? '' : ` with ${ssh.identity.certificatePath}`);
  return ssh.identity.kind === 'agent' ? 'ssh-agent' : 'password';
};

/** Who the host is and how the console gets there. */
export function ReachCard({ host }: { readonly host: HostDetail }) {
  const { ssh } = host;
  return (
    <section className="card" aria-label="Host">
      <div className="card-head">
        <h2>Host</h2>
      </div>
      <dl className="card-body facts">
        <dt>Labels</dt>
        <dd>
          <LabelChips labels={host.labels} />
        </dd>
        <dt>Addresses</dt>
        <dd className="mono">{host.addresses.length === 0 ? 'none known' : host.addresses.join(', ')}</dd>
        {ssh === null ? null : (
          <>
            <dt>SSH</dt>
            <dd className="mono">
              {ssh.user}@{ssh.address}:{ssh.port}
              {ssh.jump === null ? '' : ` through ${ssh.jump}`}
            </dd>
            <dt>Identity</dt>
            <dd className="mono">{identityText(ssh)}</dd>
            <dt>Pinned key</dt>
            <dd className="mono fine">
              {host.pinnedKeys.length === 0 ? 'none: trust its key first' : host.pinnedKeys.map((key) => `${key.algorithm} ${key.fingerprint}`).join(' ')}
            </dd>
            <dt>Console seen as</dt>
            <dd className="mono">{host.consoleAddresses.length === 0 ? 'not recorded yet' : host.consoleAddresses.join(', ')}</dd>
            <dt>Last contact</dt>
            <dd>
              <TimeAgo atMs={host.lastContactAtMs} />
            </dd>
          </>
        )}
        {host.note === '' ? null : (
          <>
            <dt>Note</dt>
            <dd>{host.note}</dd>
          </>
        )}
      </dl>
    </section>
  );
}
