import { createHash } from 'node:crypto';
import type { Policy, Rule } from '../../shared/model/policy.ts';

/** JSON with sorted keys: the same value always gives the same text. Arrays keep their order. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** sha256 hex over the canonical JSON. Rules, services and IP lists are sets and are sorted first; the order of zones counts. */
export function hashPolicy(policy: Policy): string {
  const by =
    <T>(key: (item: T) => string) =>
    (a: T, b: T) =>
      key(a) < key(b) ? -1 : 1;
  const sorted = {
    ...policy,
    zones: policy.zones.map(({ onlyServices, ...zone }) => (onlyServices === null ? zone : { ...zone, onlyServices })),
    rules: policy.rules.map(withoutDefaults).toSorted(by((r) => r.id)),
    services: policy.services.toSorted(by((s) => s.name)),
    ipLists: policy.ipLists.toSorted(by((l) => l.name)),
  };
  return createHash('sha256')
    .update(canonicalJson(sorted))
    .digest('hex');
}

/** Fields that rules (and zones, above) gained later count only where they are set, so that a version from before keeps its hash. */
function withoutDefaults({ schedule, as, servedBy, ...rule }: Rule): Partial<Rule> & Pick<Rule, 'id'> {
  return { ...rule, ...(schedule === null ? {} : { schedule }), ...(as === null ? {} : { as }), ...(servedBy === null ? {} : { servedBy }) };
}
