import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.ts';

const SHOWN_AT_MOST = 999;

/** How many alerts are open, beside their screen's name; nothing when none is. */
export function AlertBadge() {
  const counts = useQuery(api.alerts.counts.queryOptions({ input: {} }));
  const open = counts.data?.open ?? 0;
  if (open === 0) return null;
  return (
    <span className="nav-badge number">
      {open > SHOWN_AT_MOST ? `${SHOWN_AT_MOST}+` : open}
      <span className="visually-hidden"> open</span>
    </span>
  );
}
