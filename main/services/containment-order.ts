import type { ContainmentOrder } from '../../shared/contract/containment.ts';
import { FirebreakError } from '../../shared/errors.ts';
import { type Closure, type Containment, isInForce, toInstant } from '../../shared/model/containment.ts';
import type { FleetHost } from '../../shared/model/host.ts';
import type { HostId, PolicyVersionId } from '../../shared/model/ids.ts';
import type { Policy } from '../../shared/model/policy.ts';
import type { ServiceRef } from '../../shared/model/service.ts';
import type { HostRuleset } from '../../shared/policy/host-ruleset.ts';
import { createContainmentLister } from '../../shared/policy/list-containments.ts';
import { createResolver } from '../../shared/policy/resolve.ts';
import { expandServices } from '../../shared/policy/service-match.ts';
import { zoneOfHosts } from '../../shared/policy/zones.ts';
import { type AppliedHead, listAppliedHeads } from '../db/bundle-store.ts';
import { listHosts } from '../db/host-store.ts';
import { policyOfVersion, readRunning } from './containment-base.ts';
import { findUsedPairs } from './containment-exemptions.ts';
import { listContainments } from './containment-list.ts';
import type { BackendContext } from './backend-context.ts';
import { readBasePolicy } from './draft.ts';
import { getHost } from './find-host.ts';
import { once } from './once.ts';

/** One host as the order leaves it: its rules as they run, and with what is ordered. */
export type ContainedHost = { host: FleetHost; head: AppliedHead; running: HostRuleset; next: HostRuleset };

/**
 * An order against what hosts run now. `apply` makes of a policy (of the draft, of a version) what it is with the order. `unreached`: hosts that it is about
 * and that have no rules of ours.
 */
export type ResolvedOrder = { containment: Containment; subject: string; hosts: ContainedHost[]; unreached: FleetHost[]; apply(policy: Policy): Policy };

/** @throws NOT_FOUND · INPUT_INVALID with what to do instead; nothing is changed */
export function resolveOrder(ctx: BackendContext, fleet: readonly FleetHost[], order: ContainmentOrder): ResolvedOrder {
  return order.kind === 'release' ? resolveRelease(ctx, fleet, order.target) : resolveNew(ctx, fleet, order);
}

type NewOrder = Exclude<ContainmentOrder, { kind: 'release' }>;

function resolveNew(ctx: BackendContext, fleet: readonly FleetHost[], order: NewOrder): ResolvedOrder {
  const containment = order.kind === 'quarantine' ? makeQuarantine(ctx, fleet, order) : makeClosure(ctx, fleet, order);
  const heads = listReachedHeads(ctx);
  const versions = createVersionReader(ctx, fleet, containment);
  const versionOf = ({ id }: FleetHost) => versions(heads.get(id)?.version ?? null);
  const about = fleet.filter((host) => host.managed && (containment.kind === 'quarantine' ? host.name === containment.host : versionOf(host).zoneOf(host) === containment.zone));
  const hosts = about.flatMap((host): ContainedHost[] => {
    const head = heads.get(host.id);
    if (head === undefined) return [];
    const running = readRunning(ctx, fleet, host, head);
    const kept = running.containments.filter((row) => ctx.nowMs() < row.endsAtMs && !(containment.kind === 'quarantine' && row.kind === 'quarantine-row'));
    return [{ host, head, running, next: { ...running, containments: [...kept, ...versionOf(host).rowsOf(host)] } }];
  });
  return {
    containment,
    subject: containment.kind === 'quarantine' ? containment.host : containment.zone,
    hosts,
    unreached: about.filter((host) => !heads.has(host.id)),
    apply: (policy) => ({ ...policy, containments: [...policy.containments.filter((other) => !isReplacedBy(other, containment)), ...(isAbout(policy, containment) ? [containment] : [])] }),
  };
}

/** What runs on the hosts that an order gets to: one that is reached by stick is told as not reached. */
function listReachedHeads(ctx: BackendContext): Map<HostId, AppliedHead> {
  const carried = new Set(listHosts(ctx.workspace.read).flatMap(({ id, carried: isCarried }) => (isCarried ? [id] : [])));
  return new Map([...listAppliedHeads(ctx.workspace.read)].filter(([id]) => !carried.has(id)));
}

/** A second quarantine of a host takes the place of the first, whichever lasts longer: so it is shortened and extended. */
const isReplacedBy = (other: Containment, containment: Containment): boolean => other.kind === 'quarantine' && containment.kind === 'quarantine' && other.host === containment.host;

/** A policy without the zone cannot name it. */
const isAbout = (policy: Policy, containment: Containment): boolean => containment.kind === 'quarantine' || policy.zones.some((zone) => zone.name === containment.zone);

type OfVersion = { zoneOf(host: FleetHost): string | undefined; rowsOf(host: FleetHost): HostRuleset['containments'] };

/** What a containment means by the policy of a version (null: of none). Each version is read and resolved once: most hosts of a zone run the same. */
function createVersionReader(ctx: BackendContext, fleet: readonly FleetHost[], containment: Containment): (version: PolicyVersionId | null) => OfVersion {
  const known = new Map<PolicyVersionId | null, OfVersion>();
  const read = (version: PolicyVersionId | null): OfVersion => {
    const policy = { ...policyOfVersion(ctx, version), containments: [containment] };
    const zones = once(() => zoneOfHosts(policy, fleet));
    const rows = once(() => createContainmentLister(policy, createResolver(policy, fleet), ctx.nowMs()));
    return { zoneOf: ({ id }) => zones().get(id)?.zone?.name, rowsOf: (host) => rows()(host) };
  };
  return (version) => {
    const found = known.get(version) ?? read(version);
    known.set(version, found);
    return found;
  };
}

function makeQuarantine(ctx: BackendContext, fleet: readonly FleetHost[], order: Extract<NewOrder, { kind: 'quarantine' }>): Containment {
  const { id, name, carried } = getHost(ctx, order.host);
  if (carried) throw invalid('host', `${name} is reached by stick, so no order gets there at once; have its neighbours refuse it: firebreak rule add --deny --from host:${name} --to any --service any, then push, and carry rules to it: firebreak bundle export ${name} --out STICK`);
  const isManaged = fleet.some((host) => host.id === id && host.managed);
  if (!isManaged || !listAppliedHeads(ctx.workspace.read).has(id)) throw withoutAgent(name, isManaged);
  return { kind: 'quarantine', ...commonOf(ctx, order), host: name };
}

function withoutAgent(name: string, isManaged: boolean): FirebreakError<'INPUT_INVALID'> {
  const install = isManaged ? `install it (firebreak agent install ${name})` : 'add it with an SSH address and install the agent';
  return invalid('host', `${name} has no agent, so it cannot shut itself off; ${install}, or have its neighbours refuse it: firebreak rule add --deny --from host:${name} --to any --service any, then push to the zones that test or enforce`);
}

function makeClosure(ctx: BackendContext, fleet: readonly FleetHost[], order: Extract<NewOrder, { kind: 'close' }>): Closure {
  const base = readBasePolicy(ctx);
  if (!base.zones.some((zone) => zone.name === order.zone)) {
    const known = base.zones.map((zone) => zone.name).join(', ');
    throw invalid('--zone', `no zone “${order.zone}” was pushed yet, so no host knows that it is in it; pushed: ${known === '' ? 'none' : known}. Push the zone first, or quarantine its hosts`);
  }
  const unknown = order.services.flatMap((ref) => (ref.kind === 'named' && !base.services.some((service) => service.name === ref.name) ? [ref.name] : []));
  if (unknown.length > 0) throw invalid('services', `there is no pushed service “${unknown.join('”, “')}”; write its ports, such as tcp/445`);
  const entries = expandServices(order.services, base.services);
  const zones = zoneOfHosts(base, fleet);
  const providers = fleet.filter((host) => host.managed && zones.get(host.id)?.zone?.name === order.zone);
  const { sinceMs, untilMs } = order;
  const except = findUsedPairs(ctx, { providers, fleet, entries, period: { sinceMs, untilMs } });
  // Ports and not names: what a service means must not change while it is closed.
  const services: ServiceRef[] = entries === 'any' ? [{ kind: 'any' }] : entries.map((entry) => ({ kind: 'inline', entry }));
  return { kind: 'close', ...commonOf(ctx, order), zone: order.zone, services, except };
}

function commonOf(ctx: BackendContext, { forSeconds, reason }: NewOrder): Pick<Containment, 'id' | 'startsAt' | 'endsAt' | 'by' | 'reason'> {
  const nowMs = ctx.nowMs();
  return { id: ctx.newId.containment(), startsAt: toInstant(nowMs), endsAt: toInstant(nowMs + forSeconds * 1000 + 999), by: ctx.user, reason };
}

function resolveRelease(ctx: BackendContext, fleet: readonly FleetHost[], target: string): ResolvedOrder {
  const known = listContainments(ctx);
  const found = known.find(({ containment }) => containment.id === target) ?? known.find(({ containment, state }) => containment.kind === 'quarantine' && containment.host === target && state !== 'ended') ?? known.find(({ containment }) => containment.kind === 'quarantine' && containment.host === target);
  if (found === undefined) throw new FirebreakError('NOT_FOUND', { what: 'containment of that id or host', name: target, known: known.map(({ containment }) => (containment.kind === 'quarantine' ? containment.host : containment.id)) });
  const { containment } = found;
  const heads = listReachedHeads(ctx);
  const hosts = (isInForce(containment, ctx.nowMs()) ? fleet.filter((host) => found.hosts.includes(host.name)) : []).flatMap((host): ContainedHost[] => {
    const head = heads.get(host.id);
    if (head === undefined) return [];
    const running = readRunning(ctx, fleet, host, head);
    return [{ host, head, running, next: { ...running, containments: running.containments.filter((row) => row.id !== containment.id && ctx.nowMs() < row.endsAtMs) } }];
  });
  return {
    containment,
    subject: containment.kind === 'quarantine' ? containment.host : containment.zone,
    hosts,
    unreached: [],
    apply: (policy) => ({ ...policy, containments: policy.containments.filter((other) => other.id !== containment.id) }),
  };
}

const invalid = (path: string, message: string): FirebreakError<'INPUT_INVALID'> => new FirebreakError('INPUT_INVALID', { issues: [{ path, message }] });
