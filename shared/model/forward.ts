import { z } from 'zod';
import { AlertKind, AlertSubject } from './alert.ts';
import { PushStep } from './diff.ts';
import { FlowDirection } from './flow.ts';

/** What is sent: alerts as they open and settle, entries of the audit log, refused and would-be-refused connections, pushes as they begin and end. */
export const ForwardKind = z.enum(['alert', 'audit', 'flow', 'push']);
export type ForwardKind = z.infer<typeof ForwardKind>;

/** Whose field names an event has: Open Cybersecurity Schema Framework 1.5, or Elastic Common Schema 8. */
export const ForwardFormat = z.enum(['ocsf', 'ecs']);
export type ForwardFormat = z.infer<typeof ForwardFormat>;

export const ForwardName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'a destination is called by small letters, digits and - (40 at most)');

const Host = z.string().regex(/^[A-Za-z0-9._:-]{1,253}$/, 'a host name or an address');
const Port = z.number().int().min(1).max(65_535);
/** On the console's machine; read each time that something is sent. */
const FilePath = z.string().regex(/^\/[^\0]+$/, 'write the whole path, from /').max(1000);
const CaPath = FilePath.nullable();

/** Where events go. `caPath` null: the certificate authorities that come with Node. `keyPath`: a file with the key that signs, which itself is never stored. */
export const ForwardTarget = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('syslog-udp'), host: Host, port: Port }),
  z.strictObject({ kind: z.literal('syslog-tcp'), host: Host, port: Port }),
  z.strictObject({ kind: z.literal('syslog-tls'), host: Host, port: Port, caPath: CaPath }),
  /** A new file is begun beyond the size, and so many former ones are kept as PATH.1, PATH.2, … */
  z.strictObject({ kind: z.literal('file'), path: FilePath, rotateMegabytes: z.number().int().min(1).max(10_240), keepFiles: z.number().int().min(1).max(100) }),
  z.strictObject({ kind: z.literal('webhook'), url: z.string().regex(/^https:\/\/[^\s@]+$/, 'an address that begins with https://, without a user').max(2000), keyPath: FilePath, caPath: CaPath }),
]);
export type ForwardTarget = z.infer<typeof ForwardTarget>;

export const ForwardDestination = z.strictObject({ name: ForwardName, target: ForwardTarget, format: ForwardFormat, kinds: z.array(ForwardKind).min(1) });
export type ForwardDestination = z.infer<typeof ForwardDestination>;

/** What happened, as it was when it was put into the spool; names are those of then. */
export const ForwardEvent = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('audit'), seq: z.number().int(), actor: z.string(), action: z.string(), subject: z.string(), detail: z.string(), hash: z.string() }),
  z.strictObject({ kind: z.literal('alert'), change: z.enum(['opened', 'settled']), alert: z.number().int(), alertKind: AlertKind, host: z.string(), hostName: z.string(), subject: AlertSubject, count: z.number().int(), firstAtMs: z.number().int(), why: z.string() }),
  /** `hosts`: how many stand at which step. */
  z.strictObject({ kind: z.literal('push'), push: z.string(), pushKind: z.enum(['push', 'rollback']), version: z.number().int(), author: z.string(), note: z.string(), outcome: z.enum(['running', 'confirmed', 'partly', 'failed', 'interrupted']), startedAtMs: z.number().int(), hosts: z.partialRecord(PushStep, z.number().int()) }),
  /** `connections`: so many new ones since the host was last asked. `forwardTo`: the destination of one that passed through. */
  z.strictObject({ kind: z.literal('flow'), verdict: z.enum(['would-block', 'blocked']), host: z.string(), hostName: z.string(), direction: FlowDirection, peerAddress: z.string(), forwardTo: z.string().nullable(), protocol: z.string(), port: z.number().int(), user: z.string().nullable(), unit: z.string().nullable(), process: z.string().nullable(), zone: z.string().nullable(), policyVersion: z.number().int().nullable(), connections: z.number().int() }),
  /** Sent by hand, past the spool. */
  z.strictObject({ kind: z.literal('test'), user: z.string() }),
]);
export type ForwardEvent = z.infer<typeof ForwardEvent>;

/** `uid` is the same however often the event is sent: whoever counts keeps one of each. */
export type SpooledEvent = { readonly id: number; readonly uid: string; readonly atMs: number; readonly event: ForwardEvent };
/** As it waits in the spool; `event` null: it cannot be read. */
export type WaitingEvent = Omit<SpooledEvent, 'event'> & { readonly event: ForwardEvent | null };
