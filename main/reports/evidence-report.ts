import { type Framework, FRAMEWORK_NAMES, REPORT_KINDS, type ReportKind } from '../../shared/contract/report-kinds.ts';
import { type Html, html } from './escape-html.ts';
import type { Evidence } from './evidence/evidence-tables.ts';
import { BOUND_BY_MANIFEST, NOTHING_IN_SCOPE } from './evidence/list-limits.ts';
import { dateTime } from './evidence-html.ts';
import type { Manifest } from './pack/manifest.ts';
import { SECTIONS, SECTIONS_OF } from './report-sections.ts';
import { reportStyle } from './report-style.ts';
import { figureTable, LIMITING } from './sections/figures.ts';
import type { SectionContext, SectionId } from './sections/section.ts';

/** `isPacked`: it is printed to lie in a signed pack beside its tables. `framework` null: all. */
export type ReportChoice = { readonly kind: ReportKind; readonly framework: Framework | null; readonly isPacked: boolean };

/**
 * A report of any kind as a whole HTML document: the limits on its first page, then the sections of its kind, numbered. Pure: the same evidence gives the same bytes. Every text is
 * escaped, and the document forbids itself script and network.
 */
export function renderEvidenceReport(manifest: Omit<Manifest, 'files'>, evidence: Evidence, { kind, framework, isPacked }: ReportChoice): string {
  const { fromMs, untilMs } = evidence.period;
  const policy = manifest.policy === null ? 'no policy was pushed yet' : `policy version ${manifest.policy.version} by ${manifest.policy.author}`;
  const title = titleOf(kind, framework);
  const ids = SECTIONS_OF[kind];
  const context: SectionContext = { evidence, figures: manifest.figures, kind, framework, see: (id) => (ids.includes(id) ? `section ${ids.indexOf(id) + 1}` : `“${SECTIONS[id].title}” of the full report`) };
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}: ${manifest.workspace}</title><style>${{ html: reportStyle }}</style></head><body>
<h1>${title}</h1>
<p class="about">${manifest.workspace} · ${dateTime(fromMs)} to ${dateTime(untilMs)} · ${policy}${manifest.draftDiffers ? '; the draft has changes that are not pushed and not in here' : ''}<br>
Made ${dateTime(Date.parse(manifest.madeAt))} by ${manifest.madeBy} with Firebreak ${manifest.console}. ${isPacked ? PACKED : ALONE}</p>
${manifest.isSample ? html`<p class="sample">Sample: made-up hosts and flows. This is no evidence of any real network.</p>` : []}
${manifest.limits.includes(NOTHING_IN_SCOPE) ? html`<p class="sample">${NOTHING_IN_SCOPE}</p>` : []}
<h2>Read this first: the limits of this evidence</h2>
${figureTable(manifest.figures, (id) => LIMITING.includes(id))}
<ul>${manifest.limits.filter((limit) => limit !== NOTHING_IN_SCOPE && (isPacked || limit !== BOUND_BY_MANIFEST)).map((limit) => html`<li>${limit}</li>`)}</ul>
${ids.map((id, i) => renderSection(id, i + 1, context))}
</body></html>
`.html;
}

const PACKED = 'Every figure can be computed again from the tables beside this file: VERIFY.txt says how.';
const ALONE = 'This report alone is not signed; “firebreak report pack” makes a signed pack of the report, its tables and how to verify them.';

function titleOf(kind: ReportKind, framework: Framework | null): string {
  const title = REPORT_KINDS.find((one) => one.kind === kind)?.title ?? kind;
  return kind === 'frameworks' && framework !== null ? `Evidence for ${FRAMEWORK_NAMES[framework]}` : title;
}

/** The first begins a page, so that the limits have theirs, and so does the appendix. */
function renderSection(id: SectionId, number: number, context: SectionContext): Html {
  const { title, render } = SECTIONS[id];
  return html`<section><h2 class="${number === 1 || OWN_PAGE.has(id) ? 'next-page' : ''}">${number}. ${title}</h2>
${render(context)}</section>
`;
}
const OWN_PAGE: ReadonlySet<SectionId> = new Set(['map']);
