import type { OfflineFigures } from '../../../shared/offline-audit/summarize.ts';

const n = (amount: number): string => amount.toLocaleString('en');

export function AuditFigures({ figures }: { readonly figures: OfflineFigures }) {
  const rows: readonly (readonly [string, number, string])[] = [
    ['Hosts', figures.hosts, `${n(figures.hostsWithRules)} with rules in ${n(figures.files)} ${figures.files === 1 ? 'file' : 'files'}`],
    ['Rules', figures.rules, `${n(figures.exactRules)} understood in every part`],
    ['Let in', figures.admitted, `services with their sources; ${n(figures.openToAll)} from everyone`],
    ['Listening', figures.listening, 'services on other addresses than loopback, by their hosts’ word'],
    ['Flows', figures.flows, `${n(figures.flowsToHosts)} end at these hosts, with ${n(figures.connections)} connections`],
    ['Blind spots', figures.blindSpots, 'not understood: what they decide counts as uncertain, not as refused'],
  ];
  return (
    <section aria-label="Figures">
      <dl className="audit-figures">
        {rows.map(([what, amount, meaning]) => (
          <div key={what} className="card">
            <dt className="small muted">{what}</dt>
            <dd>
              <span className="figure">{n(amount)}</span>
              <span className="small muted">{meaning}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
