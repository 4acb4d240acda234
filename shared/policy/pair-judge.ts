import type { FleetHost } from '../model/host.ts';
import type { Policy } from '../model/policy.ts';
import type { ServicePort } from './grant.ts';
import { createSimulator, type Packet } from './simulate.ts';

/**
 * `new`: an allow rule for the two hosts would let something through that the draft does not · `permitted`: the draft lets all of it through ·
 * `denied`: what it does not let through, it denies.
 */
export type PairVerdict = 'new' | 'permitted' | 'denied';

/**
 * Asks the simulator for every pair of addresses, as if every host enforced and restricted outbound, and for a sender that no rule names at no particular time: what is
 * permitted or denied to some user, some unit or at some hours leaves everybody else, so it decides nothing here.
 */
export function createPairJudge(policy: Policy, hosts: readonly FleetHost[], { nowMs }: { readonly nowMs: number }): (consumer: FleetHost, provider: FleetHost, service: ServicePort) => PairVerdict {
  const rules = policy.rules.filter((rule) => rule.schedule === null);
  const simulator = createSimulator({ ...policy, rules }, hosts, { nowMs, assume: 'all-restricted' });
  const judgeOne = (packet: Packet): PairVerdict => {
    const { verdict, by } = simulator.decideConnection(packet);
    if (verdict === 'allowed') return 'permitted';
    return by === null ? 'new' : 'denied';
  };
  return (consumer, provider, { protocol, port }) => {
    const verdicts = addressPairs(consumer, provider).map(([source, destination]) => judgeOne({ source, destination, protocol, port, sourcePort: null, ...SOMEBODY }));
    if (verdicts.includes('new')) return 'new';
    return verdicts.includes('permitted') ? 'permitted' : 'denied';
  };
}

/** Names that no host can have (a space), and that are of the kind that the simulator compares for sure: no numbers, services. */
const SOMEBODY = { user: 'some body', group: 'some body', unit: 'some body.service', listener: 'some body.service' } as const;

function addressPairs(consumer: FleetHost, provider: FleetHost): [string, string][] {
  return consumer.addresses.flatMap((source) =>
    provider.addresses.flatMap((destination): [string, string][] => (source.includes(':') === destination.includes(':') ? [[source, destination]] : [])),
  );
}
