import { type Command, Option } from 'commander';
import type { CollectView } from '../../../shared/contract/collect-rounds.ts';
import { COLLECT_EVERY_MINUTES, KEEP_FLOW_DAYS, type WorkspaceSettings } from '../../../shared/contract/workspace-settings.ts';
import { FirebreakError } from '../../../shared/errors.ts';
import type { MaintenanceWindows } from '../../../shared/model/maintenance.ts';
import { readWindow } from '../../../shared/policy/maintenance.ts';
import { describeWindow, parseMaintenance, parseWindowZone, printMaintenance, windowName } from '../../../shared/text/maintenance-text.ts';
import { describeRound, everyText } from '../../../shared/text/collect-text.ts';
import { formatWaves, parseWaves } from '../../../shared/text/waves-text.ts';
import type { CliContext } from '../context.ts';
import { formatTime } from '../table.ts';
import { must, parsePause, parseSeconds } from '../parse-arguments.ts';

type Options = { confirmWithin?: string; waves?: string; wavePause?: string; leaveAway?: OnOff; deliverReturned?: OnOff; collectEvery?: string; keepFlows?: string; window?: string[]; removeWindow?: string[] };
type OnOff = 'on' | 'off';

const EVERY = ['off', ...COLLECT_EVERY_MINUTES.map((minutes) => `${minutes}m`)];

const KEEP = ['all', ...KEEP_FLOW_DAYS.map(String)];

const onOff = (flags: string, description: string) => new Option(flags, description).choices(['on', 'off']);

export function addSettings(program: Command, context: CliContext): void {
  program
    .command('settings')
    .description('what holds in this workspace; with an option, change it')
    .option('--confirm-within <seconds>', 'with how many seconds a push or a rollback begins')
    .option('--waves <sizes>', 'how many hosts of a push go together, the rest at the end: 1,10%; all: at once')
    .option('--wave-pause <seconds>', 'between two waves')
    .addOption(onOff('--leave-away <on|off>', 'whether a push leaves out hosts to which no connection comes about'))
    .addOption(onOff('--deliver-returned <on|off>', 'whether an open window sends these what they missed once they answer again'))
    .addOption(new Option('--collect-every <time>', 'how often an open window collects flows from all hosts; off: only when somebody says so').choices(EVERY))
    .addOption(new Option('--keep-flows <days>', 'for how many days flows are kept that hosts recorded; older ones go with the next collect of a day').choices(KEEP))
    .option('--window <zone=times...>', 'when hosts of a zone may be pushed to: "shop=Sat 22:00-04:00 Europe/Berlin" (* for every zone without a window of its own)')
    .option('--remove-window <zone...>', 'hosts of the zone may be pushed to at any time again')
    .action(async (options: Options) => {
      const client = await context.client();
      const before = await client.workspace.settings({});
      const settings = Object.keys(options).length === 0 ? before : await client.workspace.saveSettings(change(before, options));
      context.print(settings, formatSettings(settings, await client.workspace.collecting({}), Date.now()));
    });
}

function change(before: WorkspaceSettings, options: Options): WorkspaceSettings {
  return {
    confirmWithinSeconds: options.confirmWithin === undefined ? before.confirmWithinSeconds : parseSeconds('--confirm-within', options.confirmWithin),
    waves: options.waves === undefined ? before.waves : must('--waves', parseWaves(options.waves)),
    wavePauseSeconds: options.wavePause === undefined ? before.wavePauseSeconds : parsePause('--wave-pause', options.wavePause),
    leaveAway: options.leaveAway === undefined ? before.leaveAway : options.leaveAway === 'on',
    deliverReturned: options.deliverReturned === undefined ? before.deliverReturned : options.deliverReturned === 'on',
    collectEveryMinutes: options.collectEvery === undefined ? before.collectEveryMinutes : (COLLECT_EVERY_MINUTES.find((minutes) => `${minutes}m` === options.collectEvery) ?? null),
    keepFlowDays: options.keepFlows === undefined ? before.keepFlowDays : (KEEP_FLOW_DAYS.find((days) => String(days) === options.keepFlows) ?? null),
    maintenance: changeWindows(before.maintenance, options),
  };
}

/** A zone that has a window gets the new one in its place. @throws INPUT_INVALID · NOT_FOUND for one to remove that is not there */
function changeWindows(before: MaintenanceWindows, { window = [], removeWindow = [] }: Options): MaintenanceWindows {
  const removed = removeWindow.map((text) => must('--remove-window', parseWindowZone(text)));
  const missing = removed.find((zone) => !before.some((one) => one.zone === zone));
  if (missing !== undefined) throw new FirebreakError('NOT_FOUND', { what: 'maintenance window of', name: windowName(missing), known: before.map(({ zone }) => windowName(zone)) });
  const added = window.map((text) => must('--window', parseMaintenance(text)));
  return [...before.filter(({ zone }) => !removed.includes(zone) && !added.some((one) => one.zone === zone)), ...added];
}

const formatSettings = (settings: WorkspaceSettings, { last }: CollectView, nowMs: number): string =>
  [
    `Confirm within: ${settings.confirmWithinSeconds} s`,
    `Waves: ${formatWaves(settings.waves)}`,
    `Between waves: ${settings.wavePauseSeconds} s`,
    `Hosts that are away: ${settings.leaveAway ? 'left out of a push, and wait for it' : 'one stops a push'}`,
    `Once they answer again: ${settings.deliverReturned ? 'an open window sends them what they missed' : 'they wait until somebody sends it (firebreak push --pending)'}`,
    `Collecting: ${settings.collectEveryMinutes === null ? 'when somebody says so (firebreak collect)' : `every ${everyText(settings.collectEveryMinutes)} while a window is open`}`,
    `Flows are kept: ${settings.keepFlowDays === null ? 'all of them' : `for ${settings.keepFlowDays} days`}`,
    ...(last === null ? [] : [`Last round: ${formatTime(last.startedAtMs)}. ${describeRound(last).join(' ')}`]),
    ...(settings.maintenance.length === 0 ? ['Maintenance windows: none; hosts may be pushed to at any time'] : settings.maintenance.map((window) => `Maintenance window: ${printMaintenance(window)} (${describeWindow(readWindow(window, nowMs))})`)),
  ].join('\n');
