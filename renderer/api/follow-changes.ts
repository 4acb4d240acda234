import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, client } from './client.ts';

type Group = 'hosts' | 'policy' | 'flows' | 'pushes' | 'versions' | 'audit';

const plan = api.pushes.plan.key();
const hosts = api.hosts.key();
const flows = api.flows.key();
const info = api.workspace.info.key();

/** What to ask for again when a group's data changed. Verdicts, zones and the plan are computed from several groups. */
const affected: Record<Group, readonly QueryKey[]> = {
  hosts: [hosts, info, plan, flows, api.policy.get.key(), api.policy.matches.key(), api.policy.readiness.key()],
  policy: [api.policy.key(), hosts, info, plan, flows, api.pushes.text.key()],
  flows: [flows, plan, api.policy.suggest.key(), api.policy.readiness.key()],
  pushes: [api.pushes.key(), hosts, info],
  versions: [api.versions.key(), api.policy.get.key(), info, plan],
  audit: [api.audit.list.key()],
};

/** Keeps every query fresh by the backend's change stream, until `signal` aborts. Resolves when the stream ends; rejects when the backend is gone. */
async function followChanges(queries: QueryClient, signal: AbortSignal): Promise<void> {
  for await (const change of await client.workspace.changes({}, { signal })) {
    const keys = new Set(change.groups.flatMap((group) => affected[group]));
    for (const queryKey of keys) void queries.invalidateQueries({ queryKey });
  }
}

/** Follows changes while the component is mounted. `onLost` is called when the stream broke though nobody ended it: the backend is gone. */
export function useFollowChanges(queries: QueryClient, onLost: () => void): void {
  useEffect(() => {
    const abort = new AbortController();
    followChanges(queries, abort.signal).then(
      () => abort.signal.aborted || onLost(),
      () => abort.signal.aborted || onLost(),
    );
    return () => abort.abort();
  }, [queries, onLost]);
}
