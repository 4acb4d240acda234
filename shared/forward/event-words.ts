import { alertTitle, serviceOf } from '../alerts/alert-text.ts';
import type { AlertKind } from '../model/alert.ts';
import type { ForwardEvent } from '../model/forward.ts';

type Flow = Extract<ForwardEvent, { kind: 'flow' }>;

/** One line for people. Pure. */
export function eventMessage(event: ForwardEvent): string {
  switch (event.kind) {
    case 'audit':
      return `${event.actor}: ${event.action} ${event.subject}${event.detail === '' ? '' : ` (${event.detail})`}`;
    case 'alert': {
      const title = alertTitle(event.subject, { hostName: event.hostName, peerName: null, kind: event.alertKind, count: event.count });
      return event.change === 'opened' ? title : `Settled: ${title} (${event.why})`;
    }
    case 'push':
      return `${event.pushKind} ${event.push} of version ${event.version} by ${event.author}: ${event.outcome}${pushHosts(event.hosts)}`;
    case 'flow': {
      const { from, to } = endsOf(event);
      const times = event.connections === 1 ? '' : `, ${event.connections} times`;
      return `${event.verdict === 'blocked' ? 'Blocked' : 'Would be blocked'} at ${event.hostName}: ${from.address ?? from.name} → ${to.address ?? to.name} ${serviceOf(event.protocol, event.port)}${times}`;
    }
    case 'test':
      return `${event.user} tests where Firebreak sends its events`;
  }
}

const pushHosts = (hosts: Extract<ForwardEvent, { kind: 'push' }>['hosts']): string => {
  const parts = Object.entries(hosts).map(([step, amount]) => `${amount} ${step}`);
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
};

/** One end of a connection: an address, or the host that reports it, whose own address is not recorded. Exactly one is null. */
export type FlowEnd = { readonly address: string; readonly name: null } | { readonly address: null; readonly name: string };

/** Who began the connection, and whom it was for. Pure. */
export function endsOf({ direction, peerAddress, forwardTo, hostName }: Flow): { from: FlowEnd; to: FlowEnd } {
  const [peer, host]: [FlowEnd, FlowEnd] = [{ address: peerAddress, name: null }, { address: null, name: hostName }];
  if (direction === 'out') return { from: host, to: peer };
  return { from: peer, to: direction === 'forward' && forwardTo !== null ? { address: forwardTo, name: null } : host };
}

/** As OCSF counts: 1 informational, 2 low, 3 medium, 4 high. */
export type Severity = 1 | 2 | 3 | 4;
const ALERT_SEVERITY: Record<AlertKind, Severity> = { tampered: 4, drifted: 4, 'agent-silent': 3, 'flow-blocked': 3, 'connection-rate': 3, 'service-new': 2, posture: 3, footprint: 2 };

export function severityOf(event: ForwardEvent): Severity {
  if (event.kind === 'alert') return event.change === 'settled' ? 1 : ALERT_SEVERITY[event.alertKind];
  if (event.kind === 'push') return event.outcome === 'running' || event.outcome === 'confirmed' ? 1 : 3;
  return event.kind === 'flow' && event.verdict === 'blocked' ? 2 : 1;
}

/** What an entry of the audit log did, by the verb of its action: `group.verb` as in the contract. */
export function activityOf(action: string): 'create' | 'delete' | 'update' {
  const verb = action.split('.')[1] ?? '';
  if (/^(add|create|begin|install|mute)/.test(verb)) return 'create';
  return /^(remove|delete|uninstall|unmute|forget)/.test(verb) ? 'delete' : 'update';
}
