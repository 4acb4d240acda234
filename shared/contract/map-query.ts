import { z } from 'zod';
import { ZoneName } from '../model/names.ts';

/** What a map can be drawn by, from the coarsest to the finest. */
export const MAP_LEVELS = ['zone', 'app', 'role', 'host'] as const;
export const MapLevel = z.enum(MAP_LEVELS);
export type MapLevel = z.infer<typeof MapLevel>;

/** allowed: a rule explains it · no-rule: seen, no rule yet, nothing enforced · would-block · blocked · unknown. */
export const MapVerdict = z.enum(['allowed', 'no-rule', 'would-block', 'blocked', 'unknown']);
export type MapVerdict = z.infer<typeof MapVerdict>;

/** live: what the kernels did, explained by the rules that hosts run now · draft: what the draft would do with the same traffic. */
export const MapLens = z.enum(['live', 'draft']);
export type MapLens = z.infer<typeof MapLens>;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Of the map and the matrix until another is chosen. */
export const FIRST_PERIOD_MS = 7 * DAY_MS;

/**
 * Since when a period goes that ends now, epoch ms. One of a day or more begins with a whole hour, as its connections are counted by: so who looks again within the hour asks the same question, whose answer the backend has kept. A shorter one
 * begins with a whole minute.
 */
export function sinceOfPeriod(periodMs: number, nowMs: number): number {
  const stepMs = periodMs < DAY_MS ? MINUTE_MS : HOUR_MS;
  return Math.floor(nowMs / stepMs) * stepMs - periodMs;
}

const GroupIds = z.array(z.string().max(300)).max(500).default([]);
const Typed = z.string().max(300).nullable().default(null);

/** Which part of the map, and how far it is opened. Filters are joined by AND; null is no filter. */
export const MapQuery = z.strictObject({
  sinceMs: z.number().int().nullable(),
  /** Null: hosts where the site is small enough to be read so, else zones. */
  level: MapLevel.nullable().default(null),
  /** Groups opened beyond the level, and groups that stay shut in spite of it; ids that are no groups now do nothing. */
  open: GroupIds,
  shut: GroupIds,
  lens: MapLens.default('live'),
  verdicts: z.array(MapVerdict).min(1).nullable().default(null),
  /** Either end: a selector, zone:NAME, host:NAME, iplist:NAME, a network, or a host's name. */
  who: Typed,
  /** `5432`, `tcp/5432`, `udp/5000-5010`, or the name of a service. */
  service: Typed,
  /** Part of the name of a process or systemd unit. */
  process: Typed,
  /** Part of the name of an end, its zone, a service, a user, a unit or a process. */
  text: Typed,
  /** Whether noise (DNS, time, logs, monitoring, backup) is told by badges on those who use it; `unfolded` names hubs that are drawn all the same. */
  foldHubs: z.boolean().default(false),
  unfolded: z.array(z.string().max(300)).max(100).default([]),
});
export type MapQuery = z.infer<typeof MapQuery>;

/** A service that so many use that its lines would cover the map. `clients` counts the ends that use it. */
export const MapHub = z.strictObject({
  id: z.string(),
  /** `DNS`, or `tcp/9100 from mon-1`. */
  text: z.string(),
  clients: z.number().int(),
  connections: z.number().int(),
  isFolded: z.boolean(),
});
export type MapHub = z.infer<typeof MapHub>;

/** Found by name or address: a node of the finest map, and the groups that have to be open for it to be seen, outermost first. */
export const MapPlace = z.strictObject({ id: z.string(), label: z.string(), detail: z.string(), open: z.array(z.string()) });
export type MapPlace = z.infer<typeof MapPlace>;

/** Unnamed networks beyond this number stay one node even when that is opened: so many are no picture. */
export const MAX_PEERS_OPENED = 120;

/** Which positions are meant: those of the picture of all hosts, or those of the picture by groups. */
export const MapPicture = z.enum(['hosts', 'groups']);
export type MapPicture = z.infer<typeof MapPicture>;

export const MapPositions = z.strictObject({
  positions: z.array(z.strictObject({ id: z.string().max(300), x: z.number(), y: z.number() })).max(20_000),
  picture: MapPicture.default('hosts'),
  isKept: z.boolean().default(false),
});

/** An open group: what is in it is drawn inside of its box. */
export const MapGroup = z.strictObject({
  id: z.string(),
  kind: z.enum(['zone', 'app', 'role']),
  label: z.string(),
  zone: ZoneName.nullable(),
  hosts: z.number().int(),
  /** The open group around it, or null. */
  parent: z.string().nullable(),
  /** As of a node: where the middle of its box was put by hand, and where it was drawn last. */
  x: z.number().nullable(),
  y: z.number().nullable(),
  keptX: z.number().nullable(),
  keptY: z.number().nullable(),
});
export type MapGroup = z.infer<typeof MapGroup>;
