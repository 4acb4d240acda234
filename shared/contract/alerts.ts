import { z } from 'zod';
import { AlertKind, AlertMute, AlertState, AlertSubject } from '../model/alert.ts';
import { HostId } from '../model/ids.ts';
import { HostName, ZoneName } from '../model/names.ts';

const count = z.number().int().nonnegative();
const NOTE_MAX_CHARS = 500;

/** One cause at one host, once, however often it came. `title` is one line that names what and where; times are epoch ms. */
export const AlertView = z.strictObject({
  id: z.number().int().positive(),
  kind: AlertKind,
  host: HostId,
  hostName: z.string(),
  /** By the draft, now. */
  zone: z.string().nullable(),
  title: z.string(),
  subject: AlertSubject,
  /** Name of the other end of a flow; null where there is none. */
  peerName: z.string().nullable(),
  state: AlertState,
  /** Connections of a flow, else how often it was told. */
  count,
  firstAtMs: z.number().int(),
  lastAtMs: z.number().int(),
  /** When it last became open. */
  openedAtMs: z.number().int(),
  acknowledged: z.strictObject({ by: z.string(), atMs: z.number().int(), note: z.string() }).nullable(),
  mutedUntilMs: z.number().int().nullable(),
  settled: z.strictObject({ atMs: z.number().int(), why: z.string() }).nullable(),
});
export type AlertView = z.infer<typeof AlertView>;

/** `rule` says when such an alert is raised, in words; `evidence` what is stored about it, line by line; `atMs` is a time that the line is about. */
export const AlertDetail = z.strictObject({ ...AlertView.shape, rule: z.string(), evidence: z.array(z.strictObject({ label: z.string(), text: z.string(), atMs: z.number().int().nullable() })) });
export type AlertDetail = z.infer<typeof AlertDetail>;

export const AlertCounts = z.strictObject({ open: count, acknowledged: count, muted: count, settled: count });
export type AlertCounts = z.infer<typeof AlertCounts>;

/** Null is no filter. */
export const AlertQuery = z.strictObject({
  states: z.array(AlertState).min(1).nullable(),
  kind: AlertKind.nullable(),
  host: HostName.nullable(),
  zone: ZoneName.nullable(),
  text: z.string().max(200).nullable(),
  limit: z.number().int().min(1).max(5000),
});
export type AlertQuery = z.infer<typeof AlertQuery>;

/** Worst kind first, then newest. `counts` are those of the whole workspace. */
export const AlertList = z.strictObject({ rows: z.array(AlertView), total: count, counts: AlertCounts });
export type AlertList = z.infer<typeof AlertList>;

export const AckInput = z.strictObject({ ids: z.array(z.number().int().positive()).min(1).max(5000), note: z.string().max(NOTE_MAX_CHARS) });

export const MuteInput = z
  .strictObject({ kind: AlertKind.nullable(), hostName: HostName.nullable(), zone: ZoneName.nullable(), untilMs: z.number().int(), note: z.string().max(NOTE_MAX_CHARS) })
  .refine(({ kind, hostName, zone }) => kind !== null || hostName !== null || zone !== null, { message: 'say what to mute: a kind, a host or a zone', path: ['kind'] });
export type MuteInput = z.infer<typeof MuteInput>;

/** With the host's name; null where it is for every host. */
export const MuteView = z.strictObject({ ...AlertMute.shape, hostName: z.string().nullable() });
export type MuteView = z.infer<typeof MuteView>;

/** `atMs` is the clock that `openedAtMs` is by. */
export const AlertNews = z.strictObject({ atMs: z.number().int(), total: count, newest: z.array(AlertView.pick({ kind: true, hostName: true, openedAtMs: true })) });
export type AlertNews = z.infer<typeof AlertNews>;
