import { createHash } from 'node:crypto';
import type { Policy, Rule } from '../../shared/model/policy.ts';
import type { PolicyComments } from '../../shared/policy/policy-comments.ts';

/** JSON with sorted keys: the same value always gives the same text. Arrays keep their order. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** sha256 hex over the canonical JSON. Rules, services, IP lists and containments are sets and are sorted first; the order of zones counts. */
export function hashPolicy(policy: Policy): string {
  const by =
    <T>(key: (item: T) => string) =>
    (a: T, b: T) =>
      key(a) < key(b) ? -1 : 1;
  const { containments, ...rest } = policy;
  const sorted = {
    ...rest,
    zones: policy.zones.map(({ onlyServices, ...zone }) => (onlyServices === null ? zone : { ...zone, onlyServices })),
    rules: policy.rules.map(withoutDefaults).toSorted(by((r) => r.id)),
    services: policy.services.toSorted(by((s) => s.name)),
    ipLists: policy.ipLists.toSorted(by((l) => l.name)),
    ...(containments.length === 0 ? {} : { containments: containments.toSorted(by((c) => c.id)) }),
  };
  return createHash('sha256')
    .update(canonicalJson(sorted))
    .digest('hex');
}

/** What an export says that it came from: 16 hex digits over the policy's content and its comments. */
export const hashState = ({ policy, comments }: { policy: Policy; comments: PolicyComments }): string =>
  createHash('sha256')
    .update(hashPolicy(policy))
    .update(canonicalJson(comments))
    .digest('hex')
    .slice(0, 16);

/** What policies, rules and zones gained later counts only where it is set, so that a version from before keeps its hash. */
function withoutDefaults({ schedule, as, servedBy, ...rule }: Rule): Partial<Rule> & Pick<Rule, 'id'> {
  return { ...rule, ...(schedule === null ? {} : { schedule }), ...(as === null ? {} : { as }), ...(servedBy === null ? {} : { servedBy }) };
}
