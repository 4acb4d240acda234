import type { Command } from 'commander';
import type { HostChoice } from '../../../shared/contract/host-choice.ts';
import { describeRound, everyText, parseEvery } from '../../../shared/text/collect-text.ts';
import type { CliContext, Client } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { printManyHosts } from '../format-many.ts';
import { must, parseHostChoice } from '../parse-arguments.ts';
import { followProgress } from '../progress.ts';
import { formatTime } from '../table.ts';
import { unlockHosts } from '../unlock-hosts.ts';

type Options = { all?: true; every?: string; watch?: true };

const STOPPING = 'No further host is asked; this ends once those under way have let go. Ctrl-C again ends at once.';
const MINUTE_MS = 60_000;

export function addCollect(program: Command, context: CliContext): void {
  program
    .command('collect [hosts...]')
    .description('fetch facts and recorded flows')
    .option('--all', 'every managed host')
    .option('--every <time>', 'again and again (15m, 1h), until Ctrl-C: leaves out hosts whose password it was not given, leaves hosts that fail alone for longer each time, and steps aside for a push')
    .option('--watch', 'the same as --every 1m')
    .action(async (words: string[], { all, every, watch }: Options) => {
      const hosts = parseHostChoice(words, all ?? false);
      const everyMinutes = every !== undefined ? must('--every', parseEvery(every)) : watch === true ? 1 : null;
      const client = await context.client();
      await unlockHosts(context, client);
      if (everyMinutes !== null) return collectEvery(context, client, { hosts, everyMinutes });
      printManyHosts(context, await followProgress(context, await client.agents.collect({ hosts })));
    });
}

/** Each round is printed when it is over. Exit 1 when a host failed in the last one. */
async function collectEvery(context: CliContext, client: Client, order: { hosts: HostChoice; everyMinutes: number }): Promise<void> {
  const stop = new AbortController();
  context.setInterruptStop(STOPPING, () => stop.abort());
  while (!stop.signal.aborted) {
    const beganAtMs = Date.now();
    const round = await runRound(context, client, order, stop.signal);
    if (round === null) return;
    context.print(round, `${formatTime(round.endedAtMs)}  ${describeRound(round).join(' ')}`);
    for (const { hostName, title } of round.failed) context.progress(`${hostName}: ${title}`);
    context.setExitCode(round.failed.length > 0 ? EXIT.failed : EXIT.done);
    context.progress(`Next in ${everyText(order.everyMinutes)}, until Ctrl-C.`);
    await rest(beganAtMs + order.everyMinutes * MINUTE_MS - Date.now(), stop.signal);
  }
}

/** Null: it was stopped. */
async function runRound(context: CliContext, client: Client, order: { hosts: HostChoice; everyMinutes: number }, signal: AbortSignal) {
  try {
    return await followProgress(context, await client.agents.collectRound(order, { signal }));
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }
}

/** Until the time is over or somebody stops it. */
function rest(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, Math.max(0, durationMs));
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
  });
}
