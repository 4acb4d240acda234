import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { HostChoice } from '../../../shared/contract/host-choice.ts';
import type { OnboardedHost, OnboardOutcome } from '../../../shared/contract/onboarding.ts';
import { countText } from '../../../shared/text/amount-text.ts';
import type { CliContext, Client } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { parseHostChoice } from '../parse-arguments.ts';
import { followProgress } from '../progress.ts';
import { formatKeyLists, readKeyLists } from '../read-key-lists.ts';
import { formatTable } from '../table.ts';
import { trustHosts, type TrustOptions } from '../trust-hosts.ts';
import { unlockHosts } from '../unlock-hosts.ts';
import { repeated } from './host-import.ts';

type Options = TrustOptions & { all?: true; keys?: string[]; as?: string };

const STOPPING = 'No further host is begun; those under way are brought to their end. Ctrl-C again ends at once.';
const WORDS: Readonly<Record<OnboardOutcome, string>> = { done: 'onboarded', already: 'done before', failed: 'failed', stopped: 'not begun' };

export function addOnboard(program: Command, context: CliContext): void {
  program
    .command('onboard [hosts...]')
    .description('bring hosts from their key to their first flows: key as listed or pinned, check, install, collect; again, it goes on where it ended (exit 3 when a host is not there yet)')
    .option('--all', 'every managed host')
    .option('--keys <file>', 'take this known_hosts file or list of fingerprints first, as host keys import does', repeated)
    .option('--accept-unlisted', 'also keys that no list has, once they were shown and you said yes')
    .option('--yes', 'do not ask')
    .option('--as <user>', 'log in as this user for check and install (root, where the usual login may only run the agent)')
    .action((words: string[], options: Options) => onboard(context, parseHostChoice(words, options.all ?? false), options));
}

async function onboard(context: CliContext, hosts: HostChoice, options: Options): Promise<void> {
  const lists = options.keys === undefined ? null : await readKeyLists(options.keys);
  const client = await context.client();
  if (lists !== null) context.progress(formatKeyLists(await client.hostKeys.importLists({ lists, dryRun: false }), false));
  await unlockHosts(context, client);
  // What is refused there is refused again, and told with all others.
  if (options.acceptUnlisted === true) await trustHosts(context, client, hosts, options);
  const run = randomUUID();
  // It answers at once, and the stream that is followed ends by it.
  context.setInterruptStop(STOPPING, () => void stop(client, run));
  const result = await followProgress(context, await client.agents.onboard({ hosts, run, as: options.as ?? null }));
  context.print(result, formatOnboarded(result.hosts));
  if (result.hosts.some(({ ok }) => !ok)) context.setExitCode(EXIT.gate);
}

const stop = (client: Client, run: string) => client.agents.stopOnboarding({ run });

function formatOnboarded(hosts: readonly OnboardedHost[]): string {
  const of = (outcome: OnboardOutcome) => hosts.filter((host) => host.outcome === outcome);
  const counts = (['done', 'already', 'failed', 'stopped'] as const).flatMap((outcome) => (of(outcome).length === 0 ? [] : [`${of(outcome).length} ${WORDS[outcome]}`]));
  const head = hosts.length === 0 ? 'No managed host is chosen.' : `${countText(hosts.length, 'host')}: ${counts.join(', ')}.`;
  const rows = hosts.map((host) => [host.hostName, host.outcome === 'failed' ? `failed at ${host.step ?? 'start'}` : WORDS[host.outcome], detailOf(host)]);
  const unlisted = hosts.some(({ error }) => error?.code === 'HOST_KEY_UNKNOWN');
  const next = [
    ...(unlisted ? ['', 'Keys that no list has: compare them, then run this again with --accept-unlisted; or give a list of them: --keys FILE'] : []),
    ...(of('failed').length + of('stopped').length > 0 ? ['', 'Run this again to go on; what is done is not done again.'] : []),
  ];
  return [head, '', formatTable(['HOST', 'RESULT', 'DETAIL'], rows), ...next].join('\n');
}

const detailOf = ({ outcome, error, text }: OnboardedHost): string => (outcome === 'stopped' ? '-' : error === null ? text : `${error.title} ${error.hint}`);
