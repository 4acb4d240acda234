import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { RecentWorkspace, RestoreDone, WorkspaceInfo } from '../../../shared/contract/workspaces.ts';
import { bytesText } from '../../../shared/text/amount-text.ts';
import type { CliContext } from '../context.ts';
import { formatTable, formatTime } from '../table.ts';

/** What works on files without opening them as the workspace; the composition root supplies it. */
export type WorkspaceFiles = {
  recent(): readonly RecentWorkspace[];
  restore(order: { path: string; backup: string; replace: boolean }): Promise<RestoreDone>;
  createSample(path: string): Promise<SampleMade>;
};
export type SampleMade = { path: string; hosts: number; flows: number };

export function addWorkspaceCommands(program: Command, context: CliContext, files: WorkspaceFiles): void {
  const workspace = program.command('workspace').description('the workspace file: what it is, copies of it, going back to one');
  addLooking(workspace, context, files);
  addCopying(workspace, context);
  workspace
    .command('restore <backup>')
    .description('make the workspace what a backup has; the current file is kept aside')
    .option('--replace', 'go on although the current file has what the backup has not')
    .action(async (backup: string, { replace = false }: { replace?: boolean }) => {
      const done = await files.restore({ path: context.workspacePath, backup, replace });
      context.print(done, formatRestore(done));
    });
  workspace
    .command('compact')
    .description('give back the space that deleted flows and hosts left free in the file')
    .action(async () => {
      const sizes = await (await context.client()).workspace.compact({});
      context.print(sizes, `${bytesText(sizes.bytesBefore)} before, ${bytesText(sizes.bytesAfter)} after.`);
    });
  program
    .command('sample')
    .description('a made-up company to try everything on, without a host')
    .command('create <file>')
    .description('generate the sample workspace: its hosts are never connected to')
    .action(async (file: string) => {
      const made = await files.createSample(file);
      context.print(made, `Made ${made.path}: a sample of ${made.hosts} hosts and ${made.flows} flows. Next: firebreak --workspace ${made.path} plan`);
    });
}

function addLooking(workspace: Command, context: CliContext, files: WorkspaceFiles): void {
  workspace
    .command('info')
    .description('path, size, hosts and version of the workspace')
    .action(async () => {
      const info = await (await context.client()).workspace.info({});
      context.print(info, formatInfo(info));
    });
  workspace
    .command('recent')
    .description('workspaces that windows of this user had open, newest first')
    .action(() => {
      const recent = files.recent();
      const rows = recent.map(({ path, openedAtMs, bytes }) => [path, formatTime(openedAtMs), bytes === null ? 'is gone' : bytesText(bytes)]);
      context.print(recent, rows.length === 0 ? 'No window of this user had a workspace open yet.' : formatTable(['WORKSPACE', 'OPENED', 'SIZE'], rows));
    });
}

function addCopying(workspace: Command, context: CliContext): void {
  workspace
    .command('duplicate <file>')
    .description('copy the workspace, while it is in use, into a new one to try things in')
    .action(async (file: string) => {
      const made = await (await context.client()).workspace.duplicate({ path: absolute(file) });
      context.print(made, `Made ${made.path} (${bytesText(made.bytes)}). Both know the same hosts and sign with the same key: push from one of them only.`);
    });
  workspace
    .command('backup')
    .description('copy the workspace, while it is in use; restore goes back to it')
    .option('--out <file>', 'where to; FILE.TIME.backup beside the workspace unless given')
    .action(async ({ out }: { out?: string }) => {
      const made = await (await context.client()).workspace.backUp({ path: out === undefined ? null : absolute(out) });
      context.print(made, `Backed up to ${made.path} (${bytesText(made.bytes)}). To go back: firebreak workspace restore ${made.path}`);
    });
}

/** By the shell's folder, as every file on a command line; the backend would take it by the workspace's. */
const absolute = (file: string): string => resolve(file);

function formatInfo({ path, bytes, sample, hosts, version, draftChanged }: WorkspaceInfo): string {
  return [
    `workspace  ${path}${sample ? ' (SAMPLE: made-up hosts, nothing is ever connected to)' : ''}`,
    `size       ${bytesText(bytes)}`,
    `hosts      ${hosts}`,
    `version    ${version ?? 'none: nothing was pushed yet'}${draftChanged ? ', and a draft that differs' : ''}`,
  ].join('\n');
}

function formatRestore({ path, from, keptAt, losses }: RestoreDone): string {
  const lost = losses.length === 0 ? [] : ['It no longer has:', ...losses.map((loss) => `  ${loss}`)];
  return [`${path} is what ${from} has.`, ...lost, ...(keptAt === null ? [] : [`The former file is ${keptAt}`])].join('\n');
}
