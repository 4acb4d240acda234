import { useQuery } from '@tanstack/react-query';
import type { KpiTrend } from '../../../shared/contract/overview.ts';
import { api } from '../../api/client.ts';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { changeText, hasTrend, splitFigure } from './kpi-text.ts';
import { Sparkline } from './Sparkline.tsx';

/** The figures about the policy over 30 days. They look at all flows, so that the rest of the screen does not wait for them. */
export function KpiStrip() {
  const trends = useQuery(api.overview.kpis.queryOptions({ input: {} }));
  if (trends.data === undefined && trends.error !== null) return <ErrorNote error={trends.error} />;
  return (
    <section className="kpis" aria-label="Figures, 30 days" aria-busy={trends.data === undefined}>
      {trends.data === undefined ? (
        <p className="kpi-wait muted" data-loading role="status">
          Computing the figures of 30 days …
        </p>
      ) : (
        trends.data.kpis.map((kpi) => <KpiTile key={kpi.id} kpi={kpi} />)
      )}
      {trends.data === undefined || trends.data.kpis.some(hasTrend) ? null : <p className="kpi-wait muted small">Trends begin tomorrow: no earlier day is stored.</p>}
    </section>
  );
}

function KpiTile({ kpi }: { readonly kpi: KpiTrend }) {
  const { figure, basis } = splitFigure(kpi);
  const how = kpi.limits === '' ? kpi.formula : `${kpi.formula}; ${kpi.limits}`;
  return (
    <article className="kpi" title={how} aria-label={kpi.title}>
      <h3 className="muted small truncate">{kpi.title}</h3>
      <div className="row">
        <p className={kpi.value === null ? 'kpi-figure unknown' : 'kpi-figure number'}>{figure}</p>
        <Sparkline trend={kpi.trend} />
      </div>
      <div className="kpi-notes muted small">
        <p className="truncate">{basis}</p>
        <p className="truncate number">{changeText(kpi)}</p>
      </div>
      <p className="visually-hidden">{how}</p>
    </article>
  );
}
