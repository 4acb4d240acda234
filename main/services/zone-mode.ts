import { FirebreakError } from '../../shared/errors.ts';
import type { Zone, ZoneMode } from '../../shared/model/policy.ts';
import type { ModeEvidence, ReadinessCheck, ZoneEvidences } from '../../shared/model/readiness.ts';
import { checkReadiness, waiveChecks } from '../../shared/policy/readiness.ts';
import { insertWaiver } from '../db/draft-store.ts';
import { loadDraftEvidence, saveDraftEvidence } from '../db/evidence-store.ts';
import type { BackendContext } from './backend-context.ts';
import { editDraft, readDraft } from './draft.ts';
import { readCompiledDraft } from './draft-compiled.ts';
import { getZone } from './draft-zones.ts';
import { hashZoneRules } from './evidence-hash.ts';
import { readZoneEvidence } from './zone-evidence.ts';

export type WaiverInput = { check: string; reason: string };

/** What speaks for and against the mode, from what is stored now. @throws NOT_FOUND */
export function readReadiness(ctx: BackendContext, name: string, mode: ZoneMode): ReadinessCheck[] {
  getZone(readDraft(ctx).policy, name);
  return checkReadiness(mode, readZoneEvidence(ctx, name));
}

/**
 * Sets the mode in the draft; hosts follow with the next push. The whole list of checks is kept with it as it was, waivers with who gave them and why, goes into the version that
 * the push makes, and is printed in reports.
 * @throws NOT_FOUND · GATE_CLOSED with every blocker that no waiver names
 */
export function setZoneMode(ctx: BackendContext, input: { name: string; mode: ZoneMode; waivers: readonly WaiverInput[] }): Zone {
  const checks = waiveChecks(readReadiness(ctx, input.name, input.mode), input.waivers, { actor: ctx.user, atMs: ctx.nowMs() });
  const open = checks.filter((c) => c.state === 'blocker');
  if (open.length > 0)
    throw new FirebreakError('GATE_CLOSED', { what: `zone ${input.name} → ${input.mode}`, reasons: open.map((c) => `${c.check}: ${c.text}`) });
  const used = checks.flatMap((c) => (c.waiver === null ? [] : [{ check: c.check, reason: c.waiver.reason }]));
  const rulesHash = hashZoneRules(readCompiledDraft(ctx), input.name) ?? '';
  const detail = [input.mode, ...used.map((w) => `waived ${w.check} (${w.reason})`)].join('; ');
  return editDraft(ctx, { action: 'policy.setZoneMode', subject: input.name, detail }, (policy, tx) => {
    for (const w of used) insertWaiver(tx, { zone: input.name, mode: input.mode, check: w.check, reason: w.reason, actor: ctx.user, atMs: ctx.nowMs() });
    const former = getZone(policy, input.name);
    const result: Zone = { ...former, mode: input.mode };
    saveDraftEvidence(tx, withEvidence(loadDraftEvidence(tx), { zone: input.name, from: former.mode, mode: input.mode, actor: ctx.user, atMs: ctx.nowMs(), rulesHash, isStale: false, checks }));
    return { policy: { ...policy, zones: policy.zones.map((z) => (z.name === input.name ? result : z)) }, result };
  });
}

/** A zone that observes needs none. */
function withEvidence(all: ZoneEvidences, evidence: ModeEvidence): ZoneEvidences {
  const { [evidence.zone]: _former, ...others } = all;
  return evidence.mode === 'observe' ? others : { ...others, [evidence.zone]: evidence };
}
