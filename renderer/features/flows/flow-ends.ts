import type { FlowRow, HostView } from '../../../shared/contract/views.ts';
import { Identity } from '../../../shared/model/identity.ts';
import { printIdentity } from '../../../shared/text/identity-text.ts';
import { type SeenEnd, serviceText } from '../../editors/draft-from-flow.ts';
import type { ExplainForm } from '../../editors/explain-form.ts';

/** Consumer and provider of a flow: what was reported as `out` began at the reporter, everything else at the peer. */
export function endsOfFlow(flow: FlowRow, hosts: readonly HostView[]): { from: SeenEnd; to: SeenEnd } {
  const reporter: SeenEnd = { name: flow.reporterName, host: hosts.find((host) => host.id === flow.reporter) ?? null };
  const peer: SeenEnd = {
    name: flow.peerHost === null && flow.peerName === '' ? flow.peerAddress : flow.peerName,
    host: hosts.find((host) => host.id === flow.peerHost) ?? null,
  };
  return flow.direction === 'out' ? { from: reporter, to: peer } : { from: peer, to: reporter };
}

/**
 * The same two as whoever explains a connection reads them: hosts by name, everybody else by address; and the user that opened it, on whom the draft's verdict in the list may depend. What comes
 * in does not tell who sent it: its user is the listener's. Not for what is only forwarded, which no rule decides.
 */
export function explainEndsOf(flow: FlowRow): Pick<ExplainForm, 'from' | 'to' | 'service' | 'as'> {
  const peer = flow.peerHost === null ? flow.peerAddress : flow.peerName;
  const [from, to] = flow.direction === 'out' ? [flow.reporterName, peer] : [peer, flow.reporterName];
  const sender = Identity.safeParse({ kind: 'user', name: flow.direction === 'out' ? flow.user : null });
  return { from, to, service: serviceText(flow), as: sender.success ? printIdentity(sender.data) : '' };
}
