import type { ComparedKey } from '../../shared/contract/contract-host-keys.ts';
import type { HostChoice } from '../../shared/contract/host-choice.ts';
import type { KeyVerdict } from '../../shared/model/host-key.ts';
import type { PresentedKey } from '../../shared/model/host.ts';
import { countText } from '../../shared/text/amount-text.ts';
import { FirebreakError } from '../../shared/errors.ts';
import type { CliContext, Client } from './context.ts';
import { followProgress } from './progress.ts';
import { formatTable } from './table.ts';
import { unlockHosts } from './unlock-hosts.ts';

export type TrustOptions = { readonly acceptUnlisted?: true; readonly yes?: true };

const RESULT: Readonly<Record<KeyVerdict, string>> = { pinned: 'pinned', listed: 'pinned, as listed', changed: 'REFUSED: CHANGED', 'not-as-listed': 'REFUSED: NOT AS LISTED', revoked: 'REFUSED: REVOKED', unlisted: 'not trusted: in no list' };
/** What nobody may overlook. */
const REFUSED: ReadonlySet<KeyVerdict | null> = new Set<KeyVerdict>(['changed', 'not-as-listed', 'revoked']);
export const isRefused = ({ verdict }: ComparedKey): boolean => REFUSED.has(verdict);

/**
 * Asks each host once for its key and pins what a list has. Keys in no list are shown; with `acceptUnlisted` exactly those that were shown are pinned, once somebody at a terminal says so, or `yes` does. Then
 * hosts behind jump hosts that are trusted only now are asked. By name.
 */
export async function trustHosts(context: CliContext, client: Client, choice: HostChoice, options: TrustOptions): Promise<ComparedKey[]> {
  await unlockForJumps(context, client);
  const rows = new Map<string, ComparedKey>();
  for (let hosts: HostChoice | null = choice; hosts !== null; ) {
    const compared: { hosts: ComparedKey[] } = await followProgress(context, await client.hostKeys.compare({ hosts, pin: true }));
    for (const row of compared.hosts) rows.set(row.hostName, row);
    const accepted = options.acceptUnlisted === true ? await acceptUnlisted(context, client, compared.hosts, options.yes === true) : [];
    for (const row of accepted) rows.set(row.hostName, { ...row, isPinned: true });
    const behind = accepted.length === 0 ? [] : await listBehind(client, compared.hosts, new Set(accepted.map(({ hostName }) => hostName)));
    hosts = behind.length === 0 ? null : { kind: 'names', names: behind };
  }
  return [...rows.values()].toSorted((a, b) => (a.hostName < b.hostName ? -1 : 1));
}

type Unlisted = ComparedKey & { presented: PresentedKey };
const isUnlisted = (row: ComparedKey): row is Unlisted => row.verdict === 'unlisted' && row.presented !== null;

/** Gives those that are pinned now. @throws ABORTED where nobody said yes; nothing of them is pinned then */
async function acceptUnlisted(context: CliContext, client: Client, compared: readonly ComparedKey[], yes: boolean): Promise<Unlisted[]> {
  const unlisted = compared.filter(isUnlisted);
  if (unlisted.length === 0) return [];
  context.progress(`${formatTable(['IN NO LIST', 'KIND', 'FINGERPRINT'], unlisted.map(({ hostName, presented }) => [hostName, presented.algorithm, presented.fingerprint]))}\nCompare each on its host: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub`);
  if (!yes) {
    const answer = await context.ask(`Pin ${unlisted.length === 1 ? 'this key' : `these ${unlisted.length} keys`}? [y/N] `, { hidden: false });
    if (answer?.trim().toLowerCase() !== 'y') throw new FirebreakError('ABORTED', { doing: `asking whether to pin ${countText(unlisted.length, 'key')} that no list has (in scripts, once they were compared: --accept-unlisted --yes)` });
  }
  await client.hostKeys.pin({ keys: unlisted.map(({ hostName, presented }) => ({ name: hostName, key: presented })) });
  return unlisted;
}

/** Those that could not be asked, and are reached through one of `trusted`. */
async function listBehind(client: Client, compared: readonly ComparedKey[], trusted: ReadonlySet<string>): Promise<string[]> {
  const unasked = new Set(compared.filter(({ verdict }) => verdict === null).map(({ hostName }) => hostName));
  const hosts = await client.hosts.list({});
  const jumps = new Map(hosts.map(({ name, ssh }) => [name, ssh?.jump ?? null]));
  const isBehind = (name: string): boolean => {
    for (let jump = jumps.get(name) ?? null; jump !== null; jump = jumps.get(jump) ?? null) if (trusted.has(jump)) return true;
    return false;
  };
  return [...unasked].filter(isBehind);
}

/** Only the way through a jump host needs a login. */
async function unlockForJumps(context: CliContext, client: Client): Promise<void> {
  if ((await client.hosts.list({})).some(({ ssh }) => ssh !== null && ssh.jump !== null)) await unlockHosts(context, client);
}

export function formatTrust(rows: readonly ComparedKey[]): string {
  const pinned = rows.filter(({ isPinned }) => isPinned).length;
  const refused = rows.filter(isRefused).length;
  const unlisted = rows.filter((row) => isUnlisted(row) && !row.isPinned).length;
  const unasked = rows.filter(({ verdict }) => verdict === null).length;
  const head = `${countText(rows.length, 'host')}: ${pinned} pinned, ${refused} refused, ${unlisted} in no list, ${unasked} not reached.`;
  const table = formatTable(['HOST', 'RESULT', 'KEY', 'WHY'], rows.map((row) => [row.hostName, resultOf(row), row.presented === null ? '-' : `${row.presented.algorithm} ${row.presented.fingerprint}`, whyOf(row)]));
  const next = unlisted === 0 ? [] : ['', 'Nothing was pinned of what no list has. After you compared those fingerprints: firebreak host trust HOST… --accept-unlisted', 'or give a list of them: firebreak host keys import FILE'];
  return [head, '', table, ...next].join('\n');
}

const resultOf = ({ verdict, isPinned }: ComparedKey): string => (verdict === null ? 'not reached' : verdict === 'unlisted' && isPinned ? 'pinned, as shown' : RESULT[verdict]);
const whyOf = ({ error, source }: ComparedKey): string => (error === null ? (source ?? '-') : `${error.title} ${error.hint}`);
