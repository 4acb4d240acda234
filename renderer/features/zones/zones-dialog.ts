import type { Zone, ZoneMode } from '../../../shared/model/policy.ts';

/** Which dialog of the zones screen is open; `zone: null` adds one. */
export type ZonesDialog =
  | { readonly kind: 'edit'; readonly zone: Zone | null }
  | { readonly kind: 'mode'; readonly zone: Zone; readonly mode: ZoneMode }
  | { readonly kind: 'close'; readonly zone: Zone }
  | { readonly kind: 'remove'; readonly zone: Zone };
