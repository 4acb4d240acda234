import type { CompiledDraft } from './draft-compiled.ts';

/** How many rules reach into each zone as their provider, by zone name; a rule counts once a zone. Zones without any are left out. */
export function listRuleZones(compiled: CompiledDraft): Map<string, number> {
  const counts = new Map<string, number>();
  for (const rule of compiled.policy.rules) {
    const { covers } = compiled.resolver().resolvePeer(rule.to);
    const hosts = covers.kind === 'hosts' ? compiled.fleet.filter((h) => covers.ids.has(h.id)) : covers.kind === 'everyone' ? compiled.fleet : [];
    for (const zone of new Set(hosts.map((h) => compiled.zones.get(h.id)?.zone?.name).filter((name) => name !== undefined)))
      counts.set(zone, (counts.get(zone) ?? 0) + 1);
  }
  return counts;
}
