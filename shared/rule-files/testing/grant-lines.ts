import { printPortRange } from '../../net/port-set.ts';
import { printRanges } from '../../net/print-range.ts';
import { type AddressRange, toRangeSet } from '../../net/range-set.ts';
import type { Address } from '../../net/address.ts';
import { listGrants } from '../list-grants.ts';
import { protocolName } from '../read-values.ts';
import type { RuleFile } from '../rule-file.ts';

/** What a file lets in, a line a service and what it depends on, sorted by protocol and port: `tcp/22 10.0.0.0/8 if …`. Which rule does it is left out. */
export function grantLines(file: RuleFile, own: readonly Address[] = []): string[] {
  const rows = new Map<string, AddressRange[]>();
  const { grants, isWhole } = listGrants([file], own);
  if (!isWhole) throw new Error('too many combinations');
  for (const { protocol, ports, from, isSure, why } of grants) {
    const service = `${protocol === null ? 'other' : protocolName(protocol)}${ports === null ? '' : `/${printPortRange(ports)}`}`;
    const key = `${service}\t${isSure ? '' : ` if ${why.join('; ')}`}`;
    rows.set(key, [...(rows.get(key) ?? []), ...from]);
  }
  return [...rows].map(([key, from]) => key.replace('\t', ` ${printRanges(toRangeSet(from)).join(',')}`));
}

export const describeFile = ({ chains, rules }: RuleFile): string => `${chains.size} chains, ${rules} rules`;
