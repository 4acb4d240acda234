import { writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { FirebreakError } from '../../../shared/errors.ts';
import type { ImportChoice, ImportResult } from '../../../shared/contract/policy-files.ts';
import { countText } from '../../../shared/text/amount-text.ts';
import { printFileIssue } from '../../../shared/text/file-issue-text.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { readPolicyFile } from '../read-policy-file.ts';
import { formatTable, formatTime } from '../table.ts';
import { addLintCommand } from './lint.ts';
import { addPolicyDiff } from './policy-diff.ts';
import { addVersionCommands } from './version.ts';

type ImportOptions = { dryRun?: true; ours?: true; theirs?: true; replace?: true; update?: true };

export function addPolicyCommands(program: Command, context: CliContext): void {
  const policy = program.command('policy').description('the draft as one YAML file');
  policy
    .command('export <file>')
    .description('write the draft, with the comments of files that were imported')
    .action(async (file: string) => {
      await exportTo(context, file);
      context.print({ file }, `Wrote the draft to ${file}.`);
    });
  policy
    .command('import <file>')
    .description('make the file the draft; what the draft changed since the export is kept (exit 3 when both changed the same)')
    .option('--dry-run', 'only say what it would change')
    .addOption(new Option('--ours', 'where both changed the same, take the draft’s side').conflicts(['theirs', 'replace']))
    .addOption(new Option('--theirs', 'where both changed the same, take the file’s side').conflicts('replace'))
    .option('--replace', 'take the file as it is, whatever the draft changed')
    .option('--update', 'then write the draft back to the file: ids of new rules, and what the draft had changed')
    .action((file: string, options: ImportOptions) => importFrom(context, file, options));
  policy
    .command('test [file]')
    .description('run the policy tests of the draft, or those of a file on that file’s rules (exit 3 when one is broken)')
    .action((file: string | undefined) => (file === undefined ? testDraft(context) : testFile(context, file)));
  policy
    .command('blame')
    .description('since which version each rule of the draft reads as it does, and by whom')
    .action(async () => {
      const rows = await (await context.client()).policy.blame({});
      const table = rows.map((row) => [row.rule, row.version === null ? 'draft' : String(row.version), row.by, formatTime(row.atMs), row.note, row.text]);
      context.print(rows, rows.length === 0 ? 'The draft has no rules.' : formatTable(['RULE', 'VERSION', 'BY', 'SINCE', 'NOTE', 'READS'], table));
    });
  addPolicyDiff(policy, context);
  addLintCommand(policy, context);
  addVersionCommands(program, context);
}

async function exportTo(context: CliContext, file: string): Promise<void> {
  const { text } = await (await context.client()).policy.exportText({});
  await writeFile(file, text).catch((error: Error) => {
    throw new FirebreakError('FILE_NOT_WRITABLE', { path: file, detail: error.message });
  });
}

async function importFrom(context: CliContext, file: string, options: ImportOptions): Promise<void> {
  const text = await readPolicyFile(file);
  const take: ImportChoice = options.ours ? 'ours' : options.theirs ? 'theirs' : options.replace ? 'replace' : 'merge';
  const dryRun = options.dryRun ?? false;
  const result = await (await context.client()).policy.importText({ text, fileName: file, dryRun, take });
  if (options.update && !dryRun) await exportTo(context, file);
  context.print(result, formatImport(result, file, dryRun));
}

function formatImport({ zones, rules, how, changes }: ImportResult, file: string, dryRun: boolean): string {
  const done = dryRun ? 'Valid' : how === 'merged' ? 'Merged with what the draft changed since the export' : 'Imported';
  const head = `${done}: ${countText(zones, 'zone')}, ${countText(rules, 'rule')}.`;
  if (changes.length === 0) return `${head} ${file} is what the draft is already.`;
  return `${head}\n${formatTable(['CHANGE', 'WHAT', 'NAME', 'BEFORE', 'AFTER'], changes.map((row) => [row.change, row.what, row.name, row.before ?? '-', row.after ?? '-']))}`;
}

async function testDraft(context: CliContext): Promise<void> {
  const result = await (await context.client()).policy.test({});
  context.print(result, result.broken.length === 0 ? `${result.ran} policy tests hold.` : ['Broken:', ...result.broken.map((line) => `  ${line}`)].join('\n'));
  if (result.broken.length > 0) context.setExitCode(EXIT.gate);
}

async function testFile(context: CliContext, file: string): Promise<void> {
  const result = await (await context.client()).policy.testText({ text: await readPolicyFile(file), fileName: file });
  const broken = result.broken.map((test) => printFileIssue(file, test));
  context.print({ file, ...result }, broken.length === 0 ? `${result.ran} policy tests of ${file} hold.` : [...broken, `${broken.length} of ${result.ran} policy tests are broken.`].join('\n'));
  if (broken.length > 0) context.setExitCode(EXIT.gate);
}
