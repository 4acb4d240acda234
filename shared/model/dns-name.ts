import { z } from 'zod';

/** Canonical text of a host name in DNS: lower case, two labels or more, no dot at the end. Made by `shared/net/parse-dns-name.ts`. */
export const DnsName = z.string().min(3).max(253).brand('DnsName');
export type DnsName = z.infer<typeof DnsName>;
