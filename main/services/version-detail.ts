import type { VersionDetail } from '../../shared/contract/version-views.ts';
import type { PolicyVersionId } from '../../shared/model/ids.ts';
import { EMPTY_POLICY } from '../../shared/model/policy.ts';
import { findEvidence } from '../../shared/model/readiness.ts';
import { findVersionEvidence } from '../db/evidence-store.ts';
import { findVersionPolicy, listVersions } from '../db/version-store.ts';
import type { BackendContext } from './backend-context.ts';
import { getVersionPolicy } from './versions.ts';

/** @throws NOT_FOUND with the versions that exist */
export function showVersion(ctx: BackendContext, id: PolicyVersionId): VersionDetail {
  const policy = getVersionPolicy(ctx, id);
  const head = listVersions(ctx.workspace.read).find((version) => version.id === id);
  if (head === undefined) throw new Error(`version ${id} has a policy and no head`);
  const before = (head.parent === null ? undefined : findVersionPolicy(ctx.workspace.read, head.parent)) ?? EMPTY_POLICY;
  const evidences = findVersionEvidence(ctx.workspace.read, id);
  const zones = policy.zones.map(({ name, mode }) => ({ name, mode, isMoved: (before.zones.find((zone) => zone.name === name)?.mode ?? 'observe') !== mode, evidence: findEvidence(evidences, name) ?? null }));
  return { ...head, rules: policy.rules.length, zones };
}
