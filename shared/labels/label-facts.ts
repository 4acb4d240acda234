import type { AgentFacts } from '../contract/agent-replies.ts';
import type { PublishedPort } from '../model/host.ts';
import type { TextFact } from '../model/label-rule.ts';
import { UNKNOWN_POSTURE } from '../model/posture.ts';
import { TransportProtocol } from '../model/service.ts';
import { readPosture } from '../posture/say-posture.ts';

/** What label rules look at of what a host says about itself. Bounded by the schema of facts; lists may be empty. */
export type LabelFacts = {
  readonly texts: Readonly<Record<TextFact, readonly string[]>>;
  readonly listens: readonly PublishedPort[];
  readonly publishes: readonly PublishedPort[];
  /** Addresses that stand for the host, canonical. */
  readonly addresses: readonly string[];
};

/** `derived`: what the backend makes of the same facts anyway. A listener on loopback counts as a process and not as a service. */
export function readLabelFacts(facts: AgentFacts, derived: { readonly publishes: readonly PublishedPort[]; readonly addresses: readonly string[] }): LabelFacts {
  const { listening } = facts;
  const posture = facts.posture === undefined ? UNKNOWN_POSTURE : readPosture(facts.posture);
  const known = (value: string): string[] => (value === 'unknown' ? [] : [value]);
  const unique = (texts: readonly (string | null)[]): string[] => [...new Set(texts.filter((text) => text !== null && text !== ''))].filter((text) => text !== null);
  return {
    texts: {
      os: unique([facts.os.id]),
      'os-version': unique([facts.os.version]),
      kernel: unique([facts.kernel]),
      arch: unique([facts.arch]),
      process: unique(listening.map(({ process }) => process)),
      unit: unique(listening.map(({ unit }) => unit)),
      timer: unique(facts.timers.map(({ unit }) => unit)),
      interface: unique(facts.addresses.map((address) => address.interface)),
      firewall: unique(facts.firewalls.map(({ name }) => name)),
      'secure-boot': known(posture['secure-boot']),
      disk: known(posture.disk),
      updates: known(posture.updates),
      // By name, as a process; that none runs is no text.
      edr: unique(facts.posture?.edr ?? []),
    },
    listens: listening.filter(({ address }) => !isLoopback(address)).flatMap(({ protocol, port }) => toPort(protocol, port)),
    ...derived,
  };
}

function toPort(protocol: string, port: number): PublishedPort[] {
  // The kernel's own lists say tcp6.
  const transport = TransportProtocol.safeParse(protocol.replace(/6$/, ''));
  return transport.success && port >= 0 && port <= 65_535 ? [{ protocol: transport.data, from: port, to: port }] : [];
}

const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1' || address.startsWith('::ffff:127.');
