import { basename } from 'node:path';
import type { ReportOrder } from '../../shared/contract/report-kinds.ts';
import { findNewestVersion } from '../db/version-store.ts';
import type { Evidence, EvidencePeriod } from '../reports/evidence/evidence-tables.ts';
import { renderEvidenceReport } from '../reports/evidence-report.ts';
import { printKindCsv } from '../reports/kind-csv.ts';
import { computeManifest, type Manifest, MANIFEST_FORMAT } from '../reports/pack/manifest.ts';
import type { BackendContext } from './backend-context.ts';
import { isDraftChanged } from './draft.ts';
import { readEvidence, toEvidencePeriod } from './read-evidence.ts';
import { CONSOLE_VERSION } from './report.ts';
import { isSampleWorkspace } from './sample-workspace.ts';

export type EvidenceOrder = { readonly fromMs: number | null; readonly untilMs: number | null };

/** A report of any kind as one HTML document: for every kind the same evidence, and other sections of it. Reads only. @throws INPUT_INVALID for the period */
export function renderKind(ctx: BackendContext, order: ReportOrder): EvidencePeriod & { html: string } {
  const { evidence, head } = readReportEvidence(ctx, order);
  return { ...evidence.period, html: renderEvidenceReport(head, evidence, { kind: order.kind, framework: order.framework, isPacked: false }) };
}

/** The CSV of a kind. Reads only. @throws INPUT_INVALID for the period */
export function printKind(ctx: BackendContext, order: ReportOrder): EvidencePeriod & { text: string } {
  const { evidence, head } = readReportEvidence(ctx, order);
  return { ...evidence.period, text: printKindCsv(head, evidence, order) };
}

/** What every report and the pack are made of: the tables of a period, and what is said of them as a whole. Reads only. @throws INPUT_INVALID for the period */
export function readReportEvidence(ctx: BackendContext, order: EvidenceOrder): { evidence: Evidence; head: Omit<Manifest, 'files'> } {
  const period = toEvidencePeriod(ctx, order.fromMs, order.untilMs);
  const evidence = readEvidence(ctx, period);
  const newest = findNewestVersion(ctx.workspace.read);
  const head = {
    format: MANIFEST_FORMAT,
    madeAt: new Date(ctx.nowMs()).toISOString(),
    madeBy: ctx.user,
    console: CONSOLE_VERSION,
    workspace: basename(ctx.workspace.path),
    isSample: isSampleWorkspace(ctx),
    period: { from: new Date(period.fromMs).toISOString(), until: new Date(period.untilMs).toISOString() },
    policy: newest === undefined ? null : { version: newest.id, hash: newest.hash, author: newest.author, at: new Date(newest.createdAtMs).toISOString() },
    draftDiffers: isDraftChanged(ctx),
    ...computeManifest(evidence),
  } as const;
  return { evidence, head };
}
