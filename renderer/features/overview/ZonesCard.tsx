import { Link } from '@tanstack/react-router';
import type { ZoneProgress } from '../../../shared/contract/overview.ts';
import { ModeBadge } from '../../ui/ModeBadge.tsx';

const steps = ['enforce', 'test', 'observe', 'none'] as const;
const words: Record<(typeof steps)[number], string> = { enforce: 'enforce', test: 'test', observe: 'observe', none: 'nothing sent' };
const runText = (step: (typeof steps)[number], hosts: number): string => `${step === 'none' ? '' : 'run '}${words[step]}: ${hosts.toLocaleString('en')}`;

/** Each zone with the mode that the draft has, and what its hosts run: the track is the same whole for all states. */
export function ZonesCard({ zones }: { readonly zones: readonly ZoneProgress[] }) {
  return (
    <section className="card" aria-label="Zones by mode">
      <div className="card-head">
        <h2 className="grow">Zones by mode</h2>
        <Link className="small" to="/zones">
          Zones
        </Link>
      </div>
      {zones.length === 0 ? (
        <p className="card-body muted">No zone yet: every host is only observed.</p>
      ) : (
        <ul className="zone-progress">
          {zones.map((zone) => (
            <ZoneRow key={zone.name} zone={zone} />
          ))}
        </ul>
      )}
    </section>
  );
}

function ZoneRow({ zone: { name, mode, hosts, running } }: { readonly zone: ZoneProgress }) {
  const present = steps.filter((step) => running[step] > 0);
  return (
    <li>
      <div className="row">
        <span className="grow strong inert truncate">{name}</span>
        <ModeBadge mode={mode} />
      </div>
      <div className="mode-share" aria-hidden>
        {present.map((step) => (
          <span key={step} className={step} style={{ width: `${(100 * running[step]) / hosts}%` }} />
        ))}
      </div>
      <p className="muted small number">{hosts === 0 ? 'no managed host' : present.map((step) => runText(step, running[step])).join(' · ')}</p>
    </li>
  );
}
