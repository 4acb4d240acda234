import type { AlertKind } from '../model/alert.ts';
import type { ForwardEvent, SpooledEvent } from '../model/forward.ts';
import { activityOf, endsOf, eventMessage, type FlowEnd, severityOf } from './event-words.ts';
import type { Sender } from './sender.ts';

type Json = Readonly<Record<string, unknown>>;
type EventOf<Kind extends ForwardEvent['kind']> = Extract<ForwardEvent, { kind: Kind }>;
/** The part of ECS's `event` that depends on what happened, beside fields of other groups. */
type Parts = { readonly event: Json; readonly fields: Json };

export const ECS_VERSION = '8.11.0';
const ALERT_CATEGORY: Record<AlertKind, string> = { tampered: 'intrusion_detection', drifted: 'configuration', 'agent-silent': 'host', 'flow-blocked': 'network', 'connection-rate': 'network', 'service-new': 'host', posture: 'configuration', footprint: 'host' };
const TYPES = { create: 'creation', update: 'change', delete: 'deletion' } as const;

/**
 * An event in the names of ECS 8.11; what that has no name for is under `firebreak`. `event.id` is the same however often it is sent. Pure.
 * Source: https://www.elastic.co/guide/en/ecs/8.11/ecs-field-reference.html
 */
export function toEcs({ uid, atMs, event }: SpooledEvent, sender: Sender): Json {
  const { event: own, fields } = partsOf(event);
  return {
    '@timestamp': new Date(atMs).toISOString(),
    ecs: { version: ECS_VERSION },
    message: eventMessage(event),
    event: { id: uid, module: 'firebreak', dataset: `firebreak.${event.kind}`, severity: severityOf(event), ...own },
    observer: { hostname: sender.hostName, vendor: 'Firebreak', product: 'Firebreak', type: 'firewall' },
    ...fields,
  };
}

function partsOf(event: ForwardEvent): Parts {
  switch (event.kind) {
    case 'flow':
      return flow(event);
    case 'alert':
      return alert(event);
    case 'audit':
      return auditEntry(event);
    case 'push':
      return push(event);
    case 'test':
      return { event: { kind: 'event', category: ['configuration'], type: ['info'], action: 'test' }, fields: { user: { name: event.user } } };
  }
}

const end = ({ address, name }: FlowEnd): Json => (address === null ? { address: name, domain: name } : { address, ip: address });
const hostOf = ({ host, hostName }: { host: string; hostName: string }): Json => ({ id: host, name: hostName, hostname: hostName });

function flow(event: EventOf<'flow'>): Parts {
  const { from, to } = endsOf(event);
  const isBlocked = event.verdict === 'blocked';
  return {
    event: { kind: 'event', category: ['network'], type: ['connection', isBlocked ? 'denied' : 'allowed'], action: event.verdict, outcome: isBlocked ? 'failure' : 'success' },
    fields: {
      host: hostOf(event),
      source: end(from),
      destination: { ...end(to), ...(event.port === 0 ? {} : { port: event.port }) },
      network: { transport: event.protocol, direction: event.direction === 'in' ? 'ingress' : event.direction === 'out' ? 'egress' : 'unknown' },
      ...(event.user === null ? {} : { user: { name: event.user } }),
      ...(event.process === null ? {} : { process: { name: event.process } }),
      firebreak: { verdict: event.verdict, connections: event.connections, zone: event.zone, policy_version: event.policyVersion, systemd_unit: event.unit },
    },
  };
}

function alert(event: EventOf<'alert'>): Parts {
  return {
    event: { kind: 'alert', category: [ALERT_CATEGORY[event.alertKind]], type: ['info'], action: `${event.alertKind}-${event.change}`, start: new Date(event.firstAtMs).toISOString() },
    fields: { host: hostOf(event), rule: { name: event.alertKind }, firebreak: { alert: event.alert, change: event.change, count: event.count, subject: event.subject, settled_because: event.why } },
  };
}

function auditEntry(event: EventOf<'audit'>): Parts {
  return {
    event: { kind: 'event', category: ['configuration'], type: [TYPES[activityOf(event.action)]], action: event.action, outcome: 'success', hash: event.hash, sequence: event.seq },
    fields: { user: { name: event.actor }, firebreak: { subject: event.subject, detail: event.detail } },
  };
}

function push(event: EventOf<'push'>): Parts {
  const outcome = event.outcome === 'running' || event.outcome === 'interrupted' ? 'unknown' : event.outcome === 'confirmed' ? 'success' : 'failure';
  return {
    event: { kind: 'event', category: ['configuration'], type: ['change'], action: event.pushKind, outcome, start: new Date(event.startedAtMs).toISOString() },
    fields: { user: { name: event.author }, firebreak: { push: event.push, policy_version: event.version, note: event.note, outcome: event.outcome, hosts_by_step: event.hosts } },
  };
}
