import type { HostView } from '../../shared/contract/views.ts';
import type { Labels } from '../../shared/model/label.ts';
import type { IpList } from '../../shared/model/policy.ts';
import { sortLabelKeys } from '../../shared/text/label-text.ts';
import { parsePeer } from '../../shared/text/peer-text.ts';
import type { RuleForm } from './rule-form.ts';

/** Keys that say what a host is for; where it stands (`loc`) and anything else would make a rule narrower than its meaning. */
const RULE_KEYS = ['role', 'app', 'env'];

/** One end of a seen conversation: the host when it is ours, else only the name under which it was shown (address, network, IP list, or a name in one with who saw it), or `zone:NAME`. */
export type SeenEnd = { readonly name: string; readonly host: HostView | null };

/** The end as a peer at label level (`role=web,app=shop`), falling back to the host, the IP list or the network itself. '' when it cannot be said. */
export function peerTextOf(end: SeenEnd, ipLists: readonly IpList[]): string {
  if (end.host !== null) return labelText(end.host.labels) ?? `host:${end.host.name}`;
  const named = ipLists.find((list) => list.name === end.name || list.names?.some((name) => end.name.startsWith(`${name} (`)));
  if (named !== undefined) return `iplist:${named.name}`;
  const asTyped = parsePeer(end.name);
  return asTyped.ok && (asTyped.value.kind === 'cidr' || asTyped.value.kind === 'zone') ? end.name : '';
}

function labelText(labels: Labels): string | null {
  const keys = sortLabelKeys(Object.keys(labels)).filter((key) => RULE_KEYS.includes(key));
  return keys.length === 0 ? null : keys.map((key) => `${key}=${labels[key]}`).join(',');
}

type SeenService = { readonly protocol: string; readonly port: number };

/** `tcp/5432`, or `icmp` for protocols without ports. */
export function serviceText({ protocol, port }: SeenService): string {
  if (protocol === 'icmp' || protocol === 'icmpv6' || protocol === 'ipv6-icmp') return protocol === 'icmp' ? 'icmp' : 'icmpv6';
  return port === 0 ? protocol : `${protocol}/${port}`;
}

/** The rule form for a seen conversation: both ends at label level, its services, and the evidence as reason. */
export function draftFromFlow(from: SeenEnd, to: SeenEnd, services: readonly SeenService[], ipLists: readonly IpList[]): Partial<RuleForm> {
  return {
    from: peerTextOf(from, ipLists),
    to: peerTextOf(to, ipLists),
    services: [...new Set(services.map(serviceText))].join(','),
    reason: `Seen: ${from.name} → ${to.name}`,
  };
}
