import type { FleetHost } from '../model/host.ts';
import type { HostId } from '../model/ids.ts';

/**
 * Between which two hosts a rule can open anything: two different ones, with addresses of one family, at least one of them managed. Between two unmanaged
 * hosts nothing of ours stands.
 */
export type Routes = {
  readonly has: (consumer: FleetHost, provider: FleetHost) => boolean;
  /** How many pairs of a consumer and a provider; by kinds of hosts, not pair by pair. */
  readonly count: (ends: { readonly consumers: readonly FleetHost[]; readonly providers: readonly FleetHost[] }) => number;
};

const HAS_V4 = 1;
const HAS_V6 = 2;
const IS_MANAGED = 4;
const KINDS = 8;

export function createRoutes(hosts: readonly FleetHost[]): Routes {
  const kinds = new Map<HostId, number>(hosts.map((host) => [host.id, kindOf(host)]));
  const kind = (host: FleetHost) => kinds.get(host.id) ?? 0;
  const tally = (ends: readonly FleetHost[]): number[] => {
    const counts = new Array<number>(KINDS).fill(0);
    for (const host of ends) counts[kind(host)] = (counts[kind(host)] ?? 0) + 1;
    return counts;
  };
  return {
    has: (consumer, provider) => consumer.id !== provider.id && isRoute(kind(consumer), kind(provider)),
    count: ({ consumers, providers }) => {
      const to = tally(providers);
      const all = tally(consumers).reduce((sum, amount, a) => sum + amount * to.reduce((some, other, b) => (isRoute(a, b) ? some + other : some), 0), 0);
      const ids = new Set(providers.map((host) => host.id));
      return all - consumers.filter((host) => ids.has(host.id) && isRoute(kind(host), kind(host))).length;
    },
  };
}

const kindOf = ({ addresses, managed }: FleetHost): number =>
  (addresses.some((address) => !address.includes(':')) ? HAS_V4 : 0) + (addresses.some((address) => address.includes(':')) ? HAS_V6 : 0) + (managed ? IS_MANAGED : 0);

const isRoute = (a: number, b: number): boolean => (a & b & (HAS_V4 | HAS_V6)) !== 0 && ((a | b) & IS_MANAGED) !== 0;
