import { z } from 'zod';
import { ContainmentId } from './ids.ts';
import { HostName, ZoneName } from './names.ts';
import { Peer } from './peer.ts';
import { ServiceRef } from './service.ts';

/** A whole second, UTC: hosts compare it with their own clock, to the second. */
export const Instant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/, 'an instant is written 2027-01-31T18:30:00Z, in UTC')
  .refine(isOnCalendar, 'there is no such day or time');

export const MIN_CONTAINMENT_SECONDS = 10;
/** Thirty days: what is to last longer is a rule. */
export const MAX_CONTAINMENT_SECONDS = 2_592_000;

const Common = { id: ContainmentId, startsAt: Instant, endsAt: Instant, by: z.string().max(200), reason: z.string().min(1).max(1000) };

/** A pair that goes on: `from` (a host, or addresses that are no host's) may still reach the host `to`, as far as rules let it. */
export const Exemption = z.strictObject({ from: Peer.refine(({ kind }) => kind === 'host' || kind === 'cidr', 'only a host or addresses can be exempted'), to: HostName });
export type Exemption = z.infer<typeof Exemption>;

/** Nothing comes in to the host, goes out of it or passes through it but SSH from the consoles and what that needs. */
export const Quarantine = z.strictObject({ kind: z.literal('quarantine'), ...Common, host: HostName });
export type Quarantine = z.infer<typeof Quarantine>;

/** Nobody reaches these services on the hosts of the zone but the exempted pairs. */
export const Closure = z.strictObject({ kind: z.literal('close'), ...Common, zone: ZoneName, services: z.array(ServiceRef).min(1), except: z.array(Exemption) });
export type Closure = z.infer<typeof Closure>;

/**
 * An emergency measure: it acts in every mode, on live connections too, before any rule, and ends by itself at `endsAt` by the clock of each host.
 * No rule, zone or policy test overrides it.
 */
export const Containment = z.discriminatedUnion('kind', [Quarantine, Closure]);
export type Containment = z.infer<typeof Containment>;

/** Date.parse takes 2026-02-30 for 2 March, and 24:00 for the next day. */
function isOnCalendar(text: string): boolean {
  const atMs = Date.parse(text);
  return !Number.isNaN(atMs) && toInstant(atMs) === text;
}

/** Whether it still holds; the instant `endsAt` itself is past it. */
export const isInForce = ({ endsAt }: Pick<Containment, 'endsAt'>, nowMs: number): boolean => nowMs < Date.parse(endsAt);

/** Epoch ms, cut to the second. */
export const toInstant = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 19)}Z`;
