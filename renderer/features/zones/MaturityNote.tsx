import { useQuery } from '@tanstack/react-query';
import type { ZoneMaturity } from '../../../shared/contract/maturity-views.ts';
import { api } from '../../api/client.ts';
import { Mark, type Meaning } from '../../ui/Mark.tsx';

const looks: Record<ZoneMaturity['state'], { meaning: Meaning; text: string }> = {
  learning: { meaning: 'unknown', text: 'Learning' },
  stabilizing: { meaning: 'would-block', text: 'Stabilizing' },
  stable: { meaning: 'no-rule', text: 'Stable' },
};

/** How much of what the zone does was seen, and on request what the next state asks for. Nothing until it is known: reading all flows may take a while. */
export function MaturityNote({ zone }: { readonly zone: string }) {
  const maturity = useQuery(api.policy.maturity.queryOptions({ input: {} }));
  const own = maturity.data?.find((each) => each.zone === zone);
  if (own === undefined) return null;
  const met = own.reasons.filter(({ isMet }) => isMet).length;
  return (
    <details className="small">
      <summary>
        <Mark {...looks[own.state]} /> <span className="muted">{own.state === 'stable' ? '· nothing new comes any more' : `· ${met} of ${own.reasons.length} met until the next state`}</span>
      </summary>
      <ul className="stack tight" aria-label={`Maturity of ${zone}`}>
        {own.reasons.map(({ check, isMet, text }) => (
          <li key={check} className="row">
            <Mark meaning={isMet ? 'allowed' : 'would-block'} text={isMet ? 'Met' : 'Missing'} />
            <span className="inert">{text}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
