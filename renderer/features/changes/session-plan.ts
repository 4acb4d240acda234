import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { Plan } from '../../../shared/model/diff.ts';
import type { SessionPlan } from '../../../shared/model/session.ts';
import { client } from '../../api/client.ts';
import { usePush } from '../../api/push-store.ts';
import { changedHosts } from '../../../shared/policy/changed-hosts.ts';

/** Whether the plan can forbid what lives on a host at all; only then are hosts asked. */
export const mayForbidSessions = (plan: Plan): boolean => plan.refusals.length === 0 && changedHosts(plan).some((host) => host.modeAfter === 'enforce');

/**
 * What lives on the plan's hosts though it forbids it. Asked once a plan, over SSH, and again only by hand: a key of its own, because the
 * change stream would have every host asked at each step of a push.
 */
export function useSessionPlan(plan: Plan, zone: string | null): UseQueryResult<SessionPlan, Error> {
  const isRunning = usePush((state) => state.isRunning);
  return useQuery({
    queryKey: ['live-sessions', zone, plan.hash],
    queryFn: ({ signal }) => client.pushes.sessions({ zone }, { signal }),
    enabled: mayForbidSessions(plan) && !isRunning,
  });
}

/** How many live connections the plan forbids; null while that is not known. */
export const forbiddenSessions = (sessions: SessionPlan | undefined): number | null => (sessions === undefined ? null : sessions.hosts.reduce((sum, host) => sum + host.total, 0));
