import { mkdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Command } from 'commander';
import { FirebreakError } from '../../../shared/errors.ts';
import type { OfflineAudit } from '../../../shared/offline-audit/offline-audit.ts';
import type { CliContext } from '../context.ts';
import { formatOffline } from '../format-offline.ts';
import { cannotWrite } from '../whole-file.ts';
import { type PrintPdf, writeReport } from './write-report.ts';

/** Needs no workspace but for `bundlesOf`, the one whose imported bundles and flows are to be audited too. Null: not given. */
export type AuditOffline = (order: { paths: readonly string[]; bundlesOf: string | null; logs: readonly string[]; hostsPath: string | null; templatesPath: string | null; progress(line: string): void }) => Promise<{ audit: OfflineAudit; html(): string; svg(): string; tables(): { name: string; text: string }[] }>;
type Options = { flows?: string[]; hosts?: string; templates?: string; out?: string[]; csv?: string; bundles?: boolean };

const wrong = (path: string, message: string) => new FirebreakError('INPUT_INVALID', { issues: [{ path, message }] });
const collect = (value: string, before: string[] = []) => [...before, value];

export function addOfflineAudit(audit: Command, context: CliContext, { auditOffline, printPdf }: { auditOffline: AuditOffline; printPdf: PrintPdf }): void {
  audit
    .command('offline [path...]')
    .description('what rules let in and what flows use, from files alone: listings of nft or iptables-save named after their hosts, folders of them, or an Ansible inventory; with --bundles also what was carried here; no agent')
    .option('--bundles', 'also the hosts, rules and flows of the bundles and logs that were imported into the workspace')
    .option('--flows <file>', 'a flow log to hold against the rules (as “flows import” takes; may be given again)', collect)
    .option('--hosts <file>', 'which addresses hosts have: lines such as “10.0.0.5 web1”')
    .option('--templates <folder>', 'the nftables templates of the inventory’s role')
    .option('--out <file>', 'the report as .pdf or .html, the drawing as .svg (may be given again)', collect)
    .option('--csv <folder>', 'every host, finding, blind spot and what is let in, as tables')
    .action((paths: string[], options: Options) => offline(context, { auditOffline, printPdf }, paths, options));
}

async function offline(context: CliContext, { auditOffline, printPdf }: { auditOffline: AuditOffline; printPdf: PrintPdf }, paths: readonly string[], options: Options): Promise<void> {
  for (const file of options.out ?? []) if (!/^\.(pdf|html|svg)$/.test(extname(file))) throw wrong('--out', `“${file}” is neither .pdf, .html nor .svg; tables are written with --csv FOLDER`);
  if (paths.length === 0 && options.bundles !== true) throw wrong('path', 'give files of rules, or --bundles for what was imported into the workspace');
  const result = await auditOffline({ paths, bundlesOf: options.bundles === true ? context.workspacePath : null, logs: options.flows ?? [], hostsPath: options.hosts ?? null, templatesPath: options.templates ?? null, progress: context.progress });
  const written: string[] = [];
  for (const file of options.out ?? []) {
    const ending = extname(file);
    await writeReport(file, ending === '.svg' ? result.svg() : ending === '.pdf' ? await printPdf(result.html()) : result.html());
    written.push(file);
  }
  if (options.csv !== undefined) {
    await mkdir(options.csv, { recursive: true }).catch(cannotWrite(options.csv));
    for (const { name, text } of result.tables()) {
      await writeReport(join(options.csv, name), text);
      written.push(join(options.csv, name));
    }
  }
  context.print({ ...result.audit, written }, [formatOffline(result.audit), ...written.map((file) => `Wrote ${file}.`)].join('\n'));
}
