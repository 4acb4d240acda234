import { createHash } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Command } from 'commander';
import { Framework, REPORT_KINDS, ReportKind } from '../../../shared/contract/report-kinds.ts';
import { FirebreakError } from '../../../shared/errors.ts';
import { countText } from '../../../shared/text/amount-text.ts';
import type { CliContext } from '../context.ts';
import { parseSince } from '../parse-arguments.ts';
import { formatTime } from '../table.ts';
import { reportOfKind } from './report-kind.ts';
import { cannotWrite } from '../whole-file.ts';
import { type PrintPdf, type ReportOptions, writeReport } from './write-report.ts';
import { writeExport } from '../write-export.ts';

type Output = { readonly name: string; readonly bytes: Uint8Array | string };

const KINDS = `there are ${REPORT_KINDS.map(({ kind }) => kind).join(', ')}; summary, flows, csv and pack`;
const wrong = (path: string, message: string) => new FirebreakError('INPUT_INVALID', { issues: [{ path, message }] });

export function addReportCommand(program: Command, context: CliContext, printPdf: PrintPdf): void {
  program
    .command('report <kind>')
    .description('a report as .pdf, .html or .csv; “csv”: every table of the evidence into a folder; “pack”: report, tables and a signed manifest, for “audit verify”')
    .requiredOption('--out <path>', 'file to write; for csv and pack a folder that is new or empty')
    .option('--since <period>', 'such as 30d: begin of the period')
    .option('--from <when>', 'begin of the period, such as 2026-11-01 or 30d (not summary and flows; 30 days when left out)')
    .option('--to <when>', 'end of the period (not summary and flows; now when left out)')
    .option('--framework <name>', `for “frameworks”: one alone (${Framework.options.join(', ')})`)
    .addHelpText('after', `\nKinds:\n${REPORT_KINDS.map(({ kind, about, csv }) => `  ${kind.padEnd(13)} ${about}; CSV: ${csv}`).join('\n')}\n  summary       one page on the last week, .pdf or .html\n  flows         every flow, .csv\n`)
    .action((kind: string, options: ReportOptions) => {
      if (kind === 'csv' || kind === 'pack') return evidence(context, kind === 'pack' ? printPdf : null, options);
      const known = ReportKind.safeParse(kind);
      if (known.success) return reportOfKind(context, printPdf, known.data, options);
      return oneFile(context, printPdf, { ...options, kind });
    });
}

async function oneFile(context: CliContext, printPdf: PrintPdf, { kind, out, since, from, to, framework }: ReportOptions & { kind: string }): Promise<void> {
  if (framework !== undefined) throw wrong('--framework', 'is for the report “frameworks”');
  if (from !== undefined || to !== undefined) throw wrong('report', `${kind} takes --since; --from and --to are for the other reports`);
  const client = await context.client();
  const sinceMs = parseSince(since, Date.now());
  const extension = extname(out);
  let bytes: Uint8Array | string;
  if (kind === 'flows') {
    if (extension !== '.csv') throw wrong('report', 'flows are written as .csv');
    const written = await writeExport(context, out, { sinceMs, untilMs: null, verdict: null, from: null, to: null, text: null, limit: 5000, offset: 0 });
    context.print({ file: out, bytes: written.bytes }, `Wrote ${out}.`);
    return;
  }
  if (kind === 'summary') {
    if (extension !== '.pdf' && extension !== '.html') throw wrong('report', 'summary is written as .pdf or .html');
    const { html } = await client.reports.html({ kind: 'summary', sinceMs });
    bytes = extension === '.pdf' ? await printPdf(html) : html;
  } else throw wrong('report', `“${kind}” is no report; ${KINDS}`);
  await writeReport(out, bytes);
  context.print({ file: out, bytes: bytes.length }, `Wrote ${out}.`);
}

/** `printPdf` null: the tables alone. */
async function evidence(context: CliContext, printPdf: PrintPdf | null, { out, since, from, to, framework }: ReportOptions): Promise<void> {
  if (framework !== undefined) throw wrong('--framework', 'is for the report “frameworks”; a pack has all of them');
  if (since !== undefined) throw wrong('report', 'csv and pack take --from and --to; --since is for other reports');
  await assertEmptyFolder(out);
  const client = await context.client();
  const { pack, fromMs, untilMs, html, files } = await client.reports.preparePack({ fromMs: parseSince(from, Date.now(), '--from'), untilMs: parseSince(to, Date.now(), '--to') });
  const outputs: Output[] = files.map(({ name, text }) => ({ name, bytes: text }));
  let fingerprint: string | null = null;
  if (printPdf !== null) {
    context.progress(`printing the report of ${formatTime(fromMs)} to ${formatTime(untilMs)} …`);
    const pdf = await printPdf(html);
    const sealed = await client.reports.sealPack({ pack, pdfSha256: createHash('sha256').update(pdf).digest('hex') });
    outputs.push({ name: 'report.pdf', bytes: pdf }, ...sealed.files.map(({ name, text }) => ({ name, bytes: text })));
    fingerprint = sealed.fingerprint;
  }
  await mkdir(out, { recursive: true }).catch(cannotWrite(out));
  for (const { name, bytes } of outputs) await writeReport(join(out, name), bytes);
  const period = `${formatTime(fromMs)} to ${formatTime(untilMs)}`;
  const signed = fingerprint === null ? '' : `\nSigned with ${fingerprint}: tell whoever will verify it by another way than the pack goes.\nTo verify: firebreak audit verify ${out}, or VERIFY.txt in it.`;
  context.print({ folder: out, files: outputs.map(({ name }) => name), fromMs, untilMs, fingerprint }, `Wrote ${countText(outputs.length, 'file')} for ${period} to ${out}.${signed}`);
}

/** A folder with something else in it would make a pack that does not verify. */
async function assertEmptyFolder(path: string): Promise<void> {
  const names = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    return cannotWrite(path)(error);
  });
  if (names.length > 0) throw wrong('--out', `${path} is not empty; give a folder that is new or empty`);
}
