import { z } from 'zod';
import { HostId } from './ids.ts';

/** What a push does with connections that live and that nobody could open under its rules. Cutting cannot be undone. */
export const SessionChoice = z.enum(['keep', 'cut']);
export type SessionChoice = z.infer<typeof SessionChoice>;

/** A connection that lives now and that the draft would not let anybody open. Addresses are canonical; texts are the host's own and shown inert. */
export const ForbiddenSession = z.strictObject({
  /** `unknown`: nothing says who began; it would be refused either way. */
  direction: z.enum(['in', 'out', 'unknown']),
  protocol: z.enum(['tcp', 'udp']),
  localAddress: z.string(),
  localPort: z.number().int(),
  peerAddress: z.string(),
  peerPort: z.number().int(),
  /** Host name, else IP list name, else the address. */
  peerName: z.string(),
  /** The port that the side that began connected to; the host's own where that is not known. */
  port: z.number().int(),
  user: z.string().nullable(),
  unit: z.string().nullable(),
  process: z.string().nullable(),
  /** Epoch ms; null where the host's connection tracking keeps no times. */
  sinceMs: z.number().int().nullable(),
  /** The rule that denies it; null: the zone's default. */
  by: z.string().nullable(),
});
export type ForbiddenSession = z.infer<typeof ForbiddenSession>;

/** The live connections of one host under the draft, read from the host now. */
export const HostSessions = z.strictObject({
  host: HostId,
  hostName: z.string(),
  /** How many live there, and of how many the verdict depends on what cannot be seen of a live connection (a group, say): those are never cut. */
  live: z.number().int(),
  uncertain: z.number().int(),
  /** How many are forbidden; `forbidden` has the first 200. */
  total: z.number().int(),
  forbidden: z.array(ForbiddenSession),
  /** What limits this list, or why there is none. Sentences. */
  warnings: z.array(z.string()),
});
export type HostSessions = z.infer<typeof HostSessions>;

/** Hosts that a push brings to enforce, or on which it lets less through than before; by name. Empty: no host is one. */
export const SessionPlan = z.strictObject({ hosts: z.array(HostSessions) });
export type SessionPlan = z.infer<typeof SessionPlan>;

/** What became of the forbidden connections of one host after its push was confirmed; agent/README.md “Sessions” says what each number is. */
export const SessionsCut = z.strictObject({
  cut: z.number().int(),
  forgotten: z.number().int(),
  failed: z.number().int(),
  kept: z.number().int(),
  gone: z.number().int(),
  /** Why not all, or none, was looked at; null when all was. */
  note: z.string().nullable(),
});
export type SessionsCut = z.infer<typeof SessionsCut>;
