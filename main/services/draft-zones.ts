import { FirebreakError } from '../../shared/errors.ts';
import type { Policy, Zone } from '../../shared/model/policy.ts';
import type { SelectorSet } from '../../shared/model/selector.ts';
import { printSelectorSet } from '../../shared/text/selector-text.ts';
import { printServiceRefs } from '../../shared/text/service-text.ts';
import type { BackendContext } from './backend-context.ts';
import { assertNoIssues, checkServiceRef } from './check-policy.ts';
import { editDraft } from './draft.ts';
import { listZoneUses } from './policy-references.ts';

export type ZoneInput = { name: string; select: SelectorSet; outbound: 'open' | 'restricted'; onlyServices?: Zone['onlyServices'] | undefined; note: string };

/** @throws NOT_FOUND with the zones that exist */
export function getZone(policy: Policy, name: string): Zone {
  const zone = policy.zones.find((z) => z.name === name);
  if (zone === undefined) throw new FirebreakError('NOT_FOUND', { what: 'zone', name, known: policy.zones.map((z) => z.name) });
  return zone;
}

/** A new zone observes, and comes last: it takes no host from a zone that is there already. @throws NAME_TAKEN · INPUT_INVALID */
export function addZone(ctx: BackendContext, input: ZoneInput): Zone {
  return editDraft(ctx, { action: 'policy.addZone', subject: input.name, detail: describe(input) }, (policy) => {
    if (policy.zones.some((z) => z.name === input.name)) throw new FirebreakError('NAME_TAKEN', { what: 'zone', name: input.name });
    const zone: Zone = { ...input, onlyServices: input.onlyServices ?? null, mode: 'observe' };
    assertServices(zone, policy);
    return { policy: { ...policy, zones: [...policy.zones, zone] }, result: zone };
  });
}

/** Selector, outbound, services and note; mode and place stay, and the services too when they are not given. @throws NOT_FOUND · INPUT_INVALID */
export function updateZone(ctx: BackendContext, input: ZoneInput): Zone {
  return editDraft(ctx, { action: 'policy.updateZone', subject: input.name, detail: describe(input) }, (policy) => {
    const former = getZone(policy, input.name);
    const zone: Zone = { ...former, ...input, onlyServices: input.onlyServices === undefined ? former.onlyServices : input.onlyServices };
    assertServices(zone, policy);
    return { policy: { ...policy, zones: policy.zones.map((z) => (z.name === zone.name ? zone : z)) }, result: zone };
  });
}

/** `names` must be all zones, each once. @throws INPUT_INVALID */
export function orderZones(ctx: BackendContext, names: readonly string[]): void {
  editDraft(ctx, { action: 'policy.orderZones', subject: 'zones', detail: names.join(' → ') }, (policy) => {
    const known = policy.zones.map((z) => z.name);
    if (names.toSorted().join('\n') !== known.toSorted().join('\n')) {
      throw new FirebreakError('INPUT_INVALID', { issues: [{ path: 'names', message: `name every zone once: ${known.join(', ')}` }] });
    }
    return { policy: { ...policy, zones: names.map((name) => getZone(policy, name)) }, result: undefined };
  });
}

/** Its hosts fall to the next zone that selects them, or to none. @throws NOT_FOUND · STILL_USED */
export function removeZone(ctx: BackendContext, name: string): void {
  editDraft(ctx, { action: 'policy.removeZone', subject: name, detail: '' }, (policy) => {
    getZone(policy, name);
    const usedBy = listZoneUses(policy, name);
    if (usedBy.length > 0) throw new FirebreakError('STILL_USED', { what: 'zone', name, usedBy });
    return { policy: { ...policy, zones: policy.zones.filter((z) => z.name !== name) }, result: undefined };
  });
}

function assertServices(zone: Zone, policy: Policy): void {
  assertNoIssues((zone.onlyServices ?? []).flatMap((ref, i) => checkServiceRef(ref, `onlyServices.${i}`, { hosts: new Set(), policy })));
}

const describe = (zone: ZoneInput): string =>
  `${printSelectorSet(zone.select)}, outbound ${zone.outbound}${zone.onlyServices ? `, only ${printServiceRefs(zone.onlyServices)}` : ''}`;
