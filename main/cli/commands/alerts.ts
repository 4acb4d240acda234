import type { Command } from 'commander';
import { muteText } from '../../../shared/alerts/mute-text.ts';
import type { AlertView } from '../../../shared/contract/alerts.ts';
import { FirebreakError } from '../../../shared/errors.ts';
import { AlertKind, AlertSettings } from '../../../shared/model/alert.ts';
import { HostName, ZoneName } from '../../../shared/model/names.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { formatTable, formatTime } from '../table.ts';

const LISTED = 5000;
const UNITS_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
type Filters = { kind?: string; host?: string; zone?: string };

export function addAlertCommands(program: Command, context: CliContext): void {
  const alerts = program.command('alerts').description('what hosts and their records gave reason to look at');
  addList(alerts, context);
  addAck(alerts, context);
  addMutes(alerts, context);
  addSettings(alerts, context);
}

const withFilters = (command: Command): Command =>
  command.option('--kind <kind>', AlertKind.options.join(', ')).option('--host <name>', 'of this host').option('--zone <name>', 'of the hosts in this zone');

function addList(alerts: Command, context: CliContext): void {
  withFilters(alerts.command('list'))
    .description('open alerts, worst first; exit 3 when there are any')
    .option('--all', 'acknowledged, muted and settled ones too')
    .action(async (options: Filters & { all?: true }) => {
      const found = await (await context.client()).alerts.list({ states: options.all === undefined ? ['open'] : null, ...parseFilters(options), text: null, limit: LISTED });
      const cut = found.total > found.rows.length ? `\nand ${found.total - found.rows.length} more; narrow it with --kind, --host or --zone` : '';
      const { open, acknowledged, muted, settled } = found.counts;
      const counts = `${open} open, ${acknowledged} acknowledged, ${muted} muted, ${settled} settled`;
      context.print(found, found.rows.length === 0 ? `No ${options.all === undefined ? 'open ' : ''}alert; ${counts}` : `${formatTable(['ID', 'STATE', 'KIND', 'TIMES', 'FIRST', 'LAST', 'WHAT'], found.rows.map(toCells))}${cut}\n${counts}`);
      if (found.rows.some(({ state }) => state === 'open')) context.setExitCode(EXIT.gate);
    });
}

const toCells = ({ id, state, kind, count, firstAtMs, lastAtMs, title, settled, acknowledged }: AlertView): string[] => {
  const after = settled !== null ? ` (${settled.why})` : acknowledged === null ? '' : ` (${[acknowledged.by, acknowledged.note].filter((word) => word !== '').join(': ')})`;
  return [String(id), state, kind, String(count), formatTime(firstAtMs), formatTime(lastAtMs), `${title}${after}`];
};

function addAck(alerts: Command, context: CliContext): void {
  alerts
    .command('ack <id...>')
    .description('somebody has seen it; it stays acknowledged until its cause is gone')
    .option('--note <text>', 'what was found, for the others', '')
    .action(async (ids: string[], { note }: { note: string }) => {
      await (await context.client()).alerts.acknowledge({ ids: ids.map(parseId), note });
      context.print({ ok: true }, `Acknowledged: ${ids.join(' ')}`);
    });
  alerts
    .command('reopen <id...>')
    .description('take an acknowledgement back')
    .action(async (ids: string[]) => {
      await (await context.client()).alerts.reopen({ ids: ids.map(parseId) });
      context.print({ ok: true }, `Open again: ${ids.join(' ')}`);
    });
}

function addMutes(alerts: Command, context: CliContext): void {
  withFilters(alerts.command('mute'))
    .description('tell nobody of a kind, a host or a zone for a while; alerts are stored nevertheless')
    .requiredOption('--for <time>', 'how long: 90m, 4h, 2d, 1w')
    .option('--note <text>', 'why', '')
    .action(async (options: Filters & { for: string; note: string }) => {
      const { kind, host: hostName, zone } = parseFilters(options);
      const made = await (await context.client()).alerts.mute({ kind, hostName, zone, untilMs: Date.now() + parseTime(options.for), note: options.note });
      context.print(made, `Muted ${muteText(made)} until ${formatTime(made.untilMs)}; end it with: firebreak alerts unmute ${made.id}`);
    });
  alerts
    .command('mutes')
    .description('what is muted, and until when')
    .action(async () => {
      const mutes = await (await context.client()).alerts.mutes({});
      context.print(mutes, mutes.length === 0 ? 'Nothing is muted.' : formatTable(['ID', 'UNTIL', 'WHAT', 'BY', 'NOTE'], mutes.map((mute) => [String(mute.id), formatTime(mute.untilMs), muteText(mute), mute.by, mute.note])));
    });
  alerts
    .command('unmute <id>')
    .description('end a mute')
    .action(async (id: string) => {
      await (await context.client()).alerts.unmute({ id: parseId(id) });
      context.print({ ok: true }, `Ended mute ${id}.`);
    });
}

function addSettings(alerts: Command, context: CliContext): void {
  alerts
    .command('settings [name=value...]')
    .description('from when on something counts as an alert; with name=value, change it')
    .action(async (pairs: string[]) => {
      const client = await context.client();
      const before = await client.alerts.settings({});
      const now = pairs.length === 0 ? before : await client.alerts.setSettings(withPairs(before, pairs));
      context.print(now, formatTable(['SETTING', 'VALUE'], Object.entries(now).map(([name, value]) => [name, String(value)])));
    });
}

const bad = (path: string, message: string) => new FirebreakError('INPUT_INVALID', { issues: [{ path, message }] });

function withPairs(before: AlertSettings, pairs: readonly string[]): AlertSettings {
  const given = pairs.map((pair): [string, number] => {
    const [name = '', value = ''] = pair.split('=');
    if (!Object.hasOwn(before, name)) throw bad('settings', `there is no setting “${name}”; known: ${Object.keys(before).join(', ')}`);
    return [name, value.trim() === '' ? Number.NaN : Number(value)];
  });
  const parsed = AlertSettings.safeParse({ ...before, ...Object.fromEntries(given) });
  if (parsed.success) return parsed.data;
  throw new FirebreakError('INPUT_INVALID', { issues: parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })) });
}

function parseFilters({ kind, host, zone }: Filters): { kind: AlertKind | null; host: string | null; zone: string | null } {
  const parsed = AlertKind.nullable().safeParse(kind ?? null);
  if (!parsed.success) throw bad('--kind', `“${kind}” is no kind of alert; known: ${AlertKind.options.join(', ')}`);
  for (const [option, name, schema] of [['--host', host, HostName], ['--zone', zone, ZoneName]] as const) {
    const checked = schema.nullable().safeParse(name ?? null);
    if (!checked.success) throw bad(option, `“${name}”: ${checked.error.issues[0]?.message ?? 'is no name'}`);
  }
  return { kind: parsed.data, host: host ?? null, zone: zone ?? null };
}

function parseId(text: string): number {
  const id = Number(text);
  if (!Number.isSafeInteger(id) || id < 1) throw bad('id', `“${text}” is no number of an alert; see: firebreak alerts list --all`);
  return id;
}

function parseTime(text: string): number {
  const match = /^(\d{1,6})([mhdw])$/.exec(text);
  const ms = match === null ? 0 : Number(match[1]) * (UNITS_MS[match[2] ?? ''] ?? 0);
  if (ms === 0) throw bad('--for', `“${text}” is no time such as 90m, 4h, 2d or 1w`);
  return ms;
}
