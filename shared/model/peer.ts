import { z } from 'zod';
import { HostName, IpListName, ZoneName } from './names.ts';
import { SelectorSet } from './selector.ts';

/** Canonical CIDR text: no host bits set, IPv6 lower case and compressed. Made by `shared/net/parse-cidr.ts`. */
export const Cidr = z.string().min(1).brand('Cidr');
export type Cidr = z.infer<typeof Cidr>;

/**
 * One end of a rule. Only `any` means everyone; every other kind that resolves to nobody matches nobody.
 * Text forms (CLI, YAML, window): `app=shop,role=web|api` · `app=shop + app=crm` (OR) · `app=shop ! role=db` (exclusion)
 * · `zone:NAME` · `host:NAME` · `iplist:NAME` · `10.0.0.0/8` (several with commas) · `any`.
 */
export const Peer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('any') }),
  z.strictObject({ kind: z.literal('selector'), select: SelectorSet }),
  z.strictObject({ kind: z.literal('zone'), zone: ZoneName }),
  z.strictObject({ kind: z.literal('host'), host: HostName }),
  z.strictObject({ kind: z.literal('iplist'), ipList: IpListName }),
  z.strictObject({ kind: z.literal('cidr'), cidrs: z.array(Cidr).min(1) }),
]);
export type Peer = z.infer<typeof Peer>;
