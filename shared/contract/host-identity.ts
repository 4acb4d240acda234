import { z } from 'zod';

/** current: what the host stands for · waiting: answered instead, and nobody has accepted it yet · former: was one or the other. */
export const MachineStanding = z.enum(['current', 'waiting', 'former']);
export type MachineStanding = z.infer<typeof MachineStanding>;

/** A machine that answered for a host, by its machine id (`/etc/machine-id`). Times are the console's clock. */
export const HostMachine = z.strictObject({ machineId: z.string(), standing: MachineStanding, firstSeenAtMs: z.number().int(), lastSeenAtMs: z.number().int() });
export type HostMachine = z.infer<typeof HostMachine>;

/** Since when a host reports an address. `leftAtMs`: when it was first read not to report it any more; null while it does. */
export const HostAddressTime = z.strictObject({ address: z.string(), firstSeenAtMs: z.number().int(), lastSeenAtMs: z.number().int(), leftAtMs: z.number().int().nullable() });
export type HostAddressTime = z.infer<typeof HostAddressTime>;

/** Another machine than before: its id and the former one's. */
export const OtherMachine = z.strictObject({ former: z.string(), now: z.string(), sinceMs: z.number().int() });
export type OtherMachine = z.infer<typeof OtherMachine>;
