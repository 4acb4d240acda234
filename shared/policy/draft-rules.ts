import type { FleetHost } from '../model/host.ts';
import { printPeer } from '../text/peer-text.ts';
import type { Conversation } from './gather-conversations.ts';
import { type Grant, portText } from './grant.ts';
import type { GrantCounter } from './grant-count.ts';
import { splitExactly } from './suggest-exact.ts';
import type { EndNamer, RuleEnd } from './suggest-ends.ts';
import type { SuggestOptions, SuggestWidth } from './suggest-options.ts';
import { type RuleDraft, suggestShared } from './suggest-shared.ts';
import { uniteRoles } from './unite-ends.ts';

/** The fewest rules of the width that explain the conversations; in no order. Widths are explained at `SuggestWidth`. */
export function draftRules(conversations: readonly Conversation[], ends: EndNamer, countGrant: GrantCounter, options: SuggestOptions): RuleDraft[] {
  const width = options.maxWidth ?? 'role';
  const { drafts: shared, rest } = suggestShared(conversations, ends, width);
  const byEnds = Map.groupBy(rest, (one) => `${ends.endOf(one.consumer, width).key} → ${ends.endOf(one.provider, width).key}`);
  const drafts = [...byEnds.values()].map((members): RuleDraft => {
    const from = narrowestOf(members.map((one) => one.consumer), ends, width);
    const to = narrowestOf(members.map((one) => one.provider), ends, width);
    return { from, to, members, recognised: null, narrowed: null };
  });
  const exact = width !== 'role' || options.wholeRoles === true ? drafts : drafts.flatMap((draft) => narrowWithinApp(draft, ends, countGrant));
  return [...shared, ...joinRoles(joinRoles(exact, 'from'), 'to')];
}

export const toGrant = ({ from, to, members }: RuleDraft): Grant => ({ consumers: from.members, providers: to.members, services: listServices(members) });

/** Each once, by protocol and number. */
export function listServices(members: readonly Conversation[]): { protocol: Conversation['protocol']; port: number }[] {
  const unique = new Map(members.map(({ protocol, port }) => [portText({ protocol, port }), { protocol, port }]));
  return [...unique.values()].sort((a, b) => (a.protocol < b.protocol ? -1 : a.protocol > b.protocol ? 1 : a.port - b.port));
}

const NARROW_FIRST: readonly SuggestWidth[] = ['role', 'app', 'zone'];

/** The narrowest name that all of these hosts have in common: wider would save no rule. */
function narrowestOf(hosts: readonly FleetHost[], ends: EndNamer, width: SuggestWidth): RuleEnd {
  const distinct = [...new Set(hosts)];
  const [first] = distinct;
  if (!first) throw new Error('a rule without hosts');
  const common = NARROW_FIRST.slice(0, NARROW_FIRST.indexOf(width)).find((narrower) => new Set(distinct.map((host) => ends.endOf(host, narrower).key)).size === 1);
  return ends.endOf(first, common ?? width);
}

/** Across apps roles stay whole: who uses an app changes more often than how it is built. */
function narrowWithinApp(draft: RuleDraft, ends: EndNamer, countGrant: GrantCounter): RuleDraft[] {
  const [from, to] = [appOf(draft.from), appOf(draft.to)];
  const { neverSeen } = from !== undefined && from === to ? countGrant(toGrant(draft), null) : { neverSeen: 0 };
  const exact = neverSeen === 0 ? null : splitExactly(draft, ends);
  if (!exact) return [draft];
  const narrowed = `${printPeer(draft.from.peer)} → ${printPeer(draft.to.peer)} would newly permit ${neverSeen} never seen`;
  return exact.map((one) => ({ ...one, narrowed }));
}

/** Under the width of roles all hosts of an end have the same. */
const appOf = ({ members: [first] }: RuleEnd): string | undefined => first?.labels.app;

/** Rules that differ in nothing but the role at one end become one that lists the roles. Permits nothing more. */
function joinRoles(drafts: readonly RuleDraft[], side: 'from' | 'to'): RuleDraft[] {
  const other = side === 'from' ? 'to' : 'from';
  const labelsOf = ({ labels }: RuleEnd) => (labels?.more === undefined && labels?.role !== undefined ? JSON.stringify([labels.app, labels.env]) : null);
  const groups = Map.groupBy(drafts, (draft) => {
    const services = listServices(draft.members).map(portText);
    return [labelsOf(draft[side]) ?? draft[side].key, draft[other].key, ...services].join(' ');
  });
  return [...groups.values()].flatMap((group) => {
    const united = uniteRoles(group.map((draft) => draft[side]));
    const [first] = group;
    return united && first ? [{ ...first, [side]: united, members: group.flatMap((draft) => draft.members) }] : group;
  });
}
