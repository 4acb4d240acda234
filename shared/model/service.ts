import { z } from 'zod';
import { ServiceName } from './names.ts';

export const PortNumber = z.number().int().min(0).max(65535);
export const TransportProtocol = z.enum(['tcp', 'udp', 'sctp']);
export type TransportProtocol = z.infer<typeof TransportProtocol>;

/**
 * What a service listens on. Text forms: `tcp/5432`, `udp/5000-5010`, `tcp` (all its ports), `icmp`, `icmp/8`, `icmpv6/128`.
 * `icmp` types are the numbers of RFC 792 / RFC 4443; `types: 'all'` is every type of that family.
 */
export const ServiceEntry = z.discriminatedUnion('kind', [
  z
    .strictObject({ kind: z.literal('ports'), protocol: TransportProtocol, from: PortNumber, to: PortNumber })
    .refine((e) => e.from <= e.to, 'a port range runs from the lower to the higher port'),
  z.strictObject({ kind: z.literal('icmp'), family: z.union([z.literal(4), z.literal(6)]), types: z.union([z.literal('all'), z.array(z.number().int().min(0).max(255)).min(1)]) }),
]);
export type ServiceEntry = z.infer<typeof ServiceEntry>;

export const Service = z.strictObject({
  name: ServiceName,
  entries: z.array(ServiceEntry).min(1),
  note: z.string().max(500),
});
export type Service = z.infer<typeof Service>;

/** What a rule names: a named service, an inline entry, or `any` (every protocol and port). */
export const ServiceRef = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('any') }),
  z.strictObject({ kind: z.literal('named'), name: ServiceName }),
  z.strictObject({ kind: z.literal('inline'), entry: ServiceEntry }),
]);
export type ServiceRef = z.infer<typeof ServiceRef>;
