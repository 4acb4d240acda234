import { createHash } from 'node:crypto';
import { listFleet } from '../../main/services/fleet.ts';
import { getVersionPolicy } from '../../main/services/versions.ts';
import type { Backend } from '../../main/services/backend.ts';
import type { HostKey } from '../../shared/model/host.ts';
import { PolicyVersionId } from '../../shared/model/ids.ts';
import { createSimulator, type Simulator } from '../../shared/policy/simulate.ts';
import { familyOf, type Judge } from '../fakehost/fake-host-spec.ts';
import { FakeMachine } from '../fakehost/fake-machine.ts';
import type { Random } from '../../shared/seeded-random.ts';
import { SITE_HOSTS } from './site-hosts.ts';
import { SITE_TRAFFIC, type SiteTraffic } from './site-traffic.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A made-up host key, the same for the same name; its host is never connected to. */
export const keyOf = (hostName: string): HostKey => ({
  algorithm: 'ssh-ed25519',
  fingerprint: `SHA256:${createHash('sha256').update(`host key of ${hostName}`).digest('base64').replace(/=+$/, '')}`,
});

export type Site = {
  readonly machines: readonly FakeMachine[];
  machine(name: string): FakeMachine;
  /** The traffic of some hours up to now, through the rules that the hosts run now. */
  run(hours: number): void;
};

/** The simulated machines of the site. Verdicts come from the policy simulator, over the version that each host runs. `backend` is asked when the first rules judge. */
export function createSite(clock: { nowMs: number }, endMs: number, random: Random, backend: () => Backend): Site {
  const simulators = new Map<number, Simulator>();
  const simulatorOf = (version: number): Simulator => {
    const known = simulators.get(version);
    if (known !== undefined) return known;
    const made = createSimulator(getVersionPolicy(backend(), PolicyVersionId.parse(version)), listFleet(backend()), { nowMs: clock.nowMs });
    simulators.set(version, made);
    return made;
  };
  const judge: Judge = ({ hostName, direction, packet, policyVersion }) => {
    const simulator = simulatorOf(policyVersion);
    const own = direction === 'in' ? packet.destination : packet.source;
    const host = simulator.hostsAt(own).find((h) => h.name === hostName);
    if (host === undefined) return true;
    const asked = { ...packet, sourcePort: null };
    return (direction === 'in' ? simulator.decideInbound(host.id, asked) : simulator.decideOutbound(host.id, asked)).verdict === 'allowed';
  };
  const machines = SITE_HOSTS.filter((h) => h.ssh).map(
    ({ name, addresses, listens }) => new FakeMachine({ name, addresses, listens }, judge, () => clock.nowMs / 1000),
  );
  const machine = (name: string): FakeMachine => {
    const found = machines.find((m) => m.spec.name === name);
    if (found === undefined) throw new Error(`the site has no machine ${name}`);
    return found;
  };
  const run = (hours: number) => {
    for (const traffic of SITE_TRAFFIC) {
      if (endMs - clock.nowMs > traffic.fromDay * DAY_MS) continue;
      for (let n = countOf(traffic, hours, random); n > 0; n -= 1) connect(machines, traffic);
    }
  };
  return { machines, machine, run };
}

/** About `perHour` times `hours`, half more or less. */
function countOf(traffic: SiteTraffic, hours: number, random: Random): number {
  const expected = traffic.perHour * hours * (0.5 + random.below(1000) / 1000);
  return Math.floor(expected) + (random.chance(expected % 1) ? 1 : 0);
}

/** Out of the consumer, and into the provider if nothing stopped it; ends outside of the site record nothing. */
function connect(machines: readonly FakeMachine[], { from, to, protocol, port, family = 4, user, unit }: SiteTraffic): void {
  const find = (name: string) => machines.find((m) => m.spec.name === name);
  const addressOf = (name: string) => SITE_HOSTS.find((h) => h.name === name)?.addresses.find((a) => familyOf(a) === family) ?? name;
  const common = { source: addressOf(from), destination: addressOf(to), protocol, port };
  const sent = find(from)?.pass({ ...common, direction: 'out', user, unit }) ?? 'connected';
  // Nobody listening is seen by the provider as well: only its own rules can stop it there.
  if (sent === 'connected') find(to)?.pass({ ...common, direction: 'in', user: null, unit: null });
}
