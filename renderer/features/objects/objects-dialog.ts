import type { IpList } from '../../../shared/model/policy.ts';
import type { Service } from '../../../shared/model/service.ts';

/** What is open over the objects; null for a new one. */
export type ObjectsDialog =
  | { readonly kind: 'service'; readonly changed: Service | null }
  | { readonly kind: 'iplist'; readonly changed: IpList | null }
  | { readonly kind: 'remove'; readonly what: 'service' | 'iplist'; readonly name: string };
