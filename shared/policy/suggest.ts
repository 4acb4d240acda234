import type { Flow } from '../model/flow.ts';
import type { FleetHost } from '../model/host.ts';
import type { Peer } from '../model/peer.ts';
import type { Policy, Rule } from '../model/policy.ts';
import type { ServiceRef } from '../model/service.ts';
import { printPeer } from '../text/peer-text.ts';
import { type Conversation, gatherConversations, type SuggestOptions } from './gather-conversations.ts';
import { matchesSelectorSet } from './select.ts';
import { describePair } from './suggest-ends.ts';

/** The form of the contract's Suggestion. */
export type RuleSuggestion = {
  readonly rule: Omit<Rule, 'id'>;
  readonly explains: number;
  readonly connections: number;
  readonly neverSeen: number;
  readonly evidence: string;
};
export type Suggestions = { readonly suggestions: readonly RuleSuggestion[]; readonly unexplained: readonly string[] };

/**
 * The fewest label rules that would allow what was seen and no rule decides yet: role to role within an app, app to role across apps, host to host
 * where labels are missing. One rule a pair of ends, with all their services. Deterministic: the same flows in any order give the same list, most
 * connections first. Refused (blocked) flows are never a reason to allow; peers that are no host are listed as unexplained and never become rules.
 */
export function suggestRules(flows: readonly Flow[], policy: Policy, hosts: readonly FleetHost[], options: SuggestOptions): Suggestions {
  const { conversations, unexplained } = gatherConversations(flows, policy, hosts, options);
  const groups = new Map<string, { from: Peer; to: Peer; members: Conversation[] }>();
  for (const conversation of conversations) {
    const { from, to } = describePair(conversation.consumer, conversation.provider);
    const key = `${printPeer(from)} → ${printPeer(to)}`;
    const group = groups.get(key) ?? { from, to, members: [] };
    group.members.push(conversation);
    groups.set(key, group);
  }
  const suggestions = [...groups].map(([key, group]) => ({ key, ...toSuggestion(group, hosts) }));
  suggestions.sort((a, b) => b.connections - a.connections || (a.key < b.key ? -1 : 1));
  return { suggestions: suggestions.map(({ key: _key, ...suggestion }) => suggestion), unexplained };
}

function toSuggestion(group: { from: Peer; to: Peer; members: readonly Conversation[] }, hosts: readonly FleetHost[]): RuleSuggestion {
  const { from, to, members } = group;
  const services = listServices(members);
  const connections = members.reduce((sum, one) => sum + one.connections, 0);
  const lastSeenAtMs = Math.max(...members.map((one) => one.lastSeenAtMs));
  const consumers = membersOf(from, hosts);
  const providers = membersOf(to, hosts);
  const pairs = consumers.reduce((sum, consumer) => sum + providers.filter((provider) => provider.id !== consumer.id).length, 0);
  const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
  const seen = [new Set(members.map((one) => one.consumer.id)).size, new Set(members.map((one) => one.provider.id)).size] as const;
  return {
    rule: { action: 'allow', from, to, services, as: null, servedBy: null, schedule: null, owner: '', reason: 'suggested from observed flows', ticket: '', reviewOn: null, expiresOn: null },
    explains: members.length,
    connections,
    neverSeen: pairs * services.length - members.length,
    evidence: `${count(seen[0], 'consumer')} of ${consumers.length} → ${count(seen[1], 'provider')} of ${providers.length}, ${count(connections, 'connection')}, last seen ${new Date(lastSeenAtMs).toISOString().slice(0, 16)}Z`,
  };
}

function listServices(members: readonly Conversation[]): ServiceRef[] {
  const unique = new Map(members.map((one) => [`${one.protocol}/${one.port}`, one]));
  return [...unique.values()]
    .sort((a, b) => (a.protocol < b.protocol ? -1 : a.protocol > b.protocol ? 1 : a.port - b.port))
    .map(({ protocol, port }) => ({ kind: 'inline', entry: { kind: 'ports', protocol, from: port, to: port } }));
}

const membersOf = (peer: Peer, hosts: readonly FleetHost[]): FleetHost[] =>
  hosts.filter((host) => (peer.kind === 'selector' ? matchesSelectorSet(peer.select, host.labels) : peer.kind === 'host' && peer.host === host.name));
