import { z } from 'zod';
import type { Peer } from '../model/peer.ts';

/**
 * How broad an end of a suggested rule may be at most. Within it an end is widened only where that saves a rule.
 *
 * - `role`: hosts with the same app, role and env. Within one app a rule is narrowed to the hosts or labels that took part, where three rules or fewer
 *   say exactly what was seen (`suggest-exact.ts`), so that nothing unseen is permitted there; across apps both ends stay whole roles.
 * - `app`: hosts with the same app and env; never more than one app at an end.
 * - `zone`: the hosts of one zone; a host in no zone is named as under `app`.
 *
 * Under every width: `env` always stays, since a rule for production must not open development; a host is named by itself where labels are missing that would
 * keep others out (`suggest-ends.ts`); and the far side of a shared service (`suggest-shared.ts`) is a list of such ends, at most of apps.
 */
export const SuggestWidth = z.enum(['role', 'app', 'zone']);
export type SuggestWidth = z.infer<typeof SuggestWidth>;

export type SuggestOptions = {
  readonly nowMs: number;
  /** Only for providers of this zone, and consumers of it when it restricts outbound; null is everywhere. */
  readonly zone: string | null;
  /** `role` unless told. */
  readonly maxWidth?: SuggestWidth;
  /** Keeps whole roles within an app too, where more hosts of them are to come. */
  readonly wholeRoles?: boolean;
  /** What comes from these is set aside: counted and told, and no reason for a rule. */
  readonly setAside?: readonly Peer[];
  /** Takes consumers that look like a port scan as any other. */
  readonly keepScanners?: boolean;
};
