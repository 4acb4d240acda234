import { setImmediate } from 'node:timers/promises';
import { SshTarget } from '../../../shared/model/host.ts';
import { HostName } from '../../../shared/model/names.ts';
import { countText } from '../../../shared/text/amount-text.ts';
import { inert } from '../../../shared/text/inert.ts';
import type { ListedHost, RefusedHost, RoutedHost } from '../listed-host.ts';
import { placeHops } from '../place-hops.ts';
import { findRoute, type Route } from './find-route.ts';
import { type ConfigItem, loadConfig } from './load-config.ts';
import { createWayReader, type Local, type ReadWay } from './read-way.ts';

export type SshConfigList = { readonly names: number; readonly hosts: readonly ListedHost[]; readonly refused: readonly RefusedHost[]; readonly notes: readonly string[] };
type Named = { readonly name: string; readonly file: string; readonly line: number };

const MAX_HOSTS = 5000;
/** Lines that are gone through for all hosts together: some ten seconds. */
const MAX_STEPS = 100_000_000;
/** Programs that take repositories and give no shell: the login says so. */
const NO_SHELL: ReadonlySet<string> = new Set(['git', 'gerrit', 'gitea', 'hg', 'aur']);

/**
 * The hosts that configurations of the OpenSSH client name, as ssh would reach each. Patterns are no hosts; nothing is run, and no name is looked up. Several files count as one behind the other, as ~/.ssh/config
 * and /etc/ssh/ssh_config do.
 * @throws FILE_NOT_READABLE
 */
export async function readSshConfig(paths: readonly string[], local: Local): Promise<SshConfigList> {
  const loaded = await Promise.all(paths.map((path) => loadConfig(path, local.homeDir)));
  // What a block at the end of one file holds must not go on in the next.
  const items = loaded.map((one): ConfigItem => ({ included: one.items }));
  const { named, patterns } = listNames(items);
  const notes = [...loaded.flatMap((one) => one.notes)];
  if (patterns > 0) notes.push(`${countText(patterns, 'pattern')} (with *, ? or !) of Host lines are no hosts; what they set counts for the hosts that they match.`);
  const room = Math.min(MAX_HOSTS, Math.max(1, Math.floor(MAX_STEPS / Math.max(1, countItems(items)))));
  if (named.length > room) notes.push(`Only the first ${room} of ${named.length} hosts were read: the files are too long for more.`);
  const readWay = createWayReader(items, local);
  const [routed, refused]: [RoutedHost[], RefusedHost[]] = [[], []];
  for (const one of named.slice(0, room)) {
    // Others wait for the same process.
    await setImmediate();
    const read = await toHost(one, readWay);
    if ('reason' in read) refused.push({ ...one, reason: read.reason });
    else routed.push(read);
  }
  const placed = placeHops(routed);
  return { names: named.length, hosts: placed.hosts, refused: [...refused, ...placed.refused], notes };
}

async function toHost({ name, file, line }: Named, readWay: ReadWay): Promise<RoutedHost | { readonly reason: string }> {
  const named = HostName.safeParse(name);
  if (!named.success) return { reason: named.error.issues[0]?.message ?? 'it is no name of a host' };
  const way = await readWay({ host: name, user: null, port: null });
  if ('reason' in way) return way;
  if (NO_SHELL.has(way.user)) return { reason: `it logs in as ${way.user}, which takes repositories and gives no shell; if it does, add it by itself` };
  const route: Route = await findRoute(way.settings, readWay);
  if ('reason' in route) return route;
  const ssh = SshTarget.safeParse({ address: way.address, port: way.port, user: way.user, identity: way.identity, sudo: way.user === 'root' ? 'none' : 'nopasswd', jump: null });
  if (!ssh.success) return { reason: `${String(ssh.error.issues[0]?.path[0] ?? 'ssh')}: ${inert(ssh.error.issues[0]?.message ?? 'cannot be read')}` };
  return { name: named.data, ssh: ssh.data, addresses: [], labels: {}, note: '', file, line, assumed: [...way.assumed, 'sudo'], notes: [...way.notes, ...route.notes], route: route.hops };
}

const countItems = (items: readonly ConfigItem[]): number => items.reduce((sum, item) => sum + ('included' in item ? countItems(item.included) : 1), 0);

/** Each name once, where it stands first. */
function listNames(items: readonly ConfigItem[]): { named: Named[]; patterns: number } {
  const [found, patterns] = [new Map<string, Named>(), new Set<string>()];
  const walk = (list: readonly ConfigItem[]): void => {
    for (const item of list) {
      if ('included' in item) walk(item.included);
      else if (item.keyword === 'host') {
        for (const name of item.words) {
          if (/[*?]|^!/.test(name)) patterns.add(name);
          else if (!found.has(name)) found.set(name, { name, file: item.file, line: item.line });
        }
      }
    }
  };
  walk(items);
  // That every host gets it is no pattern that anybody misses.
  patterns.delete('*');
  return { named: [...found.values()], patterns: patterns.size };
}
