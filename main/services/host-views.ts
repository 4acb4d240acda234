import type { HostDetail, HostView } from '../../shared/contract/views.ts';
import { UNKNOWN_POSTURE } from '../../shared/model/posture.ts';
import type { NameDrift } from '../../shared/policy/name-drift.ts';
import { listPostureParts } from '../../shared/posture/say-posture.ts';
import { loadAlertSettings } from '../db/alert-settings-store.ts';
import { listAppliedHeads } from '../db/bundle-store.ts';
import { listUnsignedHosts } from '../db/collection-store.ts';
import { findFootprint } from '../db/footprint-store.ts';
import { listHostWaits } from '../db/host-wait-store.ts';
import type { HostRecord } from '../db/host-store.ts';
import { findFacts, findHostState } from '../db/host-state-store.ts';
import type { BackendContext } from './backend-context.ts';
import { type CompiledDraft, readCompiledDraft } from './draft-compiled.ts';
import { getHost } from './find-host.ts';
import { listHostEvents } from './host-events.ts';
import { readHostRecords } from './host-records.ts';
import { readStored, stateOf, type StoredOfHost, toStanding } from './host-standing.ts';
import { readIdentities, readIdentityTimes } from './identity-book.ts';
import { listIdentityWarnings } from './identity-warnings.ts';
import { readNameDrift } from './names-view.ts';
import { readListening } from './listening-use.ts';

/** Ordered by name. */
export function listHostViews(ctx: BackendContext): HostView[] {
  const compiled = readCompiledDraft(ctx);
  const drift = readNameDrift(ctx, compiled);
  const storedOf = readStored(ctx);
  return readHostRecords(ctx).map((host) => toView(host, compiled, { ...storedOf(host), drift }));
}

/** @throws NOT_FOUND */
export function getHostView(ctx: BackendContext, name: string): HostView {
  const host = getHost(ctx, name);
  const compiled = readCompiledDraft(ctx);
  const { read } = ctx.workspace;
  return toView(host, compiled, { unsignedSinceMs: listUnsignedHosts(read).get(host.id) ?? null, state: findHostState(read, host.id), applied: listAppliedHeads(read).get(host.id), footprint: findFootprint(read, host.id), limits: loadAlertSettings(read), wait: listHostWaits(read).get(host.id), identity: listIdentityWarnings(readIdentities(ctx), host.id, ctx.nowMs()), drift: readNameDrift(ctx, compiled) });
}

/** @throws NOT_FOUND */
export function getHostDetail(ctx: BackendContext, name: string): HostDetail {
  const view = getHostView(ctx, name);
  const state = findHostState(ctx.workspace.read, view.id);
  const { services: listening, sinceMs: recordedSinceMs } = readListening(ctx, view.id);
  const facts = findFacts(ctx.workspace.read, view.id);
  return { ...view, ...readIdentityTimes(ctx, view.id), postureParts: listPostureParts(state?.network?.posture ?? null, ctx.nowMs()), postureAtMs: state?.network?.posture?.atMs ?? null, events: listHostEvents(ctx, view.id), facts, factsAtMs: state?.factsAtMs ?? null, listening, recordedSinceMs, status: state?.status ?? null };
}

function toView(host: HostRecord, compiled: CompiledDraft, stored: StoredOfHost & { readonly drift: readonly NameDrift[] }): HostView {
  const { state, applied } = stored;
  const fleetHost = compiled.hosts.get(host.id);
  const zone = compiled.zones.get(host.id);
  const draftBundle = compiled.bundles()?.get(host.id)?.hash ?? null;
  return {
    ...toStanding(host, compiled, stored),
    labels: fleetHost?.labels ?? host.handLabels,
    handLabels: host.handLabels,
    addresses: fleetHost?.addresses ?? [],
    published: fleetHost?.published ?? [],
    posture: fleetHost?.posture ?? UNKNOWN_POSTURE,
    ssh: host.ssh,
    pinnedKeys: host.pinnedKeys,
    consoleAddresses: host.consoleAddresses,
    alsoMatches: [...(zone?.alsoMatches ?? [])],
    draftMode: zone?.zone?.mode ?? 'observe',
    draftBundle,
    appliedVersion: applied?.version ?? null,
    appliedBundle: applied?.hash ?? null,
    verifiedAtMs: state?.status == null ? null : state.statusAtMs,
    state: stateOf(host, state, applied, draftBundle),
    note: host.note,
  };
}
