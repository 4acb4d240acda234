import type { DraftVerdicts } from '../../../shared/contract/views.ts';

/** What was seen in the period that a rule of the draft decides. */
export type RuleUse = { readonly flows: number; readonly connections: number; readonly lastSeenAtMs: number };

export const USE_DAYS = 30;

/** By the rule's id; rules without use are not there. */
export function toRuleUse({ rows }: DraftVerdicts): ReadonlyMap<string, RuleUse> {
  const use = new Map<string, RuleUse>();
  for (const { by, flows, connections, lastSeenAtMs } of rows) {
    const known = use.get(by);
    use.set(by, {
      flows: flows + (known?.flows ?? 0),
      connections: connections + (known?.connections ?? 0),
      lastSeenAtMs: Math.max(lastSeenAtMs, known?.lastSeenAtMs ?? 0),
    });
  }
  return use;
}
