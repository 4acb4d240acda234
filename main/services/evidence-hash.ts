import { createHash } from 'node:crypto';
import type { ServiceRef } from '../../shared/model/service.ts';
import type { CompiledDraft } from './draft-compiled.ts';
import { canonicalJson } from './policy-hash.ts';
import { touchesHosts } from './zone-needs.ts';

/** sha256 hex over what a zone's evidence is about: its selector and settings but the mode, its hosts by name, and what the rules say that touch one of them (not who owns them). Null: there is no such zone. */
export function hashZoneRules(compiled: CompiledDraft, name: string): string | null {
  const { policy } = compiled;
  const zone = policy.zones.find((candidate) => candidate.name === name);
  if (zone === undefined) return null;
  const members = compiled.fleet.filter((host) => compiled.zones.get(host.id)?.zone?.name === name);
  const rules = policy.rules.filter((rule) => rule.disabled !== true && (touchesHosts(compiled, rule.from, members) || touchesHosts(compiled, rule.to, members)));
  const services = namesOf([...rules.flatMap((rule) => rule.services), ...(zone.onlyServices ?? [])]);
  const lists = new Set(rules.flatMap(({ from, to }) => [from, to].flatMap((peer) => (peer.kind === 'iplist' ? [peer.ipList] : []))));
  const about = {
    zone: [zone.select, zone.outbound, zone.onlyServices],
    hosts: members.map((host) => host.name).sort(),
    rules: rules.map(({ id, action, from, to, services: refs, as, servedBy, schedule, expiresOn }) => [id, action, from, to, refs, as, servedBy, schedule, expiresOn]).sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
    services: policy.services.flatMap((service) => (services.has(service.name) ? [[service.name, service.entries]] : [])),
    // As written: that a name means another address by now is no edit of the rules.
    lists: compiled.written.ipLists.flatMap(({ note: _, ...list }) => (lists.has(list.name) ? [list] : [])),
  };
  return createHash('sha256').update(canonicalJson(about)).digest('hex');
}

const namesOf = (refs: readonly ServiceRef[]): Set<string> => new Set(refs.flatMap((ref) => (ref.kind === 'named' ? [ref.name] : [])));
