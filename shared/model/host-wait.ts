import { z } from 'zod';
import { PolicyVersionId, PushId } from './ids.ts';

/** A push that left the host out because no connection to it came about; it gets that version when it returns. `held`: why it is delivered only when somebody asks for it; null: by itself, too. */
export const HostWait = z.strictObject({ push: PushId, version: PolicyVersionId, sinceMs: z.number().int(), held: z.string().nullable() });
export type HostWait = z.infer<typeof HostWait>;

/** By name of the host. */
export const WaitingHost = HostWait.extend({ hostName: z.string() });
export type WaitingHost = z.infer<typeof WaitingHost>;

/** Why a push goes out although a maintenance window is shut; null: it does not. */
export const OutsideWindow = z.string().trim().min(1).max(300).nullable();
