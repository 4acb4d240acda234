import type { Policy } from '../../shared/model/policy.ts';
import { listUses, type NamedObject } from '../../shared/policy/where-used.ts';

const labelsOf = (policy: Policy, object: NamedObject): string[] => listUses(policy, object).map(({ label }) => label);

/** Rules and tests that name the host itself (not those whose selector happens to match it). Empty: none. */
export const listHostUses = (policy: Policy, name: string): string[] => labelsOf(policy, { kind: 'host', name });
export const listZoneUses = (policy: Policy, name: string): string[] => labelsOf(policy, { kind: 'zone', name });
export const listIpListUses = (policy: Policy, name: string): string[] => labelsOf(policy, { kind: 'iplist', name });
export const listServiceUses = (policy: Policy, name: string): string[] => labelsOf(policy, { kind: 'service', name });
