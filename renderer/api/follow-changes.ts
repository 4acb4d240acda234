import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, client } from './client.ts';

type Group = 'hosts' | 'policy' | 'flows' | 'pushes' | 'versions' | 'audit' | 'alerts';

const plan = api.pushes.plan.key();
const hosts = api.hosts.key();
const flows = api.flows.key();
const info = api.workspace.info.key();
const collecting = api.workspace.collecting.key();
const containments = api.containments.key();
const templates = api.templates.preview.key();
const labelRules = api.labelRules.key();
const reach = api.reach.key();
const overview = api.overview.key();
const alerts = api.alerts.key();
/** Which key files there are follows from the hosts. */
const logins = api.logins.key();
/** Not what is chosen by file: that is asked for once. */
const sites = [api.bundles.sites.key(), api.bundles.kits.key(), api.bundles.list.key(), api.bundles.previewExport.key()] as const;

/** What to ask for again when a group's data changed. Verdicts, zones and the plan are computed from several groups. */
const affected: Record<Group, readonly QueryKey[]> = {
  hosts: [hosts, logins, collecting, overview, alerts, containments, info, plan, flows, api.policy.get.key(), api.policy.lint.key(), api.policy.matches.key(), api.policy.readiness.key(), api.policy.maturity.key(), api.policy.flips.key(), api.policy.names.key(), templates, labelRules, ...sites],
  policy: [api.policy.key(), overview, alerts, containments, templates, labelRules, hosts, info, plan, flows, api.pushes.text.key(), ...sites],
  flows: [flows, overview, plan, api.containments.plan.key(), api.policy.flips.key(), api.policy.lint.key(), api.policy.suggest.key(), api.policy.readiness.key(), api.policy.maturity.key()],
  pushes: [...sites, api.pushes.key(), overview, containments, hosts, info, api.policy.names.key()],
  versions: [...sites, api.versions.key(), overview, api.policy.flips.key(), api.policy.get.key(), api.policy.lint.key(), info, plan],
  audit: [api.audit.list.key(), api.forwards.key(), api.workspace.settings.key(), collecting, api.overview.get.key()],
  alerts: [alerts, api.overview.get.key()],
};

/** Keeps every query fresh by the backend's change stream, until `signal` aborts. Resolves when the stream ends; rejects when the backend is gone. */
async function followChanges(queries: QueryClient, signal: AbortSignal): Promise<void> {
  for await (const change of await client.workspace.changes({}, { signal })) {
    // What can reach what is judged from everything but the audit log and the alerts.
    const keys = new Set(change.groups.flatMap((group) => (group === 'audit' || group === 'alerts' ? affected[group] : [...affected[group], reach])));
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
