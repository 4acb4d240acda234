import type { Containment } from '../model/containment.ts';
import type { Peer } from '../model/peer.ts';
import type { Policy } from '../model/policy.ts';
import type { ServiceRef } from '../model/service.ts';
import { describeContainmentShort } from './describe-containment.ts';
import { describeRuleShort, describeTest, describeZone } from './describe.ts';

export type NamedObject = { readonly kind: 'service' | 'iplist' | 'zone' | 'host'; readonly name: string };

/** A place in the policy that names an object. `label` is how people know it (`rule r_…`), `as` what the object is there, `text` the place in one line. */
export type Use = { readonly kind: 'zone' | 'rule' | 'test' | 'containment'; readonly label: string; readonly as: string; readonly text: string };

type Part = { readonly as: string; readonly peer: Peer } | { readonly as: string; readonly services: readonly ServiceRef[] };
type Place = Omit<Use, 'as'> & { readonly parts: readonly Part[] };

/** Where the object is named, zones first, then rules, tests and containments in their order; a place that names it twice is there once. Hosts that a selector happens to match are not named. */
export const listUses = (policy: Policy, object: NamedObject): Use[] =>
  listPlaces(policy).flatMap(({ parts, ...place }) => {
    const as = parts.filter((part) => names(part, object)).map((part) => part.as);
    return as.length === 0 ? [] : [{ ...place, as: as.join(' and ') }];
  });

/** `3 rules, 1 zone`; empty where nothing names it. */
export function countUses(uses: readonly Use[]): string {
  const count = (kind: Use['kind'], word: string) => {
    const n = uses.filter((use) => use.kind === kind).length;
    return n === 0 ? [] : [`${n} ${word}${n === 1 ? '' : 's'}`];
  };
  return [...count('rule', 'rule'), ...count('zone', 'zone'), ...count('test', 'policy test'), ...count('containment', 'containment')].join(', ');
}

function listPlaces(policy: Policy): Place[] {
  return [
    ...policy.zones.map((zone): Place => ({ kind: 'zone', label: `zone ${zone.name}`, text: describeZone({ ...zone, note: '' }), parts: [{ as: 'only services', services: zone.onlyServices ?? [] }] })),
    ...policy.rules.map((rule): Place => ({ kind: 'rule', label: `rule ${rule.id}`, text: describeRuleShort(rule), parts: [...endsOf(rule), { as: 'service', services: rule.services }] })),
    ...policy.tests.map((test, i): Place => ({ kind: 'test', label: `policy test ${i + 1}`, text: describeTest(test), parts: [...endsOf(test), { as: 'service', services: [test.service] }] })),
    ...policy.containments.map((one): Place => ({ kind: 'containment', label: `containment ${one.id}`, text: describeContainmentShort(one), parts: partsOf(one) })),
  ];
}

function partsOf(containment: Containment): Part[] {
  if (containment.kind === 'quarantine') return [{ as: 'quarantined', peer: { kind: 'host', host: containment.host } }];
  return [
    { as: 'closed in', peer: { kind: 'zone', zone: containment.zone } },
    { as: 'closed service', services: containment.services },
    ...containment.except.flatMap(({ from, to }): Part[] => [{ as: 'exempted consumer', peer: from }, { as: 'exempted provider', peer: { kind: 'host', host: to } }]),
  ];
}

const endsOf = ({ from, to }: { readonly from: Peer; readonly to: Peer }): Part[] => [
  { as: 'consumers', peer: from },
  { as: 'providers', peer: to },
];

function names(part: Part, { kind, name }: NamedObject): boolean {
  if ('services' in part) return kind === 'service' && part.services.some((ref) => ref.kind === 'named' && ref.name === name);
  switch (part.peer.kind) {
    case 'zone':
      return kind === 'zone' && part.peer.zone === name;
    case 'host':
      return kind === 'host' && part.peer.host === name;
    case 'iplist':
      return kind === 'iplist' && part.peer.ipList === name;
    case 'any':
    case 'selector':
    case 'cidr':
      return false;
  }
}
