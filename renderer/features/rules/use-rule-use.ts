import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api } from '../../api/client.ts';
import { type RuleUse, toRuleUse, USE_DAYS } from './rule-use.ts';

const HOUR_MS = 3_600_000;

/** Null until it is known, and when it cannot be: the table does without. */
export function useRuleUse(nowMs: number): ReadonlyMap<string, RuleUse> | null {
  // By the hour: a moving start would ask for all flows again each time.
  const sinceMs = Math.floor(nowMs / HOUR_MS) * HOUR_MS - USE_DAYS * 24 * HOUR_MS;
  const verdicts = useQuery({
    ...api.flows.verdicts.queryOptions({ input: { sinceMs, untilMs: null, verdict: null, from: null, to: null, text: null, draft: null, limit: 1, offset: 0 } }),
    placeholderData: (previous) => previous,
  });
  return useMemo(() => (verdicts.data === undefined ? null : toRuleUse(verdicts.data)), [verdicts.data]);
}
