import type { PolicyVersionId } from '../../shared/model/ids.ts';
import type { ReportModel } from '../reports/report-model.ts';
import type { BackendContext } from './backend-context.ts';
import { showVersion } from './version-detail.ts';

/** On what the zones of a version that test or enforce were moved, however long ago. */
export function listReportEvidence(ctx: BackendContext, version: PolicyVersionId): ReportModel['evidence'] {
  return showVersion(ctx, version).zones.flatMap(({ name, mode, evidence }): ReportModel['evidence'][number][] => {
    if (mode === 'observe') return [];
    if (evidence === null) return [{ zone: name, mode, actor: null, atMs: null, met: 0, open: 0, waived: [], isStale: false }];
    const { actor, atMs, checks, isStale } = evidence;
    const countOf = (isMeant: (state: string) => boolean) => checks.filter(({ state }) => isMeant(state)).length;
    const waived = checks.flatMap(({ check, waiver }) => (waiver === null ? [] : [{ check, reason: waiver.reason, actor: waiver.actor }]));
    return [{ zone: name, mode, actor, atMs, met: countOf((state) => state === 'ok'), open: countOf((state) => state === 'warning' || state === 'blocker'), waived, isStale }];
  });
}
