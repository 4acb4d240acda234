import type { Command } from 'commander';
import type { ContainmentOrder, ContainmentView } from '../../../shared/contract/containment.ts';
import { FirebreakError } from '../../../shared/errors.ts';
import { HostName, ZoneName } from '../../../shared/model/names.ts';
import { parseServiceRefs } from '../../../shared/text/service-text.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { formatPlan } from '../format-plan.ts';
import { must, parseDuration, parsePeriod, parseSeconds } from '../parse-arguments.ts';
import { formatTable } from '../table.ts';
import { unlockHosts } from '../unlock-hosts.ts';
import { follow, report } from './push.ts';

type Options = { reason: string; confirmWithin: string; yes?: true; dryRun?: true };
type NewOptions = Options & { for: string };

export function addContainmentCommands(program: Command, context: CliContext): void {
  withPushOptions(program.command('quarantine <host>'))
    .description('shut a host off in every mode, live connections too, but for SSH from the consoles; it ends by itself')
    .requiredOption('--for <time>', 'how long: 30m, 4h, 2d')
    .action((host: string, options: NewOptions) => carryOut(context, { kind: 'quarantine', host: parseName('host', HostName, host), forSeconds: parseDuration('--for', options.for), reason: options.reason }, options));
  withPushOptions(program.command('close <services>'))
    .description('close services (tcp/445,tcp/139) on all hosts of a zone, but for the pairs that used them; it ends by itself')
    .requiredOption('--zone <name>', 'the zone whose hosts are closed')
    .requiredOption('--for <time>', 'how long: 30m, 4h, 2d')
    .option('--since <time>', 'the pairs that used them since then may go on (30d, or a date)', '30d')
    .option('--until <time>', '… and until then, such as before an outbreak (2h, or a date)')
    .action((services: string, options: NewOptions & { zone: string; since: string; until?: string }) => {
      const nowMs = Date.now();
      const { sinceMs, untilMs } = parsePeriod(options, nowMs);
      const what = { zone: parseName('--zone', ZoneName, options.zone), services: must('services', parseServiceRefs(services)) };
      return carryOut(context, { kind: 'close', ...what, sinceMs: sinceMs ?? nowMs, untilMs, forSeconds: parseDuration('--for', options.for), reason: options.reason }, options);
    });
  withPushOptions(program.command('release <host|id>'))
    .description('end a quarantine, or any containment by its id, before its time')
    .action((target: string, options: Options) => carryOut(context, { kind: 'release', target, reason: options.reason }, options));
  program
    .command('containment')
    .description('what is contained')
    .command('list')
    .description('quarantines and closed services, with their ends and the hosts that hold them')
    .action(async () => {
      const all = await (await context.client()).containments.list({});
      context.print(all, all.length === 0 ? 'Nothing is contained.' : formatTable(['ID', 'STATE', 'UNTIL', 'WHAT', 'ON', 'BY', 'REASON'], all.map(toCells)));
    });
}

const withPushOptions = (command: Command): Command =>
  command
    .requiredOption('--reason <text>', 'why; kept in the audit log')
    .option('--confirm-within <seconds>', 'hosts undo it by themselves unless confirmed within', '60')
    .option('--dry-run', 'show what it would cut, and do nothing (exit 3 when it would be refused)')
    .option('--yes', 'do not ask');

const toCells = ({ containment: { id, endsAt, by, reason }, state, text, hosts }: ContainmentView): string[] => [id, state, endsAt, text, hosts.join(' ') || '-', by, reason];

function parseName<T>(path: string, schema: { safeParse(text: string): { success: true; data: T } | { success: false; error: { issues: { message: string }[] } } }, text: string): T {
  const parsed = schema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new FirebreakError('INPUT_INVALID', { issues: [{ path, message: `“${text}”: ${parsed.error.issues[0]?.message ?? 'is no name'}` }] });
}

async function carryOut(context: CliContext, order: ContainmentOrder, options: Options): Promise<void> {
  const confirmWithinSeconds = parseSeconds('--confirm-within', options.confirmWithin);
  const client = await context.client();
  const made = await client.containments.plan(order);
  if (options.dryRun) {
    context.print(made, formatPlan(made));
    if (made.refusals.length > 0) context.setExitCode(EXIT.gate);
    return;
  }
  context.progress(formatPlan(made));
  if (made.refusals.length > 0) throw new FirebreakError('PLAN_REFUSED', { refusals: made.refusals });
  if (options.yes === undefined) {
    const answer = await context.ask('Do this now? [y/N] ', { hidden: false });
    if (answer?.trim().toLowerCase() !== 'y') throw new FirebreakError('ABORTED', { doing: 'asking whether to do it (give --yes in scripts)' });
  }
  await unlockHosts(context, client);
  report(context, await follow(context, await client.containments.start({ order, planHash: made.hash, confirmWithinSeconds }), confirmWithinSeconds));
}
