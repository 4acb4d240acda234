import type { Coverage } from '../../../shared/contract/overview.ts';

/** How many of the managed hosts got how far; each bar is a part of the same whole. */
export function CoverageCard({ coverage }: { readonly coverage: Coverage }) {
  const { managed, unmanaged, withAgent, reporting, inZone, enforced } = coverage;
  const rows = [
    { label: 'Agent installed', part: withAgent },
    { label: 'Heard within a day', part: reporting },
    { label: 'In a zone', part: inZone },
    { label: 'Run enforce', part: enforced },
  ];
  return (
    <section className="card" aria-label="Coverage">
      <div className="card-head">
        <h2 className="grow">Coverage</h2>
        <span className="muted small number">{`${managed.toLocaleString('en')} managed, ${unmanaged.toLocaleString('en')} unmanaged`}</span>
      </div>
      <dl className="card-body measures">
        {rows.map(({ label, part }) => (
          <div key={label} className="fact-pair">
            <dt>{label}</dt>
            <dd className="meter" aria-hidden>
              <span style={{ width: managed === 0 ? 0 : `${(100 * part) / managed}%` }} />
            </dd>
            <dd className="number">{`${part.toLocaleString('en')} of ${managed.toLocaleString('en')}`}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
