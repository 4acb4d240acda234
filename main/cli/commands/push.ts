import type { Command } from 'commander';
import type { Plan, Push } from '../../../shared/model/diff.ts';
import type { WaitingHost } from '../../../shared/model/host-wait.ts';
import type { SessionPlan } from '../../../shared/model/session.ts';
import type { WaveOrder } from '../../../shared/model/waves.ts';
import { FirebreakError } from '../../../shared/errors.ts';
import { changedHosts } from '../../../shared/policy/changed-hosts.ts';
import { planWaves } from '../../../shared/policy/plan-waves.ts';
import { countText } from '../../../shared/text/amount-text.ts';
import { waitText } from '../../../shared/text/wait-text.ts';
import { formatPlannedWaves, parseWaves } from '../../../shared/text/waves-text.ts';
import type { CliContext, Client } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { must, parseHostChoice, parseHostName, parsePause, parseSeconds, parseSessionChoice, parseZoneName } from '../parse-arguments.ts';
import { formatPlan } from '../format-plan.ts';
import { bringsHostsToEnforce, formatCuts, formatSessions } from '../format-sessions.ts';
import { readPolicyFile } from '../read-policy-file.ts';
import { formatTable } from '../table.ts';
import { unlockHosts } from '../unlock-hosts.ts';

type PlanOptions = { zone?: string; text?: string; policy?: string; sessions: boolean };
type PushOptions = { zone?: string; confirmWithin?: string; note: string; sessions: string; waves?: string; wavePause?: string; canary?: string[]; zoneOrder?: string; leaveAway?: boolean; outsideWindow?: string; pending?: true; forgetPending?: string[]; yes?: true };

export function addPushCommands(program: Command, context: CliContext): void {
  program
    .command('plan')
    .description('what a push would change: policy, hosts, observed flows (exit 3 when it would be refused)')
    .option('--zone <name>', 'only this zone’s hosts')
    .option('--text <host>', 'the nft text of one host, before and after')
    .option('--policy <file>', 'of this policy file as it is, instead of the draft; asks no host')
    .option('--no-sessions', 'do not ask hosts which live connections the new rules forbid')
    .action((options: PlanOptions) => plan(context, options));
  program
    .command('push')
    .description('plan, ask, then push: check, save, arm, load, prove, confirm')
    .option('--zone <name>', 'only this zone’s hosts')
    .option('--confirm-within <seconds>', 'hosts undo it by themselves unless confirmed within (unless told: as in firebreak settings)')
    .option('--note <text>', 'why', '')
    .option('--sessions <keep|cut>', 'what becomes of live connections that the new rules forbid; cut ends them once a host has confirmed', 'keep')
    .option('--waves <sizes>', 'how many hosts go together, the rest at the end (1,10%); each wave waits until the one before has confirmed; all: at once (unless told: as in firebreak settings)')
    .option('--wave-pause <seconds>', 'between two waves (unless told: as in firebreak settings)')
    .option('--canary <host...>', 'hosts that go first')
    .option('--zone-order <zones>', 'zones that go one after another, before the others: backups,shop')
    .option('--leave-away', 'leave out hosts to which no connection comes about; they get it when they return (unless told: as in firebreak settings)')
    .option('--no-leave-away', 'one such host stops the push')
    .option('--outside-window <reason>', 'although a maintenance window is closed; the reason is kept')
    .option('--pending', 'instead: send hosts that were away what they wait for')
    .option('--forget-pending <host...>', 'instead: these hosts wait no longer, and stay as they are')
    .option('--yes', 'do not ask')
    .action((options: PushOptions) => {
      if (options.forgetPending !== undefined) return forgetPending(context, options.forgetPending);
      return options.pending === undefined ? push(context, options) : pushPending(context, options);
    });
  addUndoCommands(program, context);
}

function addUndoCommands(program: Command, context: CliContext): void {
  program
    .command('rollback [hosts...]')
    .description('back to what the hosts ran before their last push')
    .option('--all', 'every managed host')
    .option('--confirm-within <seconds>', 'as for push')
    .option('--note <text>', 'why', '')
    .action(async (words: string[], options: { all?: true; confirmWithin?: string; note: string }) => {
      const hosts = parseHostChoice(words, options.all ?? false);
      const client = await context.client();
      const confirmWithinSeconds = await readWindow(client, options.confirmWithin);
      await unlockHosts(context, client);
      const events = await client.pushes.rollback({ hosts, note: options.note, confirmWithinSeconds });
      report(context, await follow(context, events, confirmWithinSeconds));
    });
  program
    .command('reconcile')
    .description('ask the hosts of interrupted pushes what they did')
    .action(async () => {
      const client = await context.client();
      await unlockHosts(context, client);
      const pushes = await client.pushes.reconcile({});
      const waiting = await client.pushes.waiting({});
      const text = pushes.length === 0 ? 'No push was interrupted.' : pushes.map(formatPush).join('\n\n');
      context.print(pushes, waiting.length === 0 ? text : `${text}\n\n${formatWaiting(waiting)}\nTo send it now: firebreak push --pending`);
    });
}

/** What was typed, else what the workspace says. @throws INPUT_INVALID */
async function readWindow(client: Client, text: string | undefined): Promise<number> {
  return text === undefined ? (await client.workspace.settings({})).confirmWithinSeconds : parseSeconds('--confirm-within', text);
}

/** Likewise. @throws INPUT_INVALID */
async function readWaves(client: Client, { waves, wavePause, canary, zoneOrder }: PushOptions): Promise<WaveOrder> {
  const settings = await client.workspace.settings({});
  return {
    sizes: waves === undefined ? settings.waves : must('--waves', parseWaves(waves)),
    pauseSeconds: wavePause === undefined ? settings.wavePauseSeconds : parsePause('--wave-pause', wavePause),
    first: (canary ?? []).map((name) => parseHostName('--canary', name)),
    zones: zoneOrder === undefined ? [] : zoneOrder.split(',').map((name) => parseZoneName('--zone-order', name.trim())),
  };
}

async function plan(context: CliContext, options: PlanOptions): Promise<void> {
  const client = await context.client();
  if (options.text !== undefined) {
    const text = await client.pushes.text({ hostName: options.text });
    context.print(text, text.after);
    return;
  }
  const zone = options.zone ?? null;
  const result = options.policy === undefined ? await client.pushes.plan({ zone }) : await client.pushes.planText({ text: await readPolicyFile(options.policy), fileName: options.policy, zone });
  const sessions = options.sessions && options.policy === undefined ? await readSessions(context, client, result, options.zone ?? null) : null;
  // Of a file nobody asks which of its rows flips what: a gate judges the whole.
  const flips = options.policy === undefined && result.policyDiff.length > 0 && result.refusals.length === 0 ? await client.policy.flips({ sinceMs: null }) : null;
  context.print({ ...result, sessions, flips }, formatPlan(result, flips) + (sessions === null ? '' : formatSessions(sessions, 'keep')));
  if (result.refusals.length > 0 || result.brokenTests.length > 0) context.setExitCode(EXIT.gate);
}

/** Asks only where the plan brings hosts to enforce; passwords are asked for then. */
async function readSessions(context: CliContext, client: Client, made: Plan, zone: string | null): Promise<SessionPlan> {
  if (!bringsHostsToEnforce(made)) return { hosts: [] };
  await unlockHosts(context, client);
  return client.pushes.sessions({ zone });
}

async function push(context: CliContext, options: PushOptions): Promise<void> {
  const sessions = parseSessionChoice(options.sessions);
  const client = await context.client();
  const confirmWithinSeconds = await readWindow(client, options.confirmWithin);
  const waves = await readWaves(client, options);
  const zone = options.zone ?? null;
  const made = await client.pushes.plan({ zone });
  context.progress(formatPlan(made));
  const planned = planWaves(changedHosts(made), waves.sizes, waves.first, waves.zones);
  if (planned.length > 1) context.progress(`${formatPlannedWaves(planned)}\n`);
  refuseWhatCannotGo(made, options);
  if (options.yes === undefined || sessions === 'cut') {
    const live = formatSessions(await readSessions(context, client, made, zone), sessions);
    if (live !== '') context.progress(live);
  }
  await askWhether(context, options);
  await unlockHosts(context, client);
  const leaveAway = options.leaveAway ?? (await client.workspace.settings({})).leaveAway;
  const order = { planHash: made.hash, zone, note: options.note, confirmWithinSeconds, sessions, waves, leaveAway, outsideWindow: options.outsideWindow ?? null };
  report(context, await follow(context, await client.pushes.start(order), confirmWithinSeconds));
}

/** As the backend would, but before anybody is asked for anything. */
function refuseWhatCannotGo(made: Plan, { outsideWindow }: PushOptions): void {
  if (made.refusals.length > 0) throw new FirebreakError('PLAN_REFUSED', { refusals: made.refusals });
  if (made.brokenTests.length > 0) throw new FirebreakError('GATE_CLOSED', { what: 'Policy tests are broken', reasons: made.brokenTests });
  const shut = made.windows.filter(({ isOpen }) => !isOpen);
  if (shut.length > 0 && outsideWindow === undefined) throw new FirebreakError('WINDOW_CLOSED', { windows: shut, nowMs: Date.now() });
}

async function askWhether(context: CliContext, { yes }: PushOptions): Promise<void> {
  if (yes !== undefined) return;
  const answer = await context.ask('Push this? [y/N] ', { hidden: false });
  if (answer?.trim().toLowerCase() !== 'y') throw new FirebreakError('ABORTED', { doing: 'asking whether to push (give --yes in scripts)' });
}

/** Sends hosts that were away what they wait for; those that still are go on waiting. */
async function pushPending(context: CliContext, options: PushOptions): Promise<void> {
  const unfit = (['zone', 'waves', 'wavePause', 'canary', 'zoneOrder'] as const).find((name) => options[name] !== undefined);
  if (unfit !== undefined) throw new FirebreakError('INPUT_INVALID', { issues: [{ path: '--pending', message: 'sends every host that waits its own version, all at once; leave out --zone, --waves, --wave-pause, --canary and --zone-order' }] });
  const client = await context.client();
  const confirmWithinSeconds = await readWindow(client, options.confirmWithin);
  const made = await client.pushes.planPending({});
  const waiting = await client.pushes.waiting({});
  if (waiting.length === 0) throw new FirebreakError('NOTHING_PENDING', {});
  context.progress(`${formatWaiting(waiting)}\n\n${formatPlan(made)}`);
  refuseWhatCannotGo(made, options);
  await askWhether(context, options);
  await unlockHosts(context, client);
  const events = await client.pushes.startPending({ planHash: made.hash, note: options.note, confirmWithinSeconds, outsideWindow: options.outsideWindow ?? null });
  report(context, await follow(context, events, confirmWithinSeconds));
}

async function forgetPending(context: CliContext, names: string[]): Promise<void> {
  const forgotten = await (await context.client()).pushes.forgetPending({ hosts: parseHostChoice(names, false) });
  context.print(forgotten, forgotten.length === 0 ? 'None of these waits for a push.' : forgotten.map((host) => `${host.hostName} waits no longer for version ${host.version}; it stays as it is.`).join('\n'));
}

const formatWaiting = (waiting: readonly WaitingHost[]): string => waiting.map((host) => `${host.hostName} ${waitText(host)}`).join('\n');

/** Prints each host's steps as they come; gives the last state of the push. */
export async function follow(context: CliContext, events: AsyncIterable<Push>, confirmWithinSeconds: number): Promise<Push> {
  context.setInterruptNote(
    `Stopped in the middle of the push. A host that holds unconfirmed rules goes back by itself within ${confirmWithinSeconds} s of loading them.\nWhat each host did: firebreak reconcile`,
  );
  const shown = new Map<string, string>();
  let last: Push | undefined;
  for await (const event of events) {
    last = event;
    for (const host of event.hosts) {
      if (shown.get(host.hostName) === host.step) continue;
      shown.set(host.hostName, host.step);
      context.progress(`${host.hostName}: ${host.step}${host.detail === '' ? '' : ` (${host.detail})`}`);
    }
  }
  if (last === undefined) throw new Error('the push sent no event');
  return last;
}

const formatAway = ({ hosts }: Push): string => {
  const away = hosts.filter(({ step }) => step === 'away').length;
  return away === 0 ? '' : `; ${countText(away, 'host')} ${away === 1 ? 'is' : 'are'} away and ${away === 1 ? 'gets' : 'get'} it when ${away === 1 ? 'it returns' : 'they return'} (firebreak push --pending)`;
};

const formatPush = (done: Push) =>
  [`${done.kind} ${done.id}, version ${done.version}: ${done.outcome}${formatAway(done)}`, formatTable(['HOST', 'ENDED', 'DETAIL'], done.hosts.map((h) => [h.hostName, h.step, h.detail])), ...formatCuts(done)].join('\n');

export function report(context: CliContext, done: Push): void {
  context.print(done, formatPush(done));
  if (done.outcome !== 'confirmed') context.setExitCode(EXIT.failed);
}
