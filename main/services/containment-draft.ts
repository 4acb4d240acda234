import type { Policy } from '../../shared/model/policy.ts';
import { findDanglingReferences } from '../../shared/policy/check-references.ts';

/** `policy` with the containments of the draft, but for those that name what it does not have: who wants an old policy back does not mean to release a host. */
export function withContainmentsOf(draft: Policy, policy: Policy): Policy {
  const isWhole = (one: Policy['containments'][number]): boolean => !findDanglingReferences({ ...policy, containments: [one] }).some(({ path }) => path.startsWith('containments.'));
  return { ...policy, containments: draft.containments.filter(isWhole) };
}

/** A file that names no containment leaves those of the draft: most are written or exported before an emergency, and must not end one. */
export const keepContainments = (file: Policy, draft: Policy): Policy => (file.containments.length > 0 ? file : withContainmentsOf(draft, file));
