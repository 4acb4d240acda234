import type { Command } from 'commander';
import type { HostChoice } from '../../../shared/contract/host-choice.ts';
import { FirebreakError } from '../../../shared/errors.ts';
import { machineText } from '../../../shared/text/machine-text.ts';
import type { CliContext, Client } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { parseHostChoice, parseHostName } from '../parse-arguments.ts';
import { formatTrust, isRefused, trustHosts } from '../trust-hosts.ts';

type Options = { all?: true; fromList?: true; fingerprint?: string; replace?: true; acceptUnlisted?: true; yes?: true };

/** `host` is the command that this one belongs to. */
export function addHostTrust(host: Command, context: CliContext): void {
  host
    .command('trust [hosts...]')
    .description('pin host keys: of one host after you compared it there, of several those that an imported list has (exit 3 when a key is not the one that is pinned or listed)')
    .option('--all', 'every managed host')
    .option('--from-list', 'every host that an imported list names and that has no pinned key')
    .option('--fingerprint <sha256>', 'one host: pin only if it presents exactly this one (for scripts)')
    .option('--replace', 'one host: replace the pinned key, or take another than the listed one, and accept the machine that answers there now: only after a reinstallation that you know of')
    .option('--accept-unlisted', 'also keys that no list has, once they were shown and you said yes')
    .option('--yes', 'do not ask')
    .action(async (words: string[], options: Options) => {
      const [only] = words;
      const isOne = words.length === 1 && only !== undefined && !only.includes('=') && options.all === undefined && options.fromList === undefined && options.acceptUnlisted === undefined;
      if (isOne) return trustHost(context, parseHostName('hosts', only), options);
      return trustMany(context, words, options);
    });
}

async function trustHost(context: CliContext, name: string, options: Options): Promise<void> {
  const client = await context.client();
  const { presented, pinned, verdict, source, otherMachine } = await client.hosts.showKey({ name });
  if (verdict === 'pinned' && (otherMachine === null || options.replace === undefined)) {
    // So that the whole key is kept where only its fingerprint was.
    await client.hosts.trust({ name, key: presented, replace: false });
    const waits = otherMachine === null ? '' : `\nAnother machine answers there than before (machine id ${machineText(otherMachine.now)}, before ${machineText(otherMachine.former)}). If it is to be ${name} from now on: firebreak host trust ${name} --replace`;
    context.print({ name, key: presented, otherMachine, changed: false }, `${name}: ${presented.fingerprint} is pinned already.${waits}`);
    return;
  }
  if (options.fingerprint !== undefined && options.fingerprint !== presented.fingerprint)
    throw new FirebreakError('HOST_KEY_CHANGED', { host: name, pinned: options.fingerprint, presented: presented.fingerprint });
  const isCompared = options.fingerprint !== undefined || options.yes !== undefined || (verdict === 'listed' && pinned.length === 0);
  if (!isCompared && verdict !== 'revoked') {
    const doubt = verdict === 'not-as-listed' ? `\n${source ?? 'A list'} HAS ANOTHER KEY OF IT.` : '';
    const machine = otherMachine === null ? '' : `Another machine answers there than before: machine id ${machineText(otherMachine.now)}, before ${machineText(otherMachine.former)}\n`;
    const answer = await context.ask(`${machine}${name} presents ${presented.algorithm} ${presented.fingerprint}${doubt}\nCompare it on the host: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub\nPin it? [y/N] `, { hidden: false });
    if (answer?.trim().toLowerCase() !== 'y') throw new FirebreakError('HOST_KEY_UNKNOWN', { host: name, algorithm: presented.algorithm, fingerprint: presented.fingerprint });
  }
  await client.hosts.trust({ name, key: presented, replace: options.replace ?? false });
  const accepted = otherMachine === null || options.replace === undefined ? '' : ` Machine id ${machineText(otherMachine.now)} is accepted as ${name}. Next: firebreak agent install ${name}`;
  context.print({ name, key: presented, changed: true }, `${name}: pinned ${presented.algorithm} ${presented.fingerprint}${verdict === 'listed' ? `, as ${source ?? 'a list'} has it` : ''}.${accepted}`);
}

async function trustMany(context: CliContext, words: readonly string[], options: Options): Promise<void> {
  if (options.fingerprint !== undefined || options.replace !== undefined) throw bad(options.replace === undefined ? '--fingerprint' : '--replace', 'it is for one host at a time; name that one');
  const client = await context.client();
  const hosts = options.fromList === true ? await chooseListed(client, words, options) : parseHostChoice(words, options.all ?? false);
  if (hosts === null) {
    context.print({ hosts: [] }, 'Every host that a list names is trusted already, or none is named. Lists: firebreak host keys import FILE');
    return;
  }
  const rows = await trustHosts(context, client, hosts, options);
  context.print({ hosts: rows }, formatTrust(rows));
  if (rows.some(isRefused)) context.setExitCode(EXIT.gate);
  else if (rows.some(({ isPinned }) => !isPinned)) context.setExitCode(EXIT.failed);
}

async function chooseListed(client: Client, words: readonly string[], { all }: Options): Promise<HostChoice | null> {
  if (words.length > 0 || all === true) throw bad('--from-list', 'the list names the hosts; give no others');
  const names = (await client.hostKeys.listed({})).hosts.filter(({ agrees, keys }) => agrees === null && keys.some(({ revoked }) => !revoked)).map(({ hostName }) => hostName);
  return names.length === 0 ? null : { kind: 'names', names };
}

const bad = (path: string, message: string) => new FirebreakError('INPUT_INVALID', { issues: [{ path, message }] });
