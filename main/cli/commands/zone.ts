import type { Command } from 'commander';
import { FirebreakError } from '../../../shared/errors.ts';
import { OutboundMode, ZoneMode } from '../../../shared/model/policy.ts';
import { listUses } from '../../../shared/policy/where-used.ts';
import { parseSelectorSet, printSelectorSet } from '../../../shared/text/selector-text.ts';
import { parseServiceRefs, printServiceRefs } from '../../../shared/text/service-text.ts';
import type { CliContext } from '../context.ts';
import { countStates, formatReadiness } from '../format-readiness.ts';
import { formatUses } from '../format-uses.ts';
import { must } from '../parse-arguments.ts';
import { formatTable } from '../table.ts';

type ZoneOptions = { select: string[]; outbound: string; onlyServices?: string; note: string };
type Waiver = { check: string; reason: string };

export function addZoneCommands(program: Command, context: CliContext): void {
  const zone = program.command('zone').description('ordered zones; a host belongs to the first that selects it');
  zone
    .command('add <name>')
    .description('add a zone, in observe mode, at the end of the list')
    .requiredOption('--select <selector...>', 'such as app=shop,env=prod; several are alternatives; “! role=db” excludes')
    .option('--outbound <mode>', 'open or restricted', 'open')
    .option('--only-services <list>', 'refuse by default only these, such as tcp/22,tcp/3389; the rest is accepted and recorded')
    .option('--note <text>', 'a remark', '')
    .action((name: string, options: ZoneOptions) => addZone(context, name, options));
  zone.command('list').description('zones in order').action(() => listZones(context));
  zone.command('show <name>').description('its settings, its hosts, and where it is used').action((name: string) => showZone(context, name));
  zone
    .command('mode <name> <mode>')
    .description('move the draft of a zone to observe, test or enforce; a push makes it real')
    .option('--waive <check...>', 'go on although this readiness check fails')
    .option('--reason <text>', 'why; kept in the version and the report')
    .action((name: string, mode: string, options: { waive?: string[]; reason?: string }) => setMode(context, name, mode, options));
  zone
    .command('readiness <name> [mode]')
    .description('the check list for moving the zone to that mode, with figures; nothing is changed')
    .option('--for <mode>', 'test or enforce; the next one after the draft’s when left out')
    .action((name: string, word: string | undefined, options: { for?: string }) => showReadiness(context, name, options.for ?? word));
  zone
    .command('maturity [name]')
    .description('how much of what each zone does was seen: learning, stabilizing or stable, and what is missing')
    .action((name?: string) => showMaturity(context, name ?? null));
  zone
    .command('remove <name>')
    .description('remove a zone from the draft; its hosts are observed from the next push on')
    .action(async (name: string) => {
      await (await context.client()).policy.removeZone({ name });
      context.print({ removed: name }, `Removed zone ${name} from the draft.`);
    });
}

function parseWord<T extends string>(path: string, schema: { options: readonly T[] }, word: string): T {
  const found = schema.options.find((option) => option === word);
  if (found === undefined) throw new FirebreakError('INPUT_INVALID', { issues: [{ path, message: `“${word}” is none of ${schema.options.join(', ')}` }] });
  return found;
}

async function addZone(context: CliContext, name: string, options: ZoneOptions): Promise<void> {
  const client = await context.client();
  const select = must('--select', parseSelectorSet(options.select.join(' + ')));
  const onlyServices = options.onlyServices === undefined ? null : must('--only-services', parseServiceRefs(options.onlyServices));
  const zone = await client.policy.addZone({ name, select, outbound: parseWord('--outbound', OutboundMode, options.outbound), onlyServices, note: options.note });
  const hosts = await client.policy.matches({ peer: { kind: 'selector', select } });
  context.print({ zone, matches: hosts }, `Added zone ${name} (observe). Its selector matches ${hosts.length === 0 ? 'nobody yet' : `${hosts.length}: ${hosts.join(', ')}`}.`);
}

async function listZones(context: CliContext): Promise<void> {
  const client = await context.client();
  const { policy, overlaps } = await client.policy.get({});
  const hosts = await client.hosts.list({});
  const rows = policy.zones.map((zone, i) => [String(i + 1), zone.name, zone.mode, zone.outbound, zone.onlyServices === null ? 'all' : printServiceRefs(zone.onlyServices), printSelectorSet(zone.select), hosts.filter((host) => host.zone === zone.name).map((host) => host.name).join(' ') || '-']);
  const overlapLines = overlaps.map((overlap) => `${overlap.host} matches ${overlap.zones.join(' and ')}; the first counts.`);
  const empty = 'No zones yet: every host is observed. Add one: firebreak zone add NAME --select app=shop';
  context.print({ zones: policy.zones, overlaps }, policy.zones.length === 0 ? empty : [formatTable(['#', 'ZONE', 'MODE (DRAFT)', 'OUTBOUND', 'REFUSES', 'SELECTS', 'HOSTS'], rows), ...overlapLines].join('\n'));
}

async function showZone(context: CliContext, name: string): Promise<void> {
  const client = await context.client();
  const { policy } = await client.policy.get({});
  const zone = policy.zones.find((one) => one.name === name);
  if (zone === undefined) throw new FirebreakError('NOT_FOUND', { what: 'zone', name, known: policy.zones.map((one) => one.name) });
  const hosts = (await client.hosts.list({})).filter((host) => host.zone === name).map((host) => host.name);
  const uses = listUses(policy, { kind: 'zone', name });
  const facts = [['selects', printSelectorSet(zone.select)], ['mode (draft)', zone.mode], ['outbound', zone.outbound], ['refuses', zone.onlyServices === null ? 'all' : printServiceRefs(zone.onlyServices)], ['hosts', hosts.join(' ') || 'none'], ['note', zone.note || '-']];
  context.print({ ...zone, hosts, uses }, `${formatTable([name, ''], facts)}\n\n${formatUses(uses)}`);
}

async function showMaturity(context: CliContext, name: string | null): Promise<void> {
  const all = await (await context.client()).policy.maturity({});
  const shown = name === null ? all : all.filter((zone) => zone.zone === name);
  if (name !== null && shown.length === 0) throw new FirebreakError('NOT_FOUND', { what: 'zone', name, known: all.map((zone) => zone.zone) });
  const rows = shown.map((zone) => [zone.zone, zone.state, String(zone.keys), String(zone.newKeysADay), zone.missing.length === 0 ? 'nothing' : String(zone.missing.length)]);
  const reasons = shown.flatMap((zone) => [`${zone.zone} is ${zone.state}${zone.state === 'stable' ? '' : '; until the next state'}:`, ...zone.reasons.map(({ isMet, text }) => `  ${isMet ? 'met    ' : 'missing'} ${text}`)]);
  const empty = 'No zones yet: every host is observed. Add one: firebreak zone add NAME --select app=shop';
  context.print(shown, shown.length === 0 ? empty : [formatTable(['ZONE', 'MATURITY', 'FLOW KEYS', 'NEW A DAY', 'MISSING'], rows), ...reasons].join('\n'));
}

async function showReadiness(context: CliContext, name: string, word: string | undefined): Promise<void> {
  const client = await context.client();
  const zone = (await client.policy.get({})).policy.zones.find((one) => one.name === name);
  const mode = word === undefined ? (zone?.mode === 'observe' ? 'test' : 'enforce') : parseWord('--for', ZoneMode, word);
  const checks = await client.policy.readiness({ name, mode });
  const blockers = checks.filter(({ state }) => state === 'blocker').length;
  const verdict = blockers === 0 ? `Nothing stops the move: firebreak zone mode ${name} ${mode}` : `${blockers} ${blockers === 1 ? 'check stops' : 'checks stop'} the move; each can be waived: firebreak zone mode ${name} ${mode} --waive CHECK --reason TEXT`;
  context.print(checks, `${name} → ${mode}: ${countStates(checks) || 'no check'}\n\n${formatReadiness(checks)}\n\n${verdict}`);
}

async function setMode(context: CliContext, name: string, word: string, options: { waive?: string[]; reason?: string }): Promise<void> {
  const mode = parseWord('mode', ZoneMode, word);
  if (options.waive !== undefined && (options.reason ?? '') === '')
    throw new FirebreakError('INPUT_INVALID', { issues: [{ path: '--reason', message: 'a waiver needs a reason; it is kept and printed' }] });
  const waivers: Waiver[] = (options.waive ?? []).map((check) => ({ check, reason: options.reason ?? '' }));
  const client = await context.client();
  const readiness = await client.policy.readiness({ name, mode });
  for (const item of readiness) context.progress(`${item.state.padEnd(7)} ${item.check}: ${item.text} (${item.figure}, wanted ${item.wanted})`);
  const zone = await client.policy.setZoneMode({ name, mode, waivers });
  context.print({ zone, readiness }, `Zone ${name} is ${mode} in the draft. See what that changes: firebreak plan`);
}
