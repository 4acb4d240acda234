import type { PolicyDiffRow } from '../model/diff.ts';
import type { Policy } from '../model/policy.ts';
import type { ChangeFlips } from '../model/flip.ts';
import { diffPolicy } from './diff-policy.ts';
import { countUses, listUses } from './where-used.ts';

/** One change from `before` to `after`, and the policy `after` with all but it; null where that would not be a policy. */
export type LeftOut = { readonly what: ChangeFlips['what']; readonly name: string; readonly without: Policy | null; readonly why: string };

/** Each change that can matter to a verdict, in the order of the policy's diff. Policy tests cannot. */
export const listLeftOut = (before: Policy, after: Policy): LeftOut[] => diffPolicy(before, after).flatMap((row) => (row.what === 'test' ? [] : [leaveOut(row, row.what, before, after)]));

function leaveOut(row: PolicyDiffRow, what: ChangeFlips['what'], before: Policy, after: Policy): LeftOut {
  const { name } = row;
  const left = (without: Policy): LeftOut => ({ what, name, without, why: '' });
  switch (what) {
    case 'rule':
      return leftIfWhole({ ...after, rules: putBack(before.rules, after.rules, (rule) => rule.id === name) }, { what, name });
    case 'zone':
      return needed(row, after) ?? leftIfWhole({ ...after, zones: putBack(before.zones, after.zones, (zone) => zone.name === name) }, { what, name });
    case 'zone-order':
      return left({ ...after, zones: inOrderOf(before.zones, after.zones) });
    case 'service':
      return needed(row, after) ?? left({ ...after, services: putBack(before.services, after.services, (service) => service.name === name) });
    case 'iplist':
      return needed(row, after) ?? left({ ...after, ipLists: putBack(before.ipLists, after.ipLists, (list) => list.name === name) });
    case 'containment':
      return left({ ...after, containments: putBack(before.containments, after.containments, (one) => one.id === name) });
  }
}

/** What another change names was added with it, and has no meaning of its own. */
function needed({ change, what, name }: PolicyDiffRow, after: Policy): LeftOut | null {
  if (change !== 'added' || (what !== 'zone' && what !== 'service' && what !== 'iplist')) return null;
  const uses = listUses(after, { kind: what, name }).filter((use) => use.kind !== 'test');
  return uses.length === 0 ? null : { what, name, without: null, why: `not judged by itself: ${countUses(uses)} of the draft ${uses.length === 1 ? 'names' : 'name'} it; see there` };
}

/** A rule that was removed or changed may name what the draft removed too. */
function leftIfWhole(without: Policy, named: Pick<LeftOut, 'what' | 'name'>): LeftOut {
  const rules = without.rules.flatMap((rule) => [rule.from, rule.to]);
  const isMissing =
    rules.some((peer) => (peer.kind === 'zone' && !without.zones.some((zone) => zone.name === peer.zone)) || (peer.kind === 'iplist' && !without.ipLists.some((list) => list.name === peer.ipList))) ||
    [...without.rules.flatMap((rule) => rule.services), ...without.zones.flatMap((zone) => zone.onlyServices ?? [])].some((ref) => ref.kind === 'named' && !without.services.some((service) => service.name === ref.name));
  return isMissing ? { ...named, without: null, why: 'not judged by itself: as it was it names what the draft has removed' } : { ...named, without, why: '' };
}

/** The object as it was, at its former neighbour’s side; where it was not there before it goes. */
function putBack<T>(before: readonly T[], after: readonly T[], isMeant: (item: T) => boolean): T[] {
  const was = before.find(isMeant);
  if (was === undefined) return after.filter((item) => !isMeant(item));
  return after.some(isMeant) ? after.map((item) => (isMeant(item) ? was : item)) : after.toSpliced(before.findIndex(isMeant), 0, was);
}

/** Zones of both in their former order; a new one stays where it is. */
function inOrderOf<T extends { readonly name: string }>(before: readonly T[], after: readonly T[]): T[] {
  const former = before.flatMap((zone) => after.filter((one) => one.name === zone.name));
  const known = new Set(former.map((zone) => zone.name));
  let next = 0;
  return after.map((zone) => (known.has(zone.name) ? (former[next++] ?? zone) : zone));
}
