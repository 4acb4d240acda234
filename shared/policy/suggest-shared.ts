import type { FleetHost } from '../model/host.ts';
import type { Conversation } from './gather-conversations.ts';
import { portText } from './grant.ts';
import { SHARED_SERVICES, type SharedService } from './shared-services.ts';
import type { EndNamer, RuleEnd } from './suggest-ends.ts';
import type { SuggestWidth } from './suggest-options.ts';
import { uniteEnds } from './unite-ends.ts';

/** What a rule is made of, before it is counted. */
export type RuleDraft = {
  readonly from: RuleEnd;
  readonly to: RuleEnd;
  readonly members: readonly Conversation[];
  readonly recognised: Recognised | null;
  /** The rule between whole roles in place of which it stands, and what that would permit beyond what was seen; null where it stands for none. */
  readonly narrowed: string | null;
};

/** As what a shared service was recognised, and by what. */
export type Recognised = { readonly kind: SharedService['kind']; readonly why: string };

/** Of how many other apps hosts must be on the far side. One is a client of its own; with two the service is everybody's. */
const OTHER_APPS = 2;

/**
 * Takes the conversations of shared services out of `conversations` and proposes each service once: one role on the near side (the resolver, the monitoring host), on the
 * far side all that use it, as one list of roles, or of apps where `width` is wider. Recognised by port and shape: on the service's ports the near role speaks with hosts of
 * at least two other apps. Hosts whose labels are missing get a rule each, because a list cannot name a host.
 */
export function suggestShared(conversations: readonly Conversation[], ends: EndNamer, width: SuggestWidth): { drafts: RuleDraft[]; rest: readonly Conversation[] } {
  const groups = new Map<string, { near: RuleEnd; service: SharedService; members: Conversation[] }>();
  for (const conversation of conversations) {
    const service = SERVICE_ON.get(portText(conversation));
    if (!service) continue;
    const near = ends.endOf(nearOf(service, conversation), 'role');
    const key = `${service.name} ${near.key}`;
    const group = groups.get(key) ?? { near, service, members: [] };
    group.members.push(conversation);
    groups.set(key, group);
  }
  const farWidth = width === 'role' ? 'role' : 'app';
  const taken = new Set<Conversation>();
  const drafts: RuleDraft[] = [];
  for (const { near, service, members } of [...groups.values()].filter(isShared)) {
    for (const member of members) taken.add(member);
    const recognised = describe(service, members);
    const byEnd = Map.groupBy(members, (one) => ends.endOf(farOf(service, one), farWidth));
    for (const far of uniteEnds([...byEnd.keys()])) {
      const hosts = new Set(far.members);
      const own = members.filter((one) => hosts.has(farOf(service, one)));
      drafts.push(service.shape === 'fan-in' ? { from: far, to: near, members: own, recognised, narrowed: null } : { from: near, to: far, members: own, recognised, narrowed: null });
    }
  }
  return { drafts, rest: taken.size === 0 ? conversations : conversations.filter((one) => !taken.has(one)) };
}

const SERVICE_ON = new Map(SHARED_SERVICES.flatMap((service) => service.ports.map((port) => [portText(port), service] as const)));

const nearOf = ({ shape }: SharedService, { consumer, provider }: Conversation): FleetHost => (shape === 'fan-in' ? provider : consumer);
const farOf = ({ shape }: SharedService, { consumer, provider }: Conversation): FleetHost => (shape === 'fan-in' ? consumer : provider);

function isShared({ near, service, members }: { near: RuleEnd; service: SharedService; members: readonly Conversation[] }): boolean {
  const own = near.members[0]?.labels.app;
  const apps = new Set(members.map((one) => farOf(service, one).labels.app).filter((app) => app !== undefined && app !== own));
  return apps.size >= OTHER_APPS;
}

function describe(service: SharedService, members: readonly Conversation[]): Recognised {
  const far = new Set(members.map((one) => farOf(service, one)));
  const apps = new Set([...far].flatMap((host) => host.labels.app ?? []));
  const near = new Set(members.map((one) => nearOf(service, one))).size;
  const ports = [...new Set(members.map(portText))].sort().join(', ');
  const ends = service.shape === 'fan-in' ? `${far.size} hosts of ${apps.size} apps use ${near === 1 ? '1 provider' : `${near} providers`}` : `${near === 1 ? '1 consumer asks' : `${near} consumers ask`} ${far.size} hosts of ${apps.size} apps`;
  return { kind: service.kind, why: `${service.name}: ${ends} on ${ports}` };
}
