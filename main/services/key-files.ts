import type { KeyFileView } from '../../shared/contract/logins.ts';
import { FirebreakError } from '../../shared/errors.ts';
import { readKeyFile } from '../ssh/key-file.ts';
import type { BackendContext } from './backend-context.ts';
import { readHostRecords } from './host-records.ts';
import { recordChange } from './record-change.ts';
import { isSampleWorkspace } from './sample-workspace.ts';

/** The key files of this workspace's hosts as they are on this machine. None where nothing is connected to: what lies here is no business of a sample. */
export async function listKeyFiles(ctx: BackendContext): Promise<KeyFileView[]> {
  if (ctx.heldBy !== null || isSampleWorkspace(ctx)) return [];
  return Promise.all(
    [...usersOf(ctx)].map(async ([keyPath, hosts]): Promise<KeyFileView> => {
      const reading = await readKeyFile(keyPath, ctx.secrets.keys.find);
      return { keyPath, hosts, state: reading.kind, detail: reading.kind === 'unusable' ? reading.detail : null };
    }),
  );
}

/**
 * Opens a key file for this session, on this machine. That it was done is audited; the passphrase is kept in memory only.
 * @throws NOT_FOUND · SSH_PASSPHRASE_WRONG · FILE_NOT_READABLE
 */
export async function unlockKey(ctx: BackendContext, keyPath: string, passphrase: string): Promise<void> {
  await openKey(ctx, keyPath, passphrase);
  recordChange(ctx, { action: 'logins.unlockKey', subject: keyPath, detail: 'passphrase given for this session', groups: ['hosts'] }, () => {});
}

/** As unlockKey; nobody's command, and not audited. */
export async function openKey(ctx: BackendContext, keyPath: string, passphrase: string): Promise<void> {
  // Only files that a host logs in with: a page must not try passphrases on whatever lies on this machine.
  const known = [...usersOf(ctx).keys()];
  if (!known.includes(keyPath)) throw new FirebreakError('NOT_FOUND', { what: 'key file of a host', name: keyPath, known });
  const reading = await ctx.secrets.keys.unlock(keyPath, passphrase);
  if (reading.kind === 'locked') throw new FirebreakError('SSH_PASSPHRASE_WRONG', { keyPath });
  if (reading.kind === 'unusable') throw new FirebreakError('FILE_NOT_READABLE', { path: keyPath, detail: reading.detail }, { cause: reading.cause });
  ctx.secrets.setPassphrase(keyPath, passphrase);
}

/** By path: the names of the hosts that log in with it, jump hosts among them. */
function usersOf(ctx: BackendContext): Map<string, string[]> {
  const pairs = readHostRecords(ctx).flatMap(({ name, ssh }) => (ssh?.identity.kind === 'key-file' ? [{ name, keyPath: ssh.identity.keyPath }] : []));
  const byPath = Map.groupBy(pairs, ({ keyPath }) => keyPath);
  return new Map([...byPath].map(([keyPath, users]) => [keyPath, users.map(({ name }) => name)] as const).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
