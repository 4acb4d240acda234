import type { AlertView } from '../../../shared/contract/alerts.ts';
import type { HostView } from '../../../shared/contract/views.ts';
import type { SeenEnd } from '../../editors/draft-from-flow.ts';

type FlowsSearch = { from?: string; to?: string; text?: string; verdict?: 'blocked'; period: '30d' };

/** The filters under which the flows screen shows what the alert is about; null where it is about no flow. */
export function flowsOf({ subject, hostName }: Pick<AlertView, 'subject' | 'hostName'>): FlowsSearch | null {
  if (subject.kind === 'connection-rate') return { [subject.direction === 'in' ? 'to' : 'from']: hostName, period: '30d' };
  if (subject.kind !== 'flow-blocked') return null;
  const text = subject.port === null || subject.port === 0 ? {} : { text: `${subject.protocol}/${subject.port}` };
  const peer = subject.peerAddress;
  if (subject.direction === 'out') return { from: hostName, ...(peer === null ? {} : { to: peer }), ...text, verdict: 'blocked', period: '30d' };
  return { ...(peer === null ? {} : { from: peer }), ...(subject.direction === 'forward' ? {} : { to: hostName }), ...text, verdict: 'blocked', period: '30d' };
}

/** Both ends of a blocked flow as a rule may name them; null where no one rule is meant: strangers together, or what is only passed on. */
export function draftedEnds(
  { subject, hostName, peerName }: Pick<AlertView, 'subject' | 'hostName' | 'peerName'>,
  hosts: readonly HostView[],
): { from: SeenEnd; to: SeenEnd; service: { protocol: string; port: number } } | null {
  if (subject.kind !== 'flow-blocked' || subject.peerAddress === null || subject.port === null || subject.direction === 'forward') return null;
  const own: SeenEnd = { name: hostName, host: hosts.find(({ name }) => name === hostName) ?? null };
  const peer: SeenEnd = { name: peerName ?? subject.peerAddress, host: hosts.find(({ name }) => name === peerName) ?? null };
  const service = { protocol: subject.protocol, port: subject.port };
  return subject.direction === 'out' ? { from: own, to: peer, service } : { from: peer, to: own, service };
}
