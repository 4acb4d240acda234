import { FirebreakError } from '../../shared/errors.ts';
import type { Zone, ZoneMode } from '../../shared/model/policy.ts';
import { checkReadiness, type ReadinessCheck } from '../../shared/policy/readiness.ts';
import { insertWaiver } from '../db/draft-store.ts';
import type { BackendContext } from './backend-context.ts';
import { editDraft, readDraft } from './draft.ts';
import { getZone } from './draft-zones.ts';
import { readZoneEvidence } from './zone-evidence.ts';

export type WaiverInput = { check: string; reason: string };

/** What speaks for and against the mode, from what is stored now. @throws NOT_FOUND */
export function readReadiness(ctx: BackendContext, name: string, mode: ZoneMode): ReadinessCheck[] {
  getZone(readDraft(ctx).policy, name);
  return checkReadiness(mode, readZoneEvidence(ctx, name));
}

/**
 * Sets the mode in the draft; hosts follow with the next push. Waivers are kept with who gave them, and printed in reports.
 * @throws NOT_FOUND · GATE_CLOSED with every blocker that no waiver names
 */
export function setZoneMode(ctx: BackendContext, input: { name: string; mode: ZoneMode; waivers: readonly WaiverInput[] }): Zone {
  const blockers = readReadiness(ctx, input.name, input.mode).filter((c) => c.state === 'blocker');
  const open = blockers.filter((c) => !input.waivers.some((w) => w.check === c.check));
  if (open.length > 0)
    throw new FirebreakError('GATE_CLOSED', { what: `zone ${input.name} → ${input.mode}`, reasons: open.map((c) => `${c.check}: ${c.text}`) });
  const used = input.waivers.filter((w) => blockers.some((c) => c.check === w.check));
  const detail = [input.mode, ...used.map((w) => `waived ${w.check} (${w.reason})`)].join('; ');
  return editDraft(ctx, { action: 'policy.setZoneMode', subject: input.name, detail }, (policy, tx) => {
    for (const w of used) insertWaiver(tx, { zone: input.name, mode: input.mode, check: w.check, reason: w.reason, actor: ctx.user, atMs: ctx.nowMs() });
    const result: Zone = { ...getZone(policy, input.name), mode: input.mode };
    return { policy: { ...policy, zones: policy.zones.map((z) => (z.name === input.name ? result : z)) }, result };
  });
}
