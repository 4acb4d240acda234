import { drawBars } from '../charts/bar-chart.ts';
import { html } from '../escape-html.ts';
import type { Section } from './section.ts';

/** Every figure with how it is computed, and what it leaves out; shares are drawn as well. */
export const kpiSection: Section = {
  title: 'KPIs of the policy',
  render: ({ evidence }) => {
    const { kpis } = evidence.sources;
    const shares = kpis.filter(({ unit, value }) => unit === 'percent' && value !== '').map(({ title, value, text }) => ({ title, value: Number(value), text, fill: 'ink' as const }));
    const rows = kpis.map(({ title, value, text, formula, limits }) => html`<tr><th scope="row">${title}</th><td class="${value === '' ? 'warn' : ''}">${text}</td><td>${formula}.${limits === '' ? '' : ` ${limits[0]?.toUpperCase() ?? ''}${limits.slice(1)}.`}</td></tr>`);
    return html`<p class="lead">Of the policy as it was when the report was made, its draft included, over the flows from the beginning of the period until then. What is not known is said, never printed as 0.</p>
${shares.length === 0 ? html`` : drawBars(shares, { most: 100, caption: 'Those that are shares, of one hundred per cent (kpis.csv).' })}
<table class="kpis"><thead><tr><th scope="col">Figure</th><th scope="col">Value</th><th scope="col">How it is computed, and what it leaves out</th></tr></thead><tbody>${rows}</tbody></table>`;
  },
};
