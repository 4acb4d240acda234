import { z } from 'zod';
import { Containment, MAX_CONTAINMENT_SECONDS, MIN_CONTAINMENT_SECONDS } from '../model/containment.ts';
import { HostName, ZoneName } from '../model/names.ts';
import { ServiceRef } from '../model/service.ts';

const Common = { reason: z.string().trim().min(1, 'say why; it is kept in the audit log and on the host').max(1000) };
const forSeconds = z.number().int().min(MIN_CONTAINMENT_SECONDS).max(MAX_CONTAINMENT_SECONDS);

/**
 * `close`: the pairs that used the services in that period (`untilMs` null: up to now) are exempted. `release`: the quarantine of a host, by its name, or any containment by its id; one that has
 * ended is taken off the list.
 */
export const ContainmentOrder = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('quarantine'), host: HostName, forSeconds, ...Common }),
  z
    .strictObject({ kind: z.literal('close'), zone: ZoneName, services: z.array(ServiceRef).min(1), sinceMs: z.number().int(), untilMs: z.number().int().nullable(), forSeconds, ...Common })
    .refine(({ sinceMs, untilMs }) => untilMs === null || untilMs > sinceMs, { path: ['untilMs'], message: 'the period ends before it begins; write an “until” that is later than “since”' }),
  z.strictObject({ kind: z.literal('release'), target: z.string().min(1).max(100), ...Common }),
]);
export type ContainmentOrder = z.infer<typeof ContainmentOrder>;

/**
 * `hosts`: names of those that were last confirmed to run it. in-force: until its end · ended: means nothing any more · not-pushed: only in the draft, the next
 * push brings it.
 */
export const ContainmentView = z.strictObject({ containment: Containment, text: z.string(), state: z.enum(['in-force', 'ended', 'not-pushed']), hosts: z.array(z.string()) });
export type ContainmentView = z.infer<typeof ContainmentView>;
