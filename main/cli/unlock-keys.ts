import type { KeyFileView } from '../../shared/contract/logins.ts';
import { FirebreakError } from '../../shared/errors.ts';
import { countText } from '../../shared/text/amount-text.ts';
import type { CliContext, Client } from './context.ts';
import { asFirebreakError } from './report-failure.ts';

const MAX_TRIES = 3;

/**
 * Opens the key files that have a passphrase: with FIREBREAK_KEY_PASSPHRASE, else asked for once for each file, however many hosts use it. An empty answer leaves that one locked.
 * @throws SSH_PASSPHRASE_WRONG after three wrong ones, or when nobody is there to be asked; no host was contacted then
 */
export async function unlockKeys(context: CliContext, client: Client): Promise<void> {
  const locked = (await client.logins.keys({})).filter(({ state }) => state === 'locked');
  for (const key of locked) await unlockKey(context, client, key);
}

async function unlockKey(context: CliContext, client: Client, key: KeyFileView): Promise<void> {
  const given = process.env['FIREBREAK_KEY_PASSPHRASE'];
  if (given !== undefined && given !== '' && (await opens(client, key.keyPath, given))) return;
  for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
    const passphrase = await context.ask(`Passphrase of ${key.keyPath} (${countText(key.hosts.length, 'host')}): `, { hidden: true });
    // Nobody to ask: a wrong one from the environment is an error, none at all is told by the hosts concerned.
    if (passphrase === undefined && given !== undefined && given !== '') break;
    if (passphrase === undefined || passphrase === '') return;
    if (await opens(client, key.keyPath, passphrase)) return;
    context.progress(`That is not the passphrase of ${key.keyPath}.`);
  }
  throw new FirebreakError('SSH_PASSPHRASE_WRONG', { keyPath: key.keyPath });
}

/** False: it is the wrong one. */
async function opens(client: Client, keyPath: string, passphrase: string): Promise<boolean> {
  try {
    await client.logins.unlockKey({ keyPath, passphrase });
    return true;
  } catch (error) {
    if (asFirebreakError(error).code === 'SSH_PASSPHRASE_WRONG') return false;
    throw error;
  }
}
