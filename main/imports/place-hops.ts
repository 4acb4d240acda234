import { HostName } from '../../shared/model/names.ts';
import { inert } from '../../shared/text/inert.ts';
import type { Hop, ListedHost, RefusedHost, RoutedHost } from './listed-host.ts';

type Placed = { readonly hosts: readonly ListedHost[]; readonly refused: readonly RefusedHost[] };

/**
 * Makes of each way the chain of jump hosts that an inventory has: a host is reached through one other, by its name. A machine on a way that is no host of the file becomes one, which its
 * note says. Refused is what would give a host two ways. Pure; hosts keep their order, jump hosts that were added come last.
 */
export function placeHops(routed: readonly RoutedHost[]): Placed {
  const byWay = new Map<string, string>();
  const byName = new Map(routed.map((host) => [host.name, host]));
  const made = new Map<string, ListedHost>();
  const jumps = new Map<string, string | null>();
  const refused: RefusedHost[] = [];
  // Whoever is nearer has its own name by then.
  for (const host of routed.toSorted((a, b) => a.route.length - b.route.length)) {
    const jump = follow(host, { byWay, byName, made, jumps });
    if (typeof jump === 'object' && jump !== null) refused.push({ file: host.file, line: host.line, name: host.name, reason: jump.reason });
    else {
      jumps.set(host.name, jump);
      if (host.ssh !== null) byWay.set(wayOf(host.ssh, jump), host.name);
    }
  }
  const hosts = routed.flatMap(({ route: _, ...host }): ListedHost[] => (jumps.has(host.name) ? [host.ssh === null ? host : { ...host, ssh: { ...host.ssh, jump: jumps.get(host.name) ?? null } }] : []));
  return { hosts: [...hosts, ...made.values()], refused };
}

type Books = { readonly byWay: Map<string, string>; readonly byName: ReadonlyMap<string, RoutedHost>; readonly made: Map<string, ListedHost>; readonly jumps: ReadonlyMap<string, string | null> };

/** The name of the last machine before the host. */
function follow(host: RoutedHost, books: Books): string | null | { readonly reason: string } {
  let before: string | null = null;
  for (const hop of host.route) {
    const known = books.byWay.get(wayOf(hop, before));
    if (known !== undefined) {
      before = known;
      continue;
    }
    const name = HostName.safeParse(hop.name.replaceAll(':', '-'));
    if (!name.success) return { reason: `it goes through “${inert(hop.name)}”, which can be no name of a host` };
    const other = books.byName.get(name.data) ?? books.made.get(name.data);
    if (other !== undefined) return { reason: `it goes through “${name.data}” as ${textOf(hop, before)}, but that host is ${other.ssh === null ? 'none that is reached over SSH' : textOf(other.ssh, books.jumps.get(name.data) ?? other.ssh.jump)}: a host has one way in; give the other a name of its own` };
    books.made.set(name.data, makeJumpHost(name.data, hop, before, host));
    books.byWay.set(wayOf(hop, before), name.data);
    before = name.data;
  }
  return before;
}

function makeJumpHost(name: string, { address, port, user, identity, isIdentitySaid }: Hop, jump: string | null, behind: RoutedHost): ListedHost {
  const ssh = { address, port, user, identity, sudo: user === 'root' ? ('none' as const) : ('nopasswd' as const), jump };
  return { name, ssh, addresses: [], labels: {}, note: '', file: behind.file, line: behind.line, assumed: isIdentitySaid ? ['sudo'] : ['sudo', 'identity'], notes: [`it is no host of the file, but ${behind.name} is reached through it`] };
}

type Way = Pick<Hop, 'address' | 'port' | 'user'>;
const wayOf = ({ address, port, user }: Way, jump: string | null): string => JSON.stringify([address.toLowerCase(), port, user, jump]);
const textOf = ({ address, port, user }: Way, jump: string | null): string => inert(`${user}@${address.includes(':') ? `[${address}]` : address}:${port}${jump === null ? '' : ` through ${jump}`}`);
