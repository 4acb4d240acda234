import { Link } from '@tanstack/react-router';
import type { HostDetail } from '../../../shared/contract/views.ts';
import { Mark } from '../../ui/Mark.tsx';
import { ModeBadge } from '../../ui/ModeBadge.tsx';
import { TimeAgo } from '../../ui/TimeAgo.tsx';

const short = (hash: string | null): string => (hash === null ? 'nothing' : hash.slice(0, 12));

/** The three states of a host's policy side by side: what the draft wants, what was sent, what was last read back. */
export function PolicyCard({ host }: { readonly host: HostDetail }) {
  return (
    <section className="card" aria-label="Policy">
      <div className="card-head">
        <h2 className="grow">Policy</h2>
        {host.draftBundle === host.appliedBundle ? null : <Link to="/changes">Review changes</Link>}
      </div>
      <dl className="card-body facts">
        <dt>Zone</dt>
        <dd>
          {host.zone ?? 'none: observed only'}
          {host.alsoMatches.length === 0 ? null : <span className="muted"> (also matches {host.alsoMatches.join(', ')}; the first wins)</span>}
        </dd>
        <dt>Draft</dt>
        <dd className="row">
          <ModeBadge mode={host.draftMode} />
          <code>{short(host.draftBundle)}</code>
        </dd>
        <dt>Sent</dt>
        <dd className="row">
          {host.appliedMode === null ? null : <ModeBadge mode={host.appliedMode} />}
          <code>{short(host.appliedBundle)}</code>
          {host.appliedVersion === null ? null : <span className="muted">version {host.appliedVersion}</span>}
        </dd>
        {host.waits === null ? null : (
          <>
            <dt>Waits</dt>
            <dd>
              for version {host.waits.version}, since <TimeAgo atMs={host.waits.sinceMs} />: it was away when that was pushed
              {host.waits.held === null ? null : <span className="muted inert">. Not sent by itself: {host.waits.held}</span>}
            </dd>
          </>
        )}
        <dt>Read back</dt>
        <dd className="row wrap">
          <code>{short(host.status?.runningBundle ?? null)}</code>
          {host.verifiedAtMs === null ? null : (
            <span className="muted">
              <TimeAgo atMs={host.verifiedAtMs} />
            </span>
          )}
          <KernelCheck host={host} />
        </dd>
        <dt>Agent</dt>
        <dd>{host.agentVersion ?? (host.state === 'unknown' ? 'not known' : 'not installed')}</dd>
      </dl>
    </section>
  );
}

function KernelCheck({ host }: { readonly host: HostDetail }) {
  const { kernelHash, expectedKernelHash } = host.status ?? { kernelHash: null, expectedKernelHash: null };
  if (kernelHash === null || expectedKernelHash === null) return null;
  return kernelHash === expectedKernelHash ? <Mark meaning="allowed" text="kernel agrees" /> : <Mark meaning="would-block" text="changed on the host" />;
}
