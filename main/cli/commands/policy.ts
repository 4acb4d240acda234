import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { FirebreakError } from '../../../shared/errors.ts';
import { PolicyVersionId } from '../../../shared/model/ids.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { formatTable, formatTime } from '../table.ts';

export function addPolicyCommands(program: Command, context: CliContext): void {
  const policy = program.command('policy').description('the draft as one YAML file');
  policy
    .command('export <file>')
    .description('write the draft')
    .action(async (file: string) => {
      const { text } = await (await context.client()).policy.exportText({});
      await writeFile(file, text).catch((error: Error) => {
        throw new FirebreakError('FILE_NOT_WRITABLE', { path: file, detail: error.message });
      });
      context.print({ file }, `Wrote the draft to ${file}.`);
    });
  policy
    .command('import <file>')
    .description('replace the draft by the file')
    .option('--dry-run', 'only check it')
    .action(async (file: string, options: { dryRun?: true }) => {
      const text = await readText(file);
      const result = await (await context.client()).policy.importText({ text, dryRun: options.dryRun ?? false });
      context.print(result, `${options.dryRun ? 'Valid' : 'Imported'}: ${result.zones} zones, ${result.rules} rules.`);
    });
  policy
    .command('test [file]')
    .description('run the policy tests of the draft, or check a file first (exit 3 when one is broken)')
    .action(async (file: string | undefined) => {
      const client = await context.client();
      if (file !== undefined) await client.policy.importText({ text: await readText(file), dryRun: true });
      const result = await client.policy.test({});
      context.print(result, result.broken.length === 0 ? `${result.ran} policy tests hold.` : ['Broken:', ...result.broken.map((line) => `  ${line}`)].join('\n'));
      if (result.broken.length > 0) context.setExitCode(EXIT.gate);
    });
  addVersionCommands(program, context);
}

async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: Error) => {
    throw new FirebreakError('FILE_NOT_READABLE', { path: file, detail: error.message });
  });
}

function parseVersion(word: string): PolicyVersionId {
  const parsed = PolicyVersionId.safeParse(Number(word.replace(/^v/, '')));
  if (!parsed.success) throw new FirebreakError('INPUT_INVALID', { issues: [{ path: 'version', message: `“${word}” is no version number; firebreak version list shows them` }] });
  return parsed.data;
}

function addVersionCommands(program: Command, context: CliContext): void {
  const version = program.command('version').description('immutable policy versions, one a push');
  version
    .command('list')
    .description('versions, newest first')
    .action(async () => {
      const versions = await (await context.client()).versions.list({});
      const rows = versions.map((v) => [String(v.id), formatTime(v.createdAtMs), v.author, v.hash.slice(0, 12), v.note]);
      context.print(versions, versions.length === 0 ? 'No versions yet; the first push makes one.' : formatTable(['VERSION', 'MADE', 'BY', 'HASH', 'NOTE'], rows));
    });
  version
    .command('diff <a> <b>')
    .description('what changed from a to b')
    .action(async (a: string, b: string) => {
      const rows = await (await context.client()).versions.diff({ a: parseVersion(a), b: parseVersion(b) });
      context.print(rows, rows.length === 0 ? 'No difference.' : formatTable(['CHANGE', 'WHAT', 'NAME', 'BEFORE', 'AFTER'], rows.map((r) => [r.change, r.what, r.name, r.before ?? '-', r.after ?? '-'])));
    });
  version
    .command('restore <id>')
    .description('make a version the draft again; nothing is pushed')
    .action(async (word: string) => {
      const id = parseVersion(word);
      await (await context.client()).versions.restore({ id });
      context.print({ restored: id }, `Version ${id} is the draft now. See: firebreak plan`);
    });
}
