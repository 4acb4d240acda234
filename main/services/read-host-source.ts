import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { HostImportResult, HostSource } from '../../shared/contract/host-imports.ts';
import { canonicalText } from '../../shared/net/address.ts';
import { readHostList } from '../../shared/text/host-list.ts';
import { readAnsibleHosts } from '../imports/ansible/read-hosts.ts';
import type { ListedHost, RefusedHost } from '../imports/listed-host.ts';
import { readSshConfig } from '../imports/ssh-config/read-ssh-config.ts';

/** What a source tells, whatever its kind. `subject` names it in the audit log. */
export type SourceList = Pick<HostImportResult, 'rows' | 'notes' | 'groups' | 'variables' | 'columns'> & { readonly subject: string; readonly hosts: readonly ListedHost[]; readonly refused: readonly RefusedHost[] };

/** A window has no shell that would do it. */
const atHome = (path: string): string => (path.startsWith('~/') ? join(homedir(), path.slice(2)) : path);

const NOTHING = { notes: [], groups: [], variables: [], columns: [] };

/** Reads files of the console's machine; runs nothing and connects to nothing. @throws FILE_NOT_READABLE */
export async function readHostSource(source: HostSource): Promise<SourceList> {
  switch (source.kind) {
    case 'csv':
      return readCsvSource(source);
    case 'ssh-config': {
      const { names, hosts, refused, notes } = await readSshConfig(source.paths.map(atHome), { homeDir: homedir(), user: userInfo().username });
      return { ...NOTHING, subject: source.paths.join(', '), rows: names, hosts, refused, notes: [...notes] };
    }
    case 'ansible': {
      const { named, hosts, refused, notes, groups, variables } = await readAnsibleHosts(source.paths.map(atHome), { labels: source.labels, user: source.user ?? userInfo().username });
      return { ...NOTHING, subject: source.paths.join(', '), rows: named, hosts, refused, notes: [...notes], groups: [...groups], variables: [...variables] };
    }
    case 'probe':
      return { ...NOTHING, subject: `probe of ${source.network}`, rows: source.found.length, ...readFound(source) };
  }
}

function readCsvSource({ text, fileName, columns }: Extract<HostSource, { kind: 'csv' }>): SourceList {
  const list = readHostList(text, columns);
  const hosts = list.hosts.map((host): ListedHost => ({ ...host, file: null, notes: [] }));
  const notes = list.strangers.map((head) => `No column is called “${head}”, for which a meaning was given.`);
  return { ...NOTHING, subject: fileName, rows: list.rows, hosts, refused: list.refused.map((row) => ({ ...row, file: null })), notes, columns: list.columns.map((column) => ({ ...column })) };
}

/** As the first key exchange with it will show, a machine that answered is a way in and nothing more. */
function readFound({ found, user }: Extract<HostSource, { kind: 'probe' }>): { hosts: ListedHost[]; refused: RefusedHost[] } {
  const [hosts, refused]: [ListedHost[], RefusedHost[]] = [[], []];
  const names = new Set<string>();
  for (const { name, address: text, port } of found) {
    const address = canonicalText(text);
    const reason = address === null ? `“${text}” is no address` : names.has(name) ? 'another address has that name already' : null;
    names.add(name);
    if (address === null || reason !== null) refused.push({ file: null, line: 0, name, reason: reason ?? '' });
    else hosts.push({ name, ssh: { address, port, user, identity: { kind: 'agent' }, sudo: user === 'root' ? 'none' : 'nopasswd', jump: null }, addresses: [], labels: {}, note: '', file: null, line: 0, assumed: ['user', 'identity', 'sudo'], notes: [] });
  }
  return { hosts, refused };
}
