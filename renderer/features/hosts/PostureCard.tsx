import { CircleHelp } from 'lucide-react';
import { Fragment } from 'react';
import type { AgentFacts } from '../../../shared/contract/agent-replies.ts';
import type { HostDetail } from '../../../shared/contract/views.ts';
import type { PosturePart } from '../../../shared/model/posture.ts';
import { POSTURE_HOLDS_DAYS } from '../../../shared/posture/say-posture.ts';
import { describePosture, isShort, POSTURE_TITLES, printPostureLabel } from '../../../shared/text/posture-text.ts';
import { Mark } from '../../ui/Mark.tsx';
import { TimeAgo } from '../../ui/TimeAgo.tsx';

/** How well the host is kept, by its own word: each part as rules name it, since when, and what stands behind it. */
export function PostureCard({ host, facts }: { readonly host: HostDetail; readonly facts: AgentFacts }) {
  const { postureParts, postureAtMs } = host;
  return (
    <section className="card" aria-label="Device posture">
      <div className="card-head">
        <h2 className="grow">Device posture</h2>
        {postureAtMs === null ? null : (
          <span className="muted small">
            said <TimeAgo atMs={postureAtMs} />
          </span>
        )}
      </div>
      {postureAtMs === null ? (
        <p className="card-body muted">Nothing is known of how well it is kept: the agent there does not tell. Upgrade the agent, then collect.</p>
      ) : (
        <dl className="card-body facts inert">
          {postureParts.map((part) => (
            <Fragment key={part.fact}>
              <dt>{POSTURE_TITLES[part.fact]}</dt>
              <dd>
                <Part part={part} detail={describePosture(part.fact, facts.posture)} />
              </dd>
            </Fragment>
          ))}
        </dl>
      )}
      <p className="card-body muted small">The host says this about itself, and root there can say anything. It counts for {POSTURE_HOLDS_DAYS} days. Rules name it like labels, and nobody can set it.</p>
    </section>
  );
}

function Part({ part, detail }: { readonly part: PosturePart; readonly detail: string }) {
  const { fact, value, sinceMs } = part;
  return (
    <span className="row wrap">
      {value === 'unknown' ? <Mark meaning="unknown" icon={CircleHelp} text={value} /> : <Mark meaning={isShort(fact, value) ? 'would-block' : 'allowed'} text={value} />}
      <span className="mono">{printPostureLabel(fact, value)}</span>
      {sinceMs === null ? null : (
        <span className="muted">
          {part.before === null ? 'first said' : 'changed'} <TimeAgo atMs={sinceMs} />
        </span>
      )}
      {detail === '' ? null : <span className="muted">{detail}</span>}
    </span>
  );
}
