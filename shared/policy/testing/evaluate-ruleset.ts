import { containsAddress } from '../../net/range-set.ts';
import { getAddress } from '../../net/address.ts';
import { listWindows } from '../../time/schedule-windows.ts';
import type { ContainmentRow, HostRuleset, LiveMatch, RuleRow, ServiceMatch } from '../host-ruleset.ts';
import type { Packet } from '../simulate.ts';

/** What the compiled rows (without the essential block) say of a packet, for comparison with the simulator: `rule` is null where the default decides. */
export function evaluateRuleset(ruleset: HostRuleset, direction: 'in' | 'out', packet: Packet & { readonly atMs: number }): { readonly passes: boolean; readonly rule: string | null } {
  const contained = [...ruleset.containments].sort((a, b) => b.kind.localeCompare(a.kind)).find((row) => packet.atMs < row.endsAtMs && refuses(row, direction, packet));
  if (contained) return { passes: false, rule: contained.id };
  if (ruleset.mode === 'observe') return { passes: true, rule: null };
  const [denies, allows] = direction === 'in' ? [ruleset.denyIn, ruleset.allowIn] : [ruleset.denyOut, ruleset.allowOut];
  const deny = denies.find((row) => matchesRow(row, direction, packet) && holdsAt(row, ruleset, packet.atMs) && isBy(row, direction, packet));
  if (deny) return { passes: false, rule: deny.ruleId };
  const allow = allows.find((row) => matchesRow(row, direction, packet) && holdsAt(row, ruleset, packet.atMs) && isBy(row, direction, packet));
  if (allow) return { passes: true, rule: allow.ruleId };
  const isOpen = direction === 'out' && ruleset.outbound === 'open';
  const isSelected = !ruleset.only || usesService(ruleset.only.services, packet, getAddress(packet.source).family);
  return { passes: isOpen || !isSelected, rule: null };
}

const isBy = ({ as }: RuleRow, direction: 'in' | 'out', packet: Packet): boolean => as === null || (!packet.isForwarded && (direction === 'in' ? packet.listener : packet[as.kind]) === as.name);

function holdsAt({ schedule, endsAtMs }: RuleRow, { scheduleSpan }: HostRuleset, atMs: number): boolean {
  if (endsAtMs !== null && atMs >= endsAtMs) return false;
  return !schedule || (scheduleSpan !== null && listWindows(schedule, scheduleSpan).some((window) => window.fromMs <= atMs && atMs < window.toMs));
}

function refuses(row: ContainmentRow, direction: 'in' | 'out', packet: Packet): boolean {
  if (row.kind === 'quarantine-row') return true;
  const source = getAddress(packet.source);
  return direction === 'in' && usesService(row.services, packet, source.family) && !containsAddress(row.except, source);
}

function matchesRow(row: RuleRow, direction: 'in' | 'out', packet: Packet): boolean {
  const [peer, local] = direction === 'in' ? [packet.source, packet.destination] : [packet.destination, packet.source];
  const { family } = getAddress(peer);
  return row.lanes.some((lane) => lane.family === family && isIn(lane.peers, peer) && isIn(lane.local, local)) && usesService(row.services, packet, family);
}

const isIn = (match: LiveMatch, address: string): boolean => match.kind === 'any' || containsAddress(match.ranges, getAddress(address));

function usesService(services: ServiceMatch, { protocol, port }: Packet, family: 4 | 6): boolean {
  if (services.kind === 'any') return true;
  return services.terms.some((term) => {
    if (term.kind === 'ports') return term.protocol === protocol && port !== null && term.ports.some((range) => range.from <= port && port <= range.to);
    if (term.family !== family || protocol !== (family === 4 ? 'icmp' : 'icmpv6')) return false;
    return term.types === 'all' || (port !== null && term.types.includes(port));
  });
}
