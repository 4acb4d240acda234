import { extname } from 'node:path';
import { Framework, type ReportKind, type ReportOrder } from '../../../shared/contract/report-kinds.ts';
import { FirebreakError } from '../../../shared/errors.ts';
import type { CliContext } from '../context.ts';
import { parseSince } from '../parse-arguments.ts';
import { formatTime } from '../table.ts';
import { type PrintPdf, type ReportOptions, writeReport } from './write-report.ts';

const wrong = (path: string, message: string) => new FirebreakError('INPUT_INVALID', { issues: [{ path, message }] });

/** One report into one file; the file's ending says as what. @throws INPUT_INVALID, FILE_NOT_WRITABLE, and as the printer does */
export async function reportOfKind(context: CliContext, printPdf: PrintPdf, kind: ReportKind, { out, since, from, to, framework }: ReportOptions): Promise<void> {
  const extension = extname(out);
  if (extension !== '.pdf' && extension !== '.html' && extension !== '.csv') throw wrong('--out', `a report is written as .pdf, .html or .csv; “${out}” ends otherwise`);
  if (since !== undefined && from !== undefined) throw wrong('--since', 'and --from both say when the period begins; give one of them');
  const begin = since === undefined ? parseSince(from, Date.now(), '--from') : parseSince(since, Date.now());
  const order: ReportOrder = { kind, framework: parseFramework(kind, framework), fromMs: begin, untilMs: parseSince(to, Date.now(), '--to') };
  const client = await context.client();
  const made = extension === '.csv' ? await client.reports.csv(order) : await client.reports.render(order);
  const period = `${formatTime(made.fromMs)} to ${formatTime(made.untilMs)}`;
  if (extension === '.pdf') context.progress(`printing the report of ${period} …`);
  const bytes = 'text' in made ? made.text : extension === '.pdf' ? await printPdf(made.html) : made.html;
  await writeReport(out, bytes);
  context.print({ file: out, bytes: bytes.length, fromMs: made.fromMs, untilMs: made.untilMs }, `Wrote ${out}, for ${period}.`);
}

function parseFramework(kind: ReportKind, text: string | undefined): Framework | null {
  if (text === undefined) return null;
  if (kind !== 'frameworks') throw wrong('--framework', 'is for the report “frameworks”');
  const known = Framework.safeParse(text);
  if (!known.success) throw wrong('--framework', `“${text}” is no framework; there are ${Framework.options.join(', ')}`);
  return known.data;
}
