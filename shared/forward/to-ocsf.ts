import type { ForwardEvent, SpooledEvent } from '../model/forward.ts';
import { activityOf, endsOf, eventMessage, type FlowEnd, severityOf } from './event-words.ts';
import type { Sender } from './sender.ts';

type Json = Readonly<Record<string, unknown>>;
type EventOf<Kind extends ForwardEvent['kind']> = Extract<ForwardEvent, { kind: Kind }>;

export const OCSF_VERSION = '1.5.0';
const PROTOCOL_NUMBERS: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58, sctp: 132 };
const SERVER = 1;
const SEVERITIES = { 1: 'Informational', 2: 'Low', 3: 'Medium', 4: 'High' } as const;

/**
 * An event in the names of OCSF 1.5: alerts as Detection Finding (2004), the audit log and pushes as API Activity (6003), refused connections as Network Activity (4001)
 * with the profile security_control, a test as Base Event (0). `metadata.uid` is the same however often it is sent. Pure. Source: https://schema.ocsf.io/1.5.0
 */
export function toOcsf({ uid, atMs, event }: SpooledEvent, sender: Sender): Json {
  const profiles = event.kind === 'flow' ? { profiles: ['host', 'security_control'] } : {};
  return {
    ...classOf(event, sender),
    time: atMs,
    severity_id: severityOf(event),
    severity: SEVERITIES[severityOf(event)],
    message: eventMessage(event),
    metadata: { uid, version: OCSF_VERSION, product: { name: 'Firebreak', vendor_name: 'Firebreak' }, event_code: event.kind, ...profiles },
  };
}

const classIds = (category: number, classId: number, activity: number): Json => ({ category_uid: category, class_uid: classId, activity_id: activity, type_uid: classId * 100 + activity });

function classOf(event: ForwardEvent, sender: Sender): Json {
  switch (event.kind) {
    case 'flow':
      return flow(event);
    case 'alert':
      return finding(event);
    case 'audit':
      return auditEntry(event, sender);
    case 'push':
      return push(event, sender);
    case 'test':
      return classIds(0, 0, 99);
  }
}

/** Refused: activity 5 Refuse, action 2 Denied, disposition 2 Blocked. Would be refused: it was let through (1 Open, 1 Allowed), and is told of (15 Detected). */
function flow(event: EventOf<'flow'>): Json {
  const isBlocked = event.verdict === 'blocked';
  const { from, to } = endsOf(event);
  const number = PROTOCOL_NUMBERS[event.protocol];
  return {
    ...classIds(4, 4001, isBlocked ? 5 : 1),
    action_id: isBlocked ? 2 : 1,
    disposition_id: isBlocked ? 2 : 15,
    count: event.connections,
    src_endpoint: endpoint(from),
    dst_endpoint: { ...endpoint(to), ...(event.port === 0 ? {} : { port: event.port }) },
    connection_info: { direction_id: event.direction === 'in' ? 1 : event.direction === 'out' ? 2 : 0, protocol_name: event.protocol, ...(number === undefined ? {} : { protocol_num: number }) },
    device: deviceOf(event),
    ...actorOf(event),
    unmapped: { verdict: event.verdict, zone: event.zone, policy_version: event.policyVersion, systemd_unit: event.unit },
  };
}

const endpoint = ({ address, name }: FlowEnd): Json => (address === null ? { hostname: name } : { ip: address });
const deviceOf = ({ host, hostName }: { host: string; hostName: string }): Json => ({ uid: host, hostname: hostName, type_id: SERVER });

function actorOf({ user, process }: EventOf<'flow'>): Json {
  if (user === null && process === null) return {};
  return { actor: { ...(user === null ? {} : { user: { name: user } }), ...(process === null ? {} : { process: { name: process } }) } };
}

/** Activity 1 Create and 3 Close; status 1 New and 4 Resolved. */
function finding(event: EventOf<'alert'>): Json {
  const isOpen = event.change === 'opened';
  return {
    ...classIds(2, 2004, isOpen ? 1 : 3),
    status_id: isOpen ? 1 : 4,
    is_alert: isOpen,
    count: event.count,
    finding_info: { uid: String(event.alert), title: eventMessage(event), first_seen_time: event.firstAtMs, types: [event.alertKind] },
    device: deviceOf(event),
    unmapped: { subject: event.subject, ...(isOpen ? {} : { settled_because: event.why }) },
  };
}

const ACTIVITIES = { create: 1, update: 3, delete: 4 } as const;

function auditEntry(event: EventOf<'audit'>, sender: Sender): Json {
  return {
    ...classIds(6, 6003, ACTIVITIES[activityOf(event.action)]),
    status_id: 1,
    actor: { user: { name: event.actor } },
    api: { operation: event.action, service: { name: 'firebreak' } },
    src_endpoint: { hostname: event.actor.startsWith('host:') ? event.actor.slice('host:'.length) : sender.hostName },
    resources: [{ name: event.subject }],
    unmapped: { audit_seq: event.seq, audit_hash: event.hash, detail: event.detail },
  };
}

/** Status 1 Success, 2 Failure; 0 while it is not known. */
function push(event: EventOf<'push'>, sender: Sender): Json {
  return {
    ...classIds(6, 6003, 3),
    status_id: event.outcome === 'running' || event.outcome === 'interrupted' ? 0 : event.outcome === 'confirmed' ? 1 : 2,
    status_detail: event.outcome,
    actor: { user: { name: event.author } },
    api: { operation: event.pushKind, service: { name: 'firebreak' } },
    src_endpoint: { hostname: sender.hostName },
    resources: [{ uid: event.push, name: `policy version ${event.version}`, type: 'policy' }],
    start_time: event.startedAtMs,
    unmapped: { note: event.note, hosts_by_step: event.hosts },
  };
}
