import { POSTURE_TITLES } from '../text/posture-text.ts';
import type { AlertKind, AlertSettings, AlertSubject } from '../model/alert.ts';

/** As people read the kinds, one of them and several. */
export const ALERT_WORDS: Record<AlertKind, { readonly one: string; readonly many: string }> = {
  tampered: { one: 'Tampering', many: 'tamper alerts' },
  drifted: { one: 'Drift', many: 'drifted hosts' },
  'agent-silent': { one: 'Agent silent', many: 'silent agents' },
  'flow-blocked': { one: 'New blocked flow', many: 'new blocked flows' },
  'connection-rate': { one: 'Connection rate', many: 'unusual connection rates' },
  'service-new': { one: 'New service', many: 'new listening services' },
  posture: { one: 'Posture', many: 'hosts kept worse than before' },
  footprint: { one: 'Footprint', many: 'passed footprint thresholds' },
};

/** What the subject is called where a port has no number: protocols without ports have port 0. */
export const serviceOf = (protocol: string, port: number | null): string => (port === null ? 'other ports' : port === 0 ? protocol : `${protocol}/${port}`);

type Named = { readonly hostName: string; readonly peerName: string | null; readonly kind: AlertKind; readonly count: number };

/** One line: what, and where. `peerName` is the other end of a flow as it is called now. Pure. */
export function alertTitle(subject: AlertSubject, { hostName, peerName, kind, count }: Named): string {
  switch (subject.kind) {
    case 'flow-blocked': {
      const peer = subject.peerAddress === null ? 'public addresses' : (peerName ?? subject.peerAddress);
      const service = serviceOf(subject.protocol, subject.port);
      if (subject.direction === 'forward') return `${peer} → ${subject.forwardTo ?? 'another network'} ${service} by way of ${hostName}`;
      return subject.direction === 'out' ? `${hostName} → ${peer} ${service}` : `${peer} → ${hostName} ${service}`;
    }
    case 'service-new':
      return `${hostName} listens on ${serviceOf(subject.protocol, subject.port)}${subject.process === null ? '' : ` (${subject.process})`}`;
    case 'agent-silent':
      return subject.code === 'AGENT_MISSING' ? `${hostName} has no agent any more` : `${hostName} does not answer`;
    case 'tampered':
      return subject.what === 'host-key' ? `${hostName} shows another SSH key` : `${subject.what} of ${hostName} were changed on the host`;
    case 'drifted':
      return `${hostName}: ${subject.text}`;
    case 'posture':
      return `${hostName}: ${POSTURE_TITLES[subject.fact]} is ${subject.value}, and was ${subject.before}`;
    case 'footprint':
      return `${hostName}: ${FIGURES[subject.figure](subject.value, subject.limit)}`;
    case 'connection-rate':
      return `${hostName}: ${whole(subject.perHour)} ${subject.direction === 'in' ? 'incoming' : 'outgoing'} connections in an hour, ${whole(subject.busiestPerHour)} in its busiest before`;
    case 'more':
      return `and ${whole(count)} more ${ALERT_WORDS[kind].many} at ${hostName}`;
  }
}

const whole = (amount: number): string => Math.round(amount).toLocaleString('en');
const short = (amount: number): string => String(Number(amount.toFixed(2)));
const FIGURES: Record<'cpu' | 'latency' | 'stored', (value: number, limit: number) => string> = {
  cpu: (value, limit) => `its agent takes ${short(value)} % of one CPU, more than ${short(limit)} %`,
  latency: (value, limit) => `its rules add ${short(value)} ms to a connect, more than ${short(limit)} ms`,
  stored: (value, limit) => `its agent stores ${whole(value)} MB, more than ${whole(limit)} MB`,
};

/** When an alert of the kind is raised, and when it settles by itself. Pure. */
export function alertRule(kind: AlertKind, settings: AlertSettings): string {
  const quiet = `Settles when it was not seen for ${settings.quietAfterDays} days`;
  switch (kind) {
    case 'flow-blocked':
      return `A pair and service that was never blocked at this host before. Public addresses count together for each service that listens. ${quiet}, or is let through.`;
    case 'service-new':
      return 'A socket that was not in the host’s facts before, and not on loopback only. High UDP ports are left out: clients use them. Settles when nothing listens there any more.';
    case 'agent-silent':
      return `The console asked and got no answer${settings.silentAfterHours === 0 ? '' : `, and last heard of the host ${settings.silentAfterHours} hours ago or more`}. Settles when the agent reports again.`;
    case 'tampered':
      return 'The host recorded that rules, files or units of the agent were changed, or it shows another SSH key. The host puts rules right by itself; the alert stays until somebody acknowledges it.';
    case 'drifted':
      return 'The host’s status differs from what was sent to it, while no push runs. Settles when it is again as it was told to be.';
    case 'posture':
      return 'A host that said that it had Secure Boot, encrypted disks or endpoint security says now that it has not. Pending security updates come and go, and raise none. Settles when it no longer says so.';
    case 'footprint':
      return `More than ${settings.cpuPercent} % of one CPU over a day, ${settings.addedLatencyMs} ms added to the slowest hundredth of connects, or ${settings.storedMegabytes} MB stored. Settles below.`;
    case 'connection-rate':
      return `More than ${settings.rateFactor} times the connections an hour of the host’s busiest hour in the 14 days before, and at least ${settings.rateAtLeast}; after a day of record. ${quiet}, or when a later hour is as usual.`;
  }
}
