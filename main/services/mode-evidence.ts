import type { Policy } from '../../shared/model/policy.ts';
import { findEvidence, type ModeEvidence, type ZoneEvidences } from '../../shared/model/readiness.ts';
import { findVersionEvidence, loadDraftEvidence } from '../db/evidence-store.ts';
import { findNewestVersion } from '../db/version-store.ts';
import type { BackendContext } from './backend-context.ts';
import { type CompiledDraft, readCompiledDraft } from './draft-compiled.ts';
import { hashZoneRules } from './evidence-hash.ts';

/** What the draft's zones stand on now: only of zones whose mode is still the one that it was gathered for, with `isStale` as it is at this moment. */
export function readStandingEvidence(ctx: BackendContext, compiled: CompiledDraft = readCompiledDraft(ctx)): ZoneEvidences {
  const stored = loadDraftEvidence(ctx.workspace.read);
  return Object.fromEntries(
    compiled.policy.zones.flatMap(({ name, mode }): [string, ModeEvidence][] => {
      const evidence = findEvidence(stored, name);
      return evidence === undefined || evidence.mode !== mode ? [] : [[name, { ...evidence, isStale: hashZoneRules(compiled, name) !== evidence.rulesHash }]];
    }),
  );
}

/**
 * What a plan says of the evidence: a zone that is about to enforce without any (test drops nothing), or to move on some that is about other rules than those it would get; and a zone
 * that moved before, once its rules are first changed under it. Sentences without a full stop; of one zone, or of all when null. `base` is the policy of the newest version.
 */
export function listEvidenceWarnings(ctx: BackendContext, draft: CompiledDraft, zone: string | null, base: Policy): string[] {
  const newest = findNewestVersion(ctx.workspace.read);
  const pushed = newest === undefined ? {} : findVersionEvidence(ctx.workspace.read, newest.id);
  const before = new Map(base.zones.map(({ name, mode }) => [String(name), mode]));
  const standing = readStandingEvidence(ctx, draft);
  return draft.policy.zones.flatMap(({ name, mode }) => {
    if (mode === 'observe' || (zone !== null && zone !== name)) return [];
    const isMoving = (before.get(name) ?? 'observe') !== mode;
    const evidence = findEvidence(standing, name);
    const again = `gather it again: firebreak zone readiness ${name} --for ${mode}, then firebreak zone mode ${name} ${mode}`;
    if (evidence === undefined) return isMoving && mode === 'enforce' ? [`Zone ${name} goes to enforce without evidence: nobody looked at its readiness since its mode was set; ${again}`] : [];
    if (!evidence.isStale || (!isMoving && findEvidence(pushed, name)?.isStale !== false)) return [];
    return [`The evidence on which zone ${name} ${isMoving ? 'goes' : 'went'} to ${mode} (${new Date(evidence.atMs).toISOString().slice(0, 10)}, ${evidence.actor}) is stale: its rules or hosts changed since; ${again}`];
  });
}
