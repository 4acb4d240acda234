import { z } from 'zod';
import { LoginName } from '../model/compatibility.ts';
import { HostChoice, PerHost } from './host-choice.ts';

/** `run`: a name that the caller makes up, to stop it by. `as`: log in as this user for check and install. */
export const OnboardOrder = z.strictObject({ hosts: HostChoice, run: z.string().min(1).max(64), as: LoginName.nullable().default(null) });
export type OnboardOrder = z.infer<typeof OnboardOrder>;

/** What is done with a host, in this order. */
export const OnboardStep = z.enum(['key', 'check', 'install', 'collect']);
export type OnboardStep = z.infer<typeof OnboardStep>;

/** `already`: there was nothing to do. `stopped`: not begun, because somebody stopped it; or aborted. */
export const OnboardOutcome = z.enum(['done', 'already', 'failed', 'stopped']);
export type OnboardOutcome = z.infer<typeof OnboardOutcome>;

/** `step` is the one that a host came to; null where none was begun. `ok`: done now or before. */
export const OnboardedHost = PerHost.extend({ outcome: OnboardOutcome, step: OnboardStep.nullable() });
export type OnboardedHost = z.infer<typeof OnboardedHost>;
/** By name. */
export const OnboardResult = z.strictObject({ hosts: z.array(OnboardedHost) });
export type OnboardResult = z.infer<typeof OnboardResult>;
