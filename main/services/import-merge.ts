import type { FieldChange } from '../../shared/contract/host-imports.ts';
import type { SshIdentity, SshTarget } from '../../shared/model/host.ts';
import type { HostRecord } from '../db/host-store.ts';
import type { ListedHost } from '../imports/listed-host.ts';

/** A host as it would be with what a source says: its way in and its labels go before what is there, addresses come on top. What the source does not say stays, and nothing is taken away. */
export function mergeListed(before: HostRecord, listed: ListedHost): HostRecord {
  const known = new Set(before.addresses.map(({ address }) => address));
  const more = listed.addresses.filter((address) => !known.has(address)).map((address) => ({ address, source: 'manual' as const }));
  return { ...before, ssh: mergeSsh(before, listed), handLabels: { ...before.handLabels, ...listed.labels }, addresses: [...before.addresses, ...more] };
}

/** Who is reached by stick stays so: no file opens a connection to a site that has none. */
function mergeSsh({ ssh, carried }: HostRecord, { ssh: said, assumed }: ListedHost): SshTarget | null {
  if (said === null || carried) return ssh;
  if (ssh === null) return said;
  return { ...said, user: assumed.includes('user') ? ssh.user : said.user, identity: assumed.includes('identity') ? ssh.identity : said.identity, sudo: assumed.includes('sudo') ? ssh.sudo : said.sudo };
}

/** Empty where both are the same. */
export function listChanges(before: HostRecord, after: HostRecord): FieldChange[] {
  const changes: FieldChange[] = [];
  const compare = (what: string, from: string, to: string) => {
    if (from !== to) changes.push({ what, from, to });
  };
  const [old, now] = [fieldsOf(before.ssh), fieldsOf(after.ssh)];
  for (const [what, to] of Object.entries(now)) compare(what, old[what] ?? '', to);
  compare('addresses', addressText(before), addressText(after));
  for (const [key, value] of Object.entries(after.handLabels)) compare(`labels.${key}`, before.handLabels[key] ?? '', value);
  return changes;
}

const addressText = ({ addresses }: HostRecord): string => [...new Set(addresses.map(({ address }) => address))].join(' ');

const identityText = (identity: SshIdentity): string =>
  identity.kind === 'key-file' ? identity.keyPath + (identity.certificatePath === undefined ? '' : ` with ${identity.certificatePath}`) : identity.kind;

const fieldsOf = (ssh: SshTarget | null): Readonly<Record<string, string>> =>
  ssh === null ? {} : { address: ssh.address, port: String(ssh.port), user: ssh.user, identity: identityText(ssh.identity), sudo: ssh.sudo, jump: ssh.jump ?? '' };
