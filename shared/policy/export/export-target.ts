import { z } from 'zod';

/** The firewalls whose language the policy can be exported to; `export-targets.ts` has what each can say. */
export const ExportTarget = z.enum(['nftables-gateway', 'iptables-gateway', 'iptables-host', 'kubernetes', 'aws', 'azure', 'windows', 'pf']);
export type ExportTarget = z.infer<typeof ExportTarget>;
