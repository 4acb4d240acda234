import { type Html, html } from './escape-html.ts';
import type { Evidence } from './evidence/evidence-tables.ts';

const WIDTH = 1000;
const HEIGHT = 60;
/** By darkness alone, so that it reads in black and white; what is none of these is left white. */
const SHADES: ReadonlyMap<string, string> = new Map([
  ['enforce', '#16191d'],
  ['test', '#8d96a0'],
  ['observe', '#d5d9de'],
]);

type Span = Evidence['derived']['mode_history'][number];

/** What a host ran over the period as a drawing from left to right, with the same in words for who cannot see it. */
export function drawModes(spans: readonly Span[], { fromMs, untilMs }: Evidence['period']): Html {
  const x = (ms: number) => Number((((ms - fromMs) / (untilMs - fromMs)) * WIDTH).toFixed(1));
  const bars = spans.map(({ from, until, mode }) => {
    const shade = SHADES.get(mode);
    // A moment is as wide as the eye needs.
    return shade === undefined ? [] : html`<rect x="${x(from)}" y="0" width="${Math.max(1, Number((x(until) - x(from)).toFixed(1)))}" height="${HEIGHT}" fill="${shade}"/>`;
  });
  const words = spans.map(({ from, until, mode }) => `${mode} ${((until - from) / 3_600_000).toFixed(1)} h`).join(', ');
  return html`<svg class="strip" role="img" aria-label="${words}" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none">${bars.flat()}<rect x="0" y="0" width="${WIDTH}" height="${HEIGHT}" fill="none" stroke="#16191d" stroke-width="4"/></svg>`;
}
