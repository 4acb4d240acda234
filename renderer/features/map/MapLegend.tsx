import type { EdgeVerdict } from './map-model.ts';
import { EDGE_ORDER, EDGE_WORDS } from '../../ui/verdict-words.ts';

const dashes: Record<EdgeVerdict, string | undefined> = { allowed: undefined, 'no-rule': '7 4', 'would-block': '0.1 5', blocked: undefined, unknown: '2 2' };

/** The lines of the map in words; in the draft view also what is behind those that differ. */
export function MapLegend({ isDraft }: { readonly isDraft: boolean }) {
  return (
    <ul className="map-legend" aria-label="Legend">
      {EDGE_ORDER.toReversed().map((verdict) => (
        <li key={verdict}>
          <LineSample verdict={verdict} />
          {EDGE_WORDS[verdict]}
        </li>
      ))}
      {isDraft ? (
        <li>
          <span className="differs-sample" aria-hidden />
          Not as it is live
        </li>
      ) : null}
    </ul>
  );
}

function LineSample({ verdict }: { readonly verdict: EdgeVerdict }) {
  const colour = `var(--${verdict})`;
  const isHeavy = verdict === 'blocked' || verdict === 'would-block';
  return (
    <svg width="40" height="12" viewBox="0 0 40 12" aria-hidden>
      <line
        x1="1"
        y1="6"
        x2="31"
        y2="6"
        stroke={colour}
        strokeWidth={isHeavy ? 3 : 2}
        strokeDasharray={dashes[verdict]}
        strokeLinecap={verdict === 'would-block' ? 'round' : 'butt'}
      />
      {verdict === 'blocked' ? <line x1="33" y1="0" x2="33" y2="12" stroke={colour} strokeWidth="3" /> : null}
      {verdict === 'allowed' ? <path d="M31 1 L39 6 L31 11 Z" fill={colour} /> : null}
      {verdict === 'no-rule' ? <path d="M30 1 L39 6 L30 11 L33 6 Z" fill={colour} /> : null}
      {verdict === 'would-block' ? <path d="M33 1 L39 6 L33 11 Z M31 1 V11" fill={colour} stroke={colour} strokeWidth="1.5" /> : null}
      {verdict === 'unknown' ? <circle cx="34" cy="6" r="4" fill={colour} /> : null}
    </svg>
  );
}
