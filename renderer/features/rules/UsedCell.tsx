import { exactTime, useNowMs } from '../../ui/TimeAgo.tsx';
import { countText, shortCount } from '../../../shared/text/amount-text.ts';
import { agoText } from '../../../shared/text/ago-text.ts';
import { type RuleUse, USE_DAYS } from './rule-use.ts';

const exactCounts = new Intl.NumberFormat('en');

/** How many connections of the period the rule decides; in full, with the last one, in its tooltip. */
export function UsedCell({ use }: { readonly use: RuleUse | 'none' | null }) {
  const nowMs = useNowMs();
  if (use === null) return <span className="muted">…</span>;
  if (use === 'none')
    return (
      <span className="muted" title={`Nothing that was seen in the last ${USE_DAYS} days is decided by this rule`}>
        0
      </span>
    );
  return (
    <span title={`${countText(use.connections, 'connection')} in ${countText(use.flows, 'flow')}, the last ${agoText(use.lastSeenAtMs, Math.max(nowMs, use.lastSeenAtMs))} (${exactTime(use.lastSeenAtMs)})`}>
      {shortCount(use.connections)}
    </span>
  );
}
