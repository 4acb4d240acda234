import type { HostDetail, HostView } from '../../shared/contract/views.ts';
import { type AppliedHead, listAppliedHeads } from '../db/bundle-store.ts';
import { type HostRecord, listHosts } from '../db/host-store.ts';
import { findFacts, findHostState, type HostState, listHostStates } from '../db/host-state-store.ts';
import type { BackendContext } from './backend-context.ts';
import { type CompiledDraft, readCompiledDraft } from './draft-compiled.ts';
import { getHost } from './find-host.ts';

/** Ordered by name. */
export function listHostViews(ctx: BackendContext): HostView[] {
  const states = new Map(listHostStates(ctx.workspace.read).map((s) => [s.host, s]));
  const applied = listAppliedHeads(ctx.workspace.read);
  const compiled = readCompiledDraft(ctx);
  return listHosts(ctx.workspace.read).map((host) => toView(host, compiled, states.get(host.id), applied.get(host.id)));
}

/** @throws NOT_FOUND */
export function getHostView(ctx: BackendContext, name: string): HostView {
  const host = getHost(ctx, name);
  return toView(host, readCompiledDraft(ctx), findHostState(ctx.workspace.read, host.id), listAppliedHeads(ctx.workspace.read).get(host.id));
}

/** @throws NOT_FOUND */
export function getHostDetail(ctx: BackendContext, name: string): HostDetail {
  const view = getHostView(ctx, name);
  const state = findHostState(ctx.workspace.read, view.id);
  return { ...view, facts: findFacts(ctx.workspace.read, view.id), factsAtMs: state?.factsAtMs ?? null, status: state?.status ?? null };
}

function toView(host: HostRecord, compiled: CompiledDraft, state: HostState | undefined, applied: AppliedHead | undefined): HostView {
  const fleetHost = compiled.hosts.get(host.id);
  const zone = compiled.zones.get(host.id);
  const draftBundle = compiled.bundles()?.get(host.id)?.hash ?? null;
  return {
    id: host.id,
    name: host.name,
    labels: host.labels,
    addresses: fleetHost?.addresses ?? [],
    managed: host.ssh !== null,
    ssh: host.ssh,
    pinnedKeys: host.pinnedKeys,
    consoleAddresses: host.consoleAddresses,
    zone: zone?.zone?.name ?? null,
    alsoMatches: [...(zone?.alsoMatches ?? [])],
    draftMode: zone?.zone?.mode ?? 'observe',
    draftBundle,
    appliedVersion: applied?.version ?? null,
    appliedBundle: applied?.hash ?? null,
    appliedMode: applied?.mode ?? null,
    verifiedAtMs: state?.status == null ? null : state.statusAtMs,
    state: stateOf(host, state, applied, draftBundle),
    agentVersion: state?.status?.agentVersion ?? null,
    lastContactAtMs: state?.lastContactAtMs ?? null,
    lastError: state?.lastError ?? null,
    note: host.note,
  };
}

/** The first that holds, worst first: what differs from what we applied is told before what the draft would change. */
export function stateOf(
  host: Pick<HostRecord, 'id' | 'ssh'>,
  state: HostState | undefined,
  applied: Pick<AppliedHead, 'hash'> | undefined,
  draftBundle: string | null,
): HostView['state'] {
  if (host.ssh === null) return 'unmanaged';
  if (state === undefined || state.statusAtMs === null) return 'unknown';
  const { status } = state;
  if (status === null) return 'no-agent';
  if (status.hostId !== host.id) return 'drifted';
  if (status.pending !== null) return 'pending';
  const isChanged = status.kernelHash !== status.expectedKernelHash;
  if (!status.loaded || isChanged || (applied !== undefined && status.runningBundle !== applied.hash)) return 'drifted';
  return status.runningBundle === draftBundle ? 'in-sync' : 'behind';
}
