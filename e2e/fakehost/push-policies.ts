import { EMPTY_POLICY, Policy, type ZoneMode } from '../../shared/model/policy.ts';

/** One zone `shop` over all hosts of the push kit, or over one of them by name. */
export function aShop(mode: ZoneMode, only?: string): Policy {
  const term = only === undefined ? { key: 'app', op: '=', values: ['shop'] } : { key: 'role', op: '=', values: [only] };
  return Policy.parse({ ...EMPTY_POLICY, zones: [{ name: 'shop', select: { include: [{ terms: [term] }], exclude: [] }, mode, outbound: 'open', note: '' }] });
}
