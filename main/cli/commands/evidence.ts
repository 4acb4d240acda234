import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Command } from 'commander';
import { FirebreakError } from '../../../shared/errors.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { parseSince } from '../parse-arguments.ts';
import { formatTable, formatTime } from '../table.ts';

export type PrintPdf = (html: string) => Promise<Uint8Array>;

export function addEvidenceCommands(program: Command, context: CliContext, printPdf: PrintPdf): void {
  program
    .command('report <kind>')
    .description('“summary” as .pdf or .html, “flows” as .csv')
    .requiredOption('--out <file>', 'where to write')
    .option('--since <period>', 'such as 30d')
    .action((kind: string, options: { out: string; since?: string }) => report(context, printPdf, kind, options));
  const audit = program.command('audit').description('who did what');
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
    .command('verify')
    .description('recompute the hash chain (exit 3 when it does not fit)')
    .action(async () => {
      const result = await (await context.client()).audit.verify({});
      context.print(result, result.brokenAt === null ? `All ${result.entries} entries fit.` : `The chain is broken at entry ${result.brokenAt} of ${result.entries}.`);
      if (result.brokenAt !== null) context.setExitCode(EXIT.gate);
    });
}

async function report(context: CliContext, printPdf: PrintPdf, kind: string, options: { out: string; since?: string }): Promise<void> {
  const client = await context.client();
  const sinceMs = parseSince(options.since, Date.now());
  const extension = extname(options.out);
  const wrong = (message: string) => new FirebreakError('INPUT_INVALID', { issues: [{ path: 'report', message }] });
  let bytes: Uint8Array | string;
  if (kind === 'flows') {
    if (extension !== '.csv') throw wrong('flows are written as .csv');
    bytes = (await client.flows.exportCsv({ sinceMs, untilMs: null, verdict: null, from: null, to: null, text: null, limit: 5000, offset: 0 })).text;
  } else if (kind === 'summary') {
    if (extension !== '.pdf' && extension !== '.html') throw wrong('summary is written as .pdf or .html');
    const { html } = await client.reports.html({ kind: 'summary', sinceMs });
    bytes = extension === '.pdf' ? await printPdf(html) : html;
  } else throw wrong(`“${kind}” is no report; there are summary and flows`);
  await writeFile(options.out, bytes).catch((error: Error) => {
    throw new FirebreakError('FILE_NOT_WRITABLE', { path: options.out, detail: error.message });
  });
  context.print({ file: options.out, bytes: bytes.length }, `Wrote ${options.out}.`);
}
