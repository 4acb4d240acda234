import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Command } from 'commander';
import type { LogVerdict } from '../../../shared/contract/audit-files.ts';
import type { PackVerdict } from '../../../shared/contract/report-packs.ts';
import { FirebreakError } from '../../../shared/errors.ts';
import { countText } from '../../../shared/text/amount-text.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { formatTable, formatTime } from '../table.ts';
import { addKpiCommand } from './kpi.ts';
import { addOfflineAudit, type AuditOffline } from './offline.ts';
import { addReportCommand } from './report.ts';
import { openWholeFile } from '../whole-file.ts';
import type { PrintPdf } from './write-report.ts';

export type { PrintPdf } from './write-report.ts';
/** Needs no workspace; `keyPath` null: no key was given from outside of the pack. */
export type VerifyPack = (folder: string, keyPath: string | null) => Promise<PackVerdict>;
/** Needs no workspace; `lastHash` null: none was noted. */
export type VerifyLog = (path: string, lastHash: string | null) => Promise<LogVerdict>;

export function addEvidenceCommands(program: Command, context: CliContext, { printPdf, verifyPack, verifyLog: verifyLogFile, auditOffline }: { printPdf: PrintPdf; verifyPack: VerifyPack; verifyLog: VerifyLog; auditOffline: AuditOffline }): void {
  addReportCommand(program, context, printPdf);
  addKpiCommand(program, context);
  const audit = program.command('audit').description('who did what; and what can be told from files alone');
  addOfflineAudit(audit, context, { auditOffline, printPdf });
  audit
    .command('list')
    .description('the newest entries')
    .option('--limit <rows>', 'at most so many', '100')
    .action(async (options: { limit: string }) => {
      const limit = Number(options.limit);
      if (!Number.isInteger(limit) || limit < 1 || limit > 5000) throw new FirebreakError('INPUT_INVALID', { issues: [{ path: '--limit', message: '1 to 5000' }] });
      const events = await (await context.client()).audit.list({ limit, beforeSeq: null });
      context.print(events, formatTable(['SEQ', 'TIME', 'WHO', 'ACTION', 'SUBJECT', 'DETAIL'], events.map((e) => [String(e.seq), formatTime(e.atMs), e.actor, e.action, e.subject, e.detail])));
    });
  audit
    .command('export <file>')
    .description('the whole log, oldest first, as .csv or .jsonl; the lines of JSON hold what the hashes are made of')
    .action((file: string) => exportLog(context, file));
  audit
    .command('verify [path]')
    .description('recompute the audit log’s hash chain; of a FILE.jsonl that “audit export” wrote the same, without a workspace; of a folder that “report pack” made its signature, hashes and every figure (exit 3 when something does not fit)')
    .option('--key <file>', 'the key that the pack must be signed with, as its signer.pub, got by another way')
    .option('--last <hash>', 'the hash of the last entry, as “audit export” said it: without it a log that was cut off at its end still fits')
    .action((path: string | undefined, options: { key?: string; last?: string }) => verify(context, { verifyPack, verifyLogFile }, path, options));
}

async function exportLog(context: CliContext, file: string): Promise<void> {
  const format = extname(file).slice(1);
  if (format !== 'csv' && format !== 'jsonl') throw new FirebreakError('INPUT_INVALID', { issues: [{ path: 'file', message: 'the log is written as .csv or .jsonl' }] });
  const client = await context.client();
  const whole = await openWholeFile(file, 0o600);
  context.setInterruptNote(`Stopped; nothing was written to ${file}.`);
  try {
    for await (const event of await client.audit.exportText({ format })) {
      if (event.type === 'part') {
        await whole.append(event.text);
        continue;
      }
      await whole.finish();
      const { entries, lastHash } = event;
      const how = format === 'jsonl' && lastHash !== null ? `\nThe last has the hash ${lastHash}. Keep it elsewhere, and check the file anywhere: firebreak audit verify ${file} --last ${lastHash}` : '';
      context.print({ file, entries, lastHash }, `Wrote ${countText(entries, 'entry')} to ${file}.${how}`);
      return;
    }
    throw new Error('the export ended without its last event');
  } finally {
    await whole.drop();
  }
}

type VerifyOptions = { key?: string; last?: string };
const wrong = (path: string, message: string) => new FirebreakError('INPUT_INVALID', { issues: [{ path, message }] });

async function verify(context: CliContext, by: { verifyPack: VerifyPack; verifyLogFile: VerifyLog }, path: string | undefined, { key, last }: VerifyOptions): Promise<void> {
  const isFile = path !== undefined && (await stat(path).then((found) => found.isFile(), () => path.endsWith('.jsonl')));
  if (key !== undefined && (path === undefined || isFile)) throw wrong('--key', 'is for a pack; give its folder: firebreak audit verify FOLDER --key FILE');
  if (last !== undefined && !isFile) throw wrong('--last', 'is for an exported log: firebreak audit verify FILE.jsonl --last HASH');
  if (last !== undefined && !/^[0-9a-f]{64}$/.test(last)) throw wrong('--last', 'a hash has 64 of 0-9 and a-f, as “audit export” said it');
  if (path === undefined) await verifyLog(context);
  else if (isFile) await verifyFile(context, by.verifyLogFile, path, last ?? null);
  else await verifyFolder(context, by.verifyPack, { pack: path, key: key ?? null });
}

async function verifyLog(context: CliContext): Promise<void> {
  const result = await (await context.client()).audit.verify({});
  context.print(result, result.brokenAt === null ? `All ${result.entries} entries fit.` : `The chain is broken at entry ${result.brokenAt} of ${result.entries}.`);
  if (result.brokenAt !== null) context.setExitCode(EXIT.gate);
}

async function verifyFile(context: CliContext, verifyLogFile: VerifyLog, path: string, last: string | null): Promise<void> {
  const verdict = await verifyLogFile(path, last);
  const { ok, entries, lastHash, problems } = verdict;
  const end = last === null ? `The last has the hash ${lastHash ?? ''}: compare it with what was noted when it was written (--last HASH), since a log that was cut off at its end fits too.` : 'The end is the one that was noted.';
  context.print(verdict, ok ? `All ${entries} entries of ${path} fit.\n${end}` : `${path} does not fit: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'} in ${entries} entries.\n${problems.map(({ where, message }) => `  ${where}: ${message}.`).join('\n')}`);
  if (!ok) context.setExitCode(EXIT.gate);
}

async function verifyFolder(context: CliContext, verifyPack: VerifyPack, { pack, key }: { pack: string; key: string | null }): Promise<void> {
  const verdict = await verifyPack(pack, key);
  context.print(verdict, describeVerdict(pack, verdict));
  if (!verdict.ok) context.setExitCode(EXIT.gate);
}

function describeVerdict(pack: string, { ok, problems, signer, isKeyTrusted, isSample, madeAt, madeBy, period, files, figures }: PackVerdict): string {
  const made = period === null ? '' : `Evidence for ${period.from} to ${period.until}, made ${madeAt ?? ''} by ${madeBy ?? ''}.\n`;
  const about = isSample ? `${made}It is of the generated sample: its hosts and flows are made up.\n` : made;
  if (!ok) return `${about}${pack} does not fit: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}.\n${problems.map(({ where, message }) => `  ${where}: ${message}`).join('\n')}`;
  const whose = isKeyTrusted ? 'the key that was given' : 'the key in the pack itself: compare its fingerprint with what the console’s admin says, or give --key';
  return `${about}Everything fits: ${countText(files, 'file')}, ${countText(figures, 'figure')} computed again from the tables.\nSigned with ${signer ?? ''}, ${whose}.`;
}
