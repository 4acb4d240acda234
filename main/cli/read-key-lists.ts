import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import type { KeyListInput, KeyListResult } from '../../shared/contract/contract-host-keys.ts';
import { FirebreakError } from '../../shared/errors.ts';
import { countText } from '../../shared/text/amount-text.ts';
import { formatTable } from './table.ts';

/** Without a file: known_hosts of who runs this. @throws FILE_NOT_READABLE */
export async function readKeyLists(files: readonly string[]): Promise<KeyListInput['lists']> {
  const paths = files.length > 0 ? files : [join(homedir(), '.ssh', 'known_hosts')];
  return Promise.all(
    paths.map(async (path) => {
      const text = await readFile(path, 'utf8').catch((error: Error) => {
        throw new FirebreakError('FILE_NOT_READABLE', { path, detail: error.message });
      });
      return { name: basename(path).slice(0, 255), text };
    }),
  );
}

const AGREES: Readonly<Record<'yes' | 'no' | 'revoked' | 'null', string>> = { yes: 'agrees with the pinned key', no: 'ANOTHER KEY IS PINNED', revoked: 'THE PINNED KEY IS REVOKED', null: 'nothing is pinned' };

/** Host by host what lists say of it; a host with several keys has several rows. */
export function formatListedHosts(hosts: KeyListResult['hosts'], head: string): string {
  const rows = hosts.flatMap(({ hostName, foundAs, keys, agrees }) => keys.map(({ algorithm, fingerprint, revoked }, at) => (at === 0 ? [hostName, foundAs, AGREES[agrees ?? 'null']] : ['', '', '']).concat(`${revoked ? 'REVOKED ' : ''}${algorithm ?? 'any kind'} ${fingerprint}`)));
  return formatTable(['HOST', head, 'PINNED', 'KEYS'], rows);
}

export function formatKeyLists({ lines, hosts, without, elsewhere, refused }: KeyListResult, dryRun: boolean): string {
  const parts = [`${countText(lines, 'line')}: keys of ${countText(hosts.length, 'host')}, ${elsewhere} for nobody here, ${refused.length} refused.`];
  if (refused.length > 0) parts.push('', formatTable(['WHERE', 'REFUSED BECAUSE'], refused.map(({ list, line, reason }) => [`${list}:${line}`, reason])));
  if (hosts.length > 0) parts.push('', formatListedHosts(hosts, 'FOUND AS'));
  if (without.length > 0) parts.push('', `In no list: ${without.join(', ')}`);
  if (dryRun) parts.push('', 'Dry run: nothing was stored.');
  else if (hosts.some(({ agrees }) => agrees === null)) parts.push('', 'Next: firebreak host trust --from-list');
  return parts.join('\n');
}
