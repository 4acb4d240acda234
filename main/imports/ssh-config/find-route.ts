import { inert } from '../../../shared/text/inert.ts';
import type { Hop } from '../listed-host.ts';
import type { Settings } from './evaluate-config.ts';
import { type HopText, jumpOfCommand, parseJumps } from './parse-hop.ts';
import type { ReadWay } from './read-way.ts';

/** `hops` from the console outward; empty: straight. */
export type Route = { readonly hops: readonly Hop[]; readonly notes: readonly string[] } | { readonly reason: string };

/** As many as ssh could be asked for in one line; a circle is longer than that. */
const MAX_HOPS = 16;

/** The machines between here and a host: those of its ProxyJump, or a ProxyCommand that means the same, and before the first of them those of that machine's own configuration. Only the first: `ssh -J a,b` reaches b through a whatever the configuration of b says. */
export async function findRoute(settings: Settings, readWay: ReadWay): Promise<Route> {
  const [hops, notes]: [Hop[], string[]] = [[], []];
  let before: Settings = settings;
  for (;;) {
    const jumps = jumpsOf(before);
    if ('reason' in jumps) return jumps;
    if (jumps.list.length === 0) return { hops, notes };
    const ways: { hop: Hop; settings: Settings }[] = [];
    for (const jump of jumps.list) {
      const way = await readWay(jump);
      if ('reason' in way) return { reason: `it goes through “${inert(jump.host)}”: ${way.reason}` };
      notes.push(...way.notes.map((note) => `on its way, ${inert(jump.host)}: ${note}`));
      ways.push({ hop: { name: jump.host, address: way.address, port: way.port, user: way.user, identity: way.identity, isIdentitySaid: !way.assumed.includes('identity') }, settings: way.settings });
    }
    hops.unshift(...ways.map(({ hop }) => hop));
    if (hops.length > MAX_HOPS) return { reason: `its way has more than ${MAX_HOPS} jump hosts, or goes in a circle` };
    before = ways[0]?.settings ?? before;
  }
}

function jumpsOf({ proxyJump, proxyCommand }: Settings): { readonly list: readonly HopText[] } | { readonly reason: string } {
  if (proxyJump !== null && proxyJump.toLowerCase() !== 'none') {
    const list = parseJumps(proxyJump);
    return list === null ? { reason: `its ProxyJump “${inert(proxyJump).slice(0, 100)}” cannot be read` } : { list };
  }
  if (proxyCommand === null || proxyCommand.trim().toLowerCase() === 'none') return { list: [] };
  const jump = jumpOfCommand(proxyCommand);
  return jump === null ? { reason: 'it is reached by a command of this machine (ProxyCommand), which the console does not run; where that is a jump host, name it by ProxyJump' } : { list: [jump] };
}
