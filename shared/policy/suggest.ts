import type { Flow } from '../model/flow.ts';
import type { FleetHost } from '../model/host.ts';
import type { Policy, Rule } from '../model/policy.ts';
import { countText } from '../text/amount-text.ts';
import { printPeer } from '../text/peer-text.ts';
import { draftRules, listServices, toGrant } from './draft-rules.ts';
import { type Conversation, gatherConversations } from './gather-conversations.ts';
import { portText } from './grant.ts';
import { createGrantCounter, createGrantIndex, type GrantCount } from './grant-count.ts';
import type { SetAside } from './set-aside.ts';
import { createEndNamer } from './suggest-ends.ts';
import type { SuggestOptions } from './suggest-options.ts';
import type { Recognised, RuleDraft } from './suggest-shared.ts';

/** The form of the contract's Suggestion. */
export type RuleSuggestion = {
  readonly rule: Omit<Rule, 'id'>;
  /** How many conversations (consumer, provider, service) it explains; `seen` are those with most connections. */
  readonly explains: number;
  readonly seen: readonly string[];
  readonly connections: number;
  /** See GrantCount; `neverSeenExamples` are some of them. */
  readonly neverSeen: number;
  readonly neverSeenExamples: readonly string[];
  readonly permittedBefore: number;
  /** Null where it is no shared service. */
  readonly recognised: Recognised | null;
  /** Within an app: the rule between whole roles that it was narrowed from, with what that would permit; null where it was not. */
  readonly narrowed: string | null;
  readonly evidence: string;
};

/** Over all suggestions. What two of them permit counts once. */
export type SuggestTotals = {
  readonly explained: number;
  readonly connections: number;
  readonly neverSeen: number;
  readonly unexplainedConnections: number;
  readonly setAsideConnections: number;
};

export type Suggestions = {
  readonly suggestions: readonly RuleSuggestion[];
  readonly totals: SuggestTotals;
  readonly unexplained: readonly string[];
  readonly setAside: readonly SetAside[];
};

/**
 * The fewest label rules that would allow what was seen and no rule decides yet, never broader than `maxWidth` (see SuggestWidth), shared services once. Deterministic:
 * the same flows in any order give the same list, most connections first. With the suggestions in the draft, every conversation that is neither unexplained nor set
 * aside is allowed, and asking again suggests nothing. Refused (blocked) flows are never a reason to allow; peers that are no host never become rules.
 * Over-permission counts as if every host enforced and restricted outbound. `flows` is read once.
 */
export function suggestRules(flows: Iterable<Flow>, policy: Policy, hosts: readonly FleetHost[], options: SuggestOptions): Suggestions {
  const { conversations, unexplained, setAside } = gatherConversations(flows, policy, hosts, options);
  const countGrant = createGrantCounter(policy, hosts, conversations, options);
  const ends = createEndNamer(policy, hosts);
  const drafts = draftRules(conversations, ends, countGrant, options)
    .map((draft) => ({ draft, key: keyOf(draft), connections: sumConnections(draft.members) }))
    .sort((a, b) => b.connections - a.connections || (a.key < b.key ? -1 : 1));
  const earlier = createGrantIndex((host) => ends.endOf(host, 'role').key);
  let neverSeen = 0;
  const suggestions = drafts.map(({ draft, connections }) => {
    const grant = toGrant(draft);
    const count = countGrant(grant, earlier);
    earlier.add(grant);
    neverSeen += count.neverSeen - count.again;
    return toSuggestion(draft, connections, count);
  });
  const totals: SuggestTotals = {
    explained: conversations.length,
    connections: sumConnections(conversations),
    neverSeen,
    unexplainedConnections: unexplained.connections(),
    setAsideConnections: setAside.reduce((sum, one) => sum + one.connections, 0),
  };
  return { suggestions, totals, unexplained: unexplained.texts(), setAside };
}

const sumConnections = (conversations: readonly Conversation[]): number => conversations.reduce((sum, one) => sum + one.connections, 0);

const keyOf = ({ from, to, members }: RuleDraft): string => `${printPeer(from.peer)} → ${printPeer(to.peer)} ${listServices(members).map(portText).join(',')}`;

const SEEN_SHOWN = 10;

function toSuggestion(draft: RuleDraft, connections: number, count: GrantCount): RuleSuggestion {
  const { from, to, members, recognised, narrowed } = draft;
  const services = listServices(members).map(({ protocol, port }) => ({ kind: 'inline' as const, entry: { kind: 'ports' as const, protocol, from: port, to: port } }));
  const reason = recognised === null ? 'suggested from observed flows' : `suggested from observed flows; ${recognised.kind}: ${recognised.why}`;
  return {
    rule: { action: 'allow', from: from.peer, to: to.peer, services, as: null, servedBy: null, schedule: null, owner: '', reason, ticket: '', reviewOn: null, expiresOn: null },
    explains: members.length,
    seen: listSeen(members),
    connections,
    neverSeen: count.neverSeen,
    neverSeenExamples: count.examples,
    permittedBefore: count.permittedBefore,
    recognised,
    narrowed,
    evidence: describeEvidence(draft, connections),
  };
}

function listSeen(members: readonly Conversation[]): string[] {
  const told = members.map((one) => ({ text: `${one.consumer.name} → ${one.provider.name} ${portText(one)}`, connections: one.connections }));
  told.sort((a, b) => b.connections - a.connections || (a.text < b.text ? -1 : 1));
  return told.slice(0, SEEN_SHOWN).map(({ text, connections }) => `${text} (${connections})`);
}

function describeEvidence({ from, to, members }: RuleDraft, connections: number): string {
  const consumers = new Set(members.map((one) => one.consumer)).size;
  const providers = new Set(members.map((one) => one.provider)).size;
  const lastSeenAtMs = members.reduce((last, one) => Math.max(last, one.lastSeenAtMs), 0);
  return `${countText(consumers, 'consumer')} of ${from.members.length} → ${countText(providers, 'provider')} of ${to.members.length}, ${countText(connections, 'connection')}, last seen ${new Date(lastSeenAtMs).toISOString().slice(0, 16)}Z`;
}
