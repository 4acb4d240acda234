import { inert } from '../../../shared/text/inert.ts';
import type { Hop } from '../listed-host.ts';
import type { HopText } from '../ssh-config/parse-hop.ts';
import type { Connection } from './connection.ts';

const MAX_HOPS = 16;

/** The ways to hosts of an inventory. `find`: the host of that name or address, with its name. */
export type HopBook = { readonly find: (host: string) => { readonly name: string; readonly connection: Connection } | undefined; readonly user: string };

/** The machines between here and a host, the ways to the first of them included. A jump host that is a host of the inventory is reached as that says; another by its name, as whoever runs the console. */
export function routeOf(jumps: readonly HopText[], { find, user }: HopBook): { readonly hops: readonly Hop[] } | { readonly reason: string } {
  const hops: Hop[] = [];
  let before = jumps;
  while (before.length > 0) {
    const known = before.map((jump) => find(jump.host));
    hops.unshift(...before.map((jump, at) => toHop(jump, known[at], user)));
    if (hops.length > MAX_HOPS) return { reason: `its way has more than ${MAX_HOPS} jump hosts, or goes in a circle by “${inert(before[0]?.host ?? '')}”` };
    before = known[0]?.connection.jumps ?? [];
  }
  return { hops };
}

function toHop(jump: HopText, known: ReturnType<HopBook['find']>, user: string): Hop {
  const own = known?.connection.ssh;
  // What ssh gets is the name alone; where it is the inventory's, its variables say what that name means.
  if (own !== undefined && known !== undefined) return { name: known.name, address: own.address, port: jump.port ?? own.port, user: jump.user ?? own.user, identity: own.identity, isIdentitySaid: !known.connection.assumed.includes('identity') };
  return { name: jump.host, address: jump.host, port: jump.port ?? 22, user: jump.user ?? user, identity: { kind: 'agent' }, isIdentitySaid: false };
}
