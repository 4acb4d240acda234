import { z } from 'zod';

/** mode: a push brought the host to another mode than it ran before · labels: set by hand, by a rule or accepted · command: what else a person did to it · event: what its agent recorded, by the host's clock. */
export const TimelineKind = z.enum(['push', 'mode', 'labels', 'command', 'event']);
export type TimelineKind = z.infer<typeof TimelineKind>;

export const TimelineEntry = z.strictObject({ atMs: z.number().int(), kind: TimelineKind, title: z.string(), detail: z.string(), by: z.string() });
export type TimelineEntry = z.infer<typeof TimelineEntry>;

/** Newest first. `isCut`: there is more than is shown; the audit log has all of it. */
export const HostTimeline = z.strictObject({ entries: z.array(TimelineEntry), isCut: z.boolean() });
export type HostTimeline = z.infer<typeof HostTimeline>;
