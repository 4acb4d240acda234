import { setImmediate } from 'node:timers/promises';
import type { HostImportResult, LabelSource } from '../../../shared/contract/host-imports.ts';
import type { Labels } from '../../../shared/model/label.ts';
import { HostName } from '../../../shared/model/names.ts';
import { canonicalText } from '../../../shared/net/address.ts';
import { inert } from '../../../shared/text/inert.ts';
import type { ListedHost, RefusedHost, RoutedHost } from '../listed-host.ts';
import { placeHops } from '../place-hops.ts';
import { type Connection, readConnection } from './connection.ts';
import { type FleetMember, readFleetMembers } from './host-variables.ts';
import { routeOf } from './inventory-hops.ts';
import { labelsOf } from './label-sources.ts';
import { loadInventory } from './load-inventory.ts';
import { memberText } from './member-text.ts';
import { createOffers } from './offers.ts';

export type AnsibleList = Pick<HostImportResult, 'groups' | 'variables'> & { readonly named: number; readonly hosts: readonly ListedHost[]; readonly refused: readonly RefusedHost[]; readonly notes: readonly string[] };
export type AnsibleOptions = { readonly labels: readonly LabelSource[]; /** Whom to log in as where the inventory names nobody. */ readonly user: string };

type Read = { readonly name: string; readonly member: Pick<FleetMember, 'name' | 'place'>; readonly connection: Connection; readonly labels: Labels; readonly notes: readonly string[] };

/**
 * The hosts of Ansible inventories as Ansible would reach them, with labels of the groups and variables that the person chose, and what else there is to choose from. No plugin, script or
 * look-up is run, nothing is decrypted, and no password is read.
 * @throws FILE_NOT_READABLE
 */
export async function readAnsibleHosts(paths: readonly string[], { labels: sources, user }: AnsibleOptions): Promise<AnsibleList> {
  const loaded = await loadInventory(paths);
  const { members, notes } = await readFleetMembers(loaded);
  const offers = createOffers();
  const read: Read[] = [];
  const refused: RefusedHost[] = loaded.book.unread().map(({ file, line, text, reason }) => ({ file, line, name: text, reason }));
  for (const member of members) {
    // Others wait for the same process.
    await setImmediate();
    offers.add(member);
    const name = HostName.safeParse(member.name);
    const connection = name.success ? readConnection(member, user) : { reason: name.error.issues[0]?.message ?? 'it is no name of a host' };
    if (!name.success || 'reason' in connection) refused.push({ ...member.place, name: member.name, reason: 'reason' in connection ? connection.reason : '' });
    else {
      const { labels, notes: left } = labelsOf(sources, { groups: member.groups, text: (variable) => memberText(member, variable) });
      read.push({ name: name.data, member: { name: member.name, place: member.place }, connection, labels, notes: left });
    }
  }
  const { routed, refused: lost } = routeAll(read, user);
  const placed = placeHops(routed);
  const unused = loaded.book.hosts.size === 0 ? [] : offers.strangers(sources).map((what) => `No host has the ${inert(what)}, of which a label was to be made.`);
  const none = loaded.book.hosts.size === 0 ? ['No host was found: is it an inventory? A configuration of a plugin, or a format of somebody’s own, names none that can be read.'] : [];
  return { named: loaded.book.hosts.size, hosts: placed.hosts, refused: [...refused, ...lost, ...placed.refused], notes: [...loaded.notes, ...notes, ...unused, ...none], ...offers.list() };
}

/** Jump hosts are named by what ssh gets: a name of the inventory, or the address behind it. */
function routeAll(read: readonly Read[], user: string): { routed: RoutedHost[]; refused: RefusedHost[] } {
  const byName = new Map(read.map((one) => [one.name.toLowerCase(), one]));
  const byAddress = new Map(read.map((one) => [one.connection.ssh.address.toLowerCase(), one]));
  const find = (host: string) => byName.get(host.toLowerCase()) ?? byAddress.get((canonicalText(host) ?? host).toLowerCase());
  const [routed, refused]: [RoutedHost[], RefusedHost[]] = [[], []];
  for (const { name, member, connection, labels, notes } of read) {
    const route = routeOf(connection.jumps, { find, user });
    if ('reason' in route) refused.push({ ...member.place, name, reason: route.reason });
    else routed.push({ name, ssh: connection.ssh, addresses: [], labels, note: '', ...member.place, assumed: connection.assumed, notes: [...connection.notes, ...notes], route: route.hops });
  }
  return { routed, refused };
}
