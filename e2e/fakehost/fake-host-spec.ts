/** A simulated machine of the fleet. */
export type FakeHostSpec = {
  name: string;
  /** At least one; IPv4 and IPv6. */
  addresses: readonly string[];
  /** What runs there, by port: shown in the facts, and the cgroup of what arrives. */
  listens: readonly FakeService[];
};
export type FakeService = { protocol: 'tcp' | 'udp'; port: number; process: string; user: string; unit: string };

/** One conversation: a process on `from` connects to `to`. Names of hosts of the fleet, or addresses outside of it. */
export type FakeConnection = { from: string; to: string; protocol: 'tcp' | 'udp'; port: number; family?: 4 | 6; user: string; unit: string };

/** `connected`, or how it failed: nobody listens or the consumer's own host rejects it · the provider's host drops it · no such host or family. */
export type FakeOutcome = 'connected' | 'refused' | 'timeout' | 'unreachable';

/** Asked for each new connection at each end whose rules are in test or enforce; nothing about verdicts is known here. */
export type JudgeQuestion = {
  hostName: string;
  hostId: string;
  direction: 'in' | 'out';
  /** The bundle that the host runs, as it was sent. */
  bundleText: string;
  policyVersion: number;
  mode: string;
  packet: { source: string; destination: string; protocol: 'tcp' | 'udp'; port: number };
};
/** True: a rule allows it. */
export type Judge = (question: JudgeQuestion) => boolean;

const UIDS: Readonly<Record<string, number>> = { root: 0, 'www-data': 33, postgres: 105, redis: 106, monitor: 998 };

/** One uid for one name, the same on every simulated host. */
export function uidOf(user: string): number {
  const known = UIDS[user];
  if (known !== undefined) return known;
  let sum = 0;
  for (const character of user) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9000;
  return 1000 + sum;
}

export const familyOf = (address: string): 4 | 6 => (address.includes(':') ? 6 : 4);

/** A packet that opens a connection, as one machine sees it pass. */
export type Passage = { direction: 'in' | 'out'; source: string; destination: string; protocol: 'tcp' | 'udp'; port: number; user: string | null; unit: string | null };
