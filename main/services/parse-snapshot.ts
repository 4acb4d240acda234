import { z } from 'zod';
import { AgentSnapshotHead } from '../../shared/contract/agent-replies.ts';
import { canonicalAddress } from './host-addresses.ts';
import { RECORDING_SETS, type RecordingSet } from './snapshot-sets.ts';

/** One counted key of a set. Addresses are canonical; `cgroup` is the numeric id as text; `key` is unique within its set. */
export type SnapshotElement = {
  key: string;
  peer: string;
  forwardTo: string | null;
  protocol: string;
  port: number;
  uid: string | null;
  cgroup: string | null;
  packets: number;
  lastSeenAtMs: number;
  expiresAtMs: number;
};
/** By set name. `rejected` counts elements that did not fit. */
export type Snapshot = { head: AgentSnapshotHead; atMs: number; sets: Map<string, SnapshotElement[]>; rejected: number };

const SET_TIMEOUT_SECONDS = 86_400;
/** Four times what our sets hold; what a hostile host adds beyond it is counted and left alone. */
const MAX_ELEMENTS_A_SET = 65_536;
const MAX_SETS = 64;

/** A clock before 2020 or a day ahead of ours cannot be placed in time. */
const EARLIEST_AT_SECONDS = 1_577_836_800;
const MAX_AHEAD_MS = 86_400_000;

const Sets = z.object({ sets: z.record(z.string().max(64), z.array(z.unknown())).refine((sets) => Object.keys(sets).length <= MAX_SETS, 'too many sets') });
const Counted = z.object({
  expires: z
    .number()
    .min(0)
    .max(SET_TIMEOUT_SECONDS * 2)
    .default(SET_TIMEOUT_SECONDS),
  timeout: z
    .number()
    .min(1)
    .max(SET_TIMEOUT_SECONDS * 2)
    .default(SET_TIMEOUT_SECONDS),
  counter: z.object({ packets: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER) }),
  val: z.object({ concat: z.array(z.union([z.string().max(255), z.number().int().min(0)])).max(8) }),
});
/** `nft -j` wraps an element that carries a counter: `{"elem": {"val": {"concat": […]}, "expires": …, "counter": {…}}}`. */
const Element = z.object({ elem: Counted });

/** Names of /etc/protocols that differ from ours, and the numbers that nft prints where a host has no such file (IANA protocol numbers). */
const PROTOCOLS: Readonly<Record<string, string>> = {
  '1': 'icmp',
  '2': 'igmp',
  '6': 'tcp',
  '17': 'udp',
  '58': 'icmpv6',
  '132': 'sctp',
  'ipv6-icmp': 'icmpv6',
  ip: 'hopopt',
};
const PROTOCOL_NAME = /^[a-z0-9][a-z0-9.+-]{0,31}$/;

/**
 * One line of `drain`. Everything in it is what a host claims: unknown sets are ignored, elements that do not fit are counted as rejected.
 * Gives null where the line as a whole is no snapshot, or its time cannot be (`nowMs` is the console's clock).
 */
export function parseSnapshot(line: string, nowMs: number): Snapshot | null {
  const json = parseJson(line);
  const head = AgentSnapshotHead.safeParse(json);
  const sets = Sets.safeParse(json);
  if (!head.success || !sets.success || head.data.seq < 0 || !Number.isSafeInteger(head.data.seq)) return null;
  const atMs = Math.round(head.data.at * 1000);
  if (head.data.at < EARLIEST_AT_SECONDS || atMs > nowMs + MAX_AHEAD_MS) return null;
  const snapshot: Snapshot = { head: head.data, atMs, sets: new Map(), rejected: 0 };
  for (const set of RECORDING_SETS) {
    for (const name of [set.name, set.refusals].filter((n) => n !== null)) {
      const raw = Object.hasOwn(sets.data.sets, name) ? (sets.data.sets[name] ?? []) : [];
      snapshot.sets.set(name, readSet(raw, set, snapshot));
    }
  }
  return snapshot;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Same as JSON of another shape: the caller counts the line.
    return null;
  }
}

function readSet(raw: readonly unknown[], set: RecordingSet, snapshot: Snapshot): SnapshotElement[] {
  const elements = new Map<string, SnapshotElement>();
  for (const item of raw.slice(0, MAX_ELEMENTS_A_SET)) {
    const element = readElement(item, set, snapshot.atMs);
    if (element === null || elements.has(element.key)) snapshot.rejected += 1;
    else elements.set(element.key, element);
  }
  snapshot.rejected += Math.max(0, raw.length - MAX_ELEMENTS_A_SET);
  return [...elements.values()];
}

function readElement(item: unknown, set: RecordingSet, atMs: number): SnapshotElement | null {
  const parsed = Element.safeParse(item);
  if (!parsed.success) return null;
  const { val, counter, expires, timeout } = parsed.data.elem;
  if (val.concat.length !== set.key.length) return null;
  const part = (name: RecordingSet['key'][number]): string | null => {
    const at = set.key.indexOf(name);
    return at < 0 ? null : String(val.concat[at]);
  };
  const peer = canonicalAddress(part('peer') ?? part('source') ?? '');
  const forwardTo = set.direction === 'forward' ? canonicalAddress(part('destination') ?? '') : null;
  const protocol = PROTOCOLS[part('protocol') ?? ''] ?? part('protocol') ?? '';
  const port = Number(part('port'));
  if (peer === null || (set.direction === 'forward' && forwardTo === null) || !PROTOCOL_NAME.test(protocol)) return null;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) return null;
  return {
    key: JSON.stringify(val.concat.map(String)),
    peer,
    forwardTo,
    protocol,
    port,
    uid: part('uid'),
    cgroup: part('cgroup'),
    packets: counter.packets,
    lastSeenAtMs: atMs - Math.max(0, Math.round((timeout - expires) * 1000)),
    expiresAtMs: atMs + Math.round(expires * 1000),
  };
}
