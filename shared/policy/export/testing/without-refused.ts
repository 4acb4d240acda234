import type { FleetHost } from '../../../model/host.ts';
import type { Policy } from '../../../model/policy.ts';
import { type ExportScope, toExport } from '../to-export.ts';

/** The policy without the rules and containments that the target refuses somewhere, and what is made of it. A refusal of a host itself stays. */
export function withoutRefused(policy: Policy, hosts: readonly FleetHost[], scope: ExportScope): { readonly sayable: Policy; readonly made: ReturnType<typeof toExport> } {
  let sayable = policy;
  for (;;) {
    const made = toExport(sayable, hosts, scope);
    const refused = new Set<string>(made.refusals.flatMap(({ rule }) => rule ?? []));
    if (refused.size === 0) return { sayable, made };
    sayable = { ...sayable, rules: sayable.rules.filter(({ id }) => !refused.has(id)), containments: sayable.containments.filter(({ id }) => !refused.has(id)) };
  }
}
