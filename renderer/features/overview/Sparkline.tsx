import type { KpiTrend } from '../../../shared/contract/overview.ts';

const WIDTH_PX = 72;
const HEIGHT_PX = 24;
const MARGIN_PX = 2;

/** The figure by day; a day without one leaves a gap in the time and no point. Nothing with fewer than two days: a dot is no trend. */
export function Sparkline({ trend }: { readonly trend: KpiTrend['trend'] }) {
  const known = trend.flatMap(({ dayStartMs, value }) => (value === null ? [] : [{ dayStartMs, value }]));
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined || first === last) return null;
  const values = known.map(({ value }) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = (dayStartMs: number) => MARGIN_PX + ((WIDTH_PX - 2 * MARGIN_PX) * (dayStartMs - first.dayStartMs)) / (last.dayStartMs - first.dayStartMs);
  const y = (value: number) => (high === low ? HEIGHT_PX / 2 : HEIGHT_PX - MARGIN_PX - ((HEIGHT_PX - 2 * MARGIN_PX) * (value - low)) / (high - low));
  return (
    <svg className="sparkline" width={WIDTH_PX} height={HEIGHT_PX} viewBox={`0 0 ${WIDTH_PX} ${HEIGHT_PX}`} aria-hidden="true">
      <polyline points={known.map(({ dayStartMs, value }) => `${x(dayStartMs).toFixed(1)},${y(value).toFixed(1)}`).join(' ')} />
      <circle cx={x(last.dayStartMs)} cy={y(last.value)} r={2} />
    </svg>
  );
}
