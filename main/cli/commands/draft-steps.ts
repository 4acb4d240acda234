import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { formatTable, formatTime } from '../table.ts';

type Way = 'undo' | 'redo';

export function addDraftSteps(program: Command, context: CliContext): void {
  for (const [way, description] of [
    ['undo', 'take the newest edit of the draft back, whoever made it; nothing is pushed'],
    ['redo', 'do the edit again that was taken back last'],
  ] as const) {
    program
      .command(way)
      .description(description)
      .option('--list', `only show what can be ${way === 'undo' ? 'taken back' : 'done again'}, the next first`)
      .action((options: { list?: true }) => (options.list ? listSteps(context, way) : step(context, way)));
  }
}

async function step(context: CliContext, way: Way): Promise<void> {
  const client = await context.client();
  const before = await client.policy.draftHistory({});
  const [next] = before[way];
  const history = await client.policy[way]({ revision: before.revision });
  const what = next === undefined ? 'an edit' : `“${next.text}” of ${next.actor}, ${formatTime(next.atMs)}`;
  const done = way === 'undo' ? `Took back ${what}.` : `Did ${what} again.`;
  context.print({ step: next, ...history }, `${done} ${history.undo.length} more to undo, ${history.redo.length} to redo.`);
}

async function listSteps(context: CliContext, way: Way): Promise<void> {
  const steps = (await (await context.client()).policy.draftHistory({}))[way];
  const rows = steps.map(({ text, actor, atMs }) => [text, actor, formatTime(atMs)]);
  context.print(steps, rows.length === 0 ? `There is nothing to ${way}.` : formatTable(['STEP', 'BY', 'WHEN'], rows));
}
