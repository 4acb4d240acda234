import { countAddresses, ofFamily, type RangeSet, toRangeSet } from '../net/range-set.ts';
import { printRanges } from '../net/print-range.ts';
import { type PortRange, printPortRange } from '../net/port-set.ts';
import type { Decider } from '../rule-files/judge-packet.ts';
import type { Grant } from '../rule-files/list-grants.ts';
import { protocolName } from '../rule-files/read-values.ts';
import type { Admitted, OfflineHost, RulePlace } from './offline-audit.ts';

const MAX_FROM = 20;
const HALF = { 4: 1n << 31n, 6: 1n << 127n } as const;

/** More than half of a family: everyone, but for some who are named. */
export const isWorld = (from: RangeSet): boolean => ([4, 6] as const).some((family) => countAddresses(ofFamily(from, family)) > HALF[family]);

/** `tcp/443`, `udp/6881-6999`, `icmp type 8`, `any other protocol`. */
export function serviceText(protocol: number | null, ports: PortRange | null): string {
  const name = protocol === null ? 'any other protocol' : protocolName(protocol);
  if (ports === null) return name;
  return protocol === 1 || protocol === 58 ? `${name} type ${printPortRange(ports)}` : `${name}/${printPortRange(ports)}`;
}

export function placeOf({ files }: OfflineHost, { file, rule }: Decider): RulePlace | null {
  return rule === null ? null : { path: files[file]?.path ?? '', line: rule.line, text: rule.text };
}

/** For people: what differs only in the rule that lets it in is one row. */
export function describeGrants(host: OfflineHost, grants: readonly Grant[]): Admitted[] {
  const rows = new Map<string, Grant[]>();
  for (const grant of grants) {
    const key = `${serviceText(grant.protocol, grant.ports)} ${grant.isSure ? '' : grant.why.join('|')}`;
    rows.set(key, [...(rows.get(key) ?? []), grant]);
  }
  return [...rows.values()].map((group) => describeGroup(host, group));
}

function describeGroup(host: OfflineHost, group: readonly Grant[]): Admitted {
  const [first] = group;
  const from = toRangeSet(group.flatMap((grant) => grant.from));
  const texts = printRanges(from);
  const places = group.flatMap(({ deciders }) => deciders.flatMap((decider) => placeOf(host, decider) ?? []));
  return {
    protocol: first?.protocol === null || first === undefined ? 'any other' : protocolName(first.protocol),
    ports: first?.ports ? printPortRange(first.ports) : 'all',
    from: texts.slice(0, MAX_FROM),
    moreFrom: Math.max(0, texts.length - MAX_FROM),
    isWorld: isWorld(from),
    isSure: first?.isSure ?? true,
    why: [...(first?.why ?? [])],
    rules: [...new Map(places.map((place) => [`${place.path}:${place.line}`, place])).values()],
  };
}
