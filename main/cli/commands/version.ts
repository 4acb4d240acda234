import type { Command } from 'commander';
import { FirebreakError } from '../../../shared/errors.ts';
import { PolicyVersionId } from '../../../shared/model/ids.ts';
import type { CliContext } from '../context.ts';
import { formatVersion } from '../format-readiness.ts';
import { formatTable, formatTime } from '../table.ts';

export function addVersionCommands(program: Command, context: CliContext): void {
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
    .command('show <id>')
    .description('a version, with the evidence on which its zones were moved')
    .action(async (word: string) => {
      const detail = await (await context.client()).versions.show({ id: parseVersion(word) });
      context.print(detail, formatVersion(detail));
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

/** `3` or `v3`. @throws INPUT_INVALID */
export function parseVersion(word: string): PolicyVersionId {
  const parsed = PolicyVersionId.safeParse(Number(word.replace(/^v/, '')));
  if (!parsed.success) throw new FirebreakError('INPUT_INVALID', { issues: [{ path: 'version', message: `“${word}” is no version number; firebreak version list shows them` }] });
  return parsed.data;
}
