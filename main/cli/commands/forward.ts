import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { ForwardRun, ForwardView } from '../../../shared/contract/forwards.ts';
import { FirebreakError } from '../../../shared/errors.ts';
import { ForwardFormat, ForwardKind, ForwardName } from '../../../shared/model/forward.ts';
import { countText } from '../../../shared/text/amount-text.ts';
import { parseForwardTarget, printForwardTarget } from '../../../shared/text/forward-target-text.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { must } from '../parse-arguments.ts';
import { formatTable, formatTime } from '../table.ts';

type Options = { format: string; kinds: string; ca?: string; keyFile?: string; rotateMb?: string; keep?: string };

const bad = (path: string, message: string) => new FirebreakError('INPUT_INVALID', { issues: [{ path, message }] });

export function addForwardCommands(program: Command, context: CliContext): void {
  const forward = program.command('forward').description('send alerts, audit entries, refused connections and pushes to a SIEM');
  addAdd(forward, context);
  addLists(forward, context);
  forward
    .command('remove <name>')
    .description('send nothing there any more; what waits for it is given up')
    .action(async (name: string) => {
      await (await context.client()).forwards.remove({ name: parseName(name) });
      context.print({ ok: true }, `Removed ${name}.`);
    });
  forward
    .command('test <name>')
    .description('send one event that says that it is a test')
    .action(async (name: string) => {
      const result = await (await context.client()).forwards.test({ name: parseName(name) });
      context.print(result, result.confirmed ? `${name} has taken the test event.` : `The test event was sent to ${name}. UDP has no answer: look there whether it arrived.`);
    });
  forward
    .command('confirm <name>')
    .description('let this machine send there: asked once a machine and destination, since a workspace may come from somebody else')
    .action(async (name: string) => {
      const view = await (await context.client()).forwards.confirm({ name: parseName(name) });
      context.print(view, `This machine sends to ${printForwardTarget(view.target)} from now on: ${view.kinds.join(', ')}, the ${view.waiting} that wait first.`);
    });
  addSetAside(forward, context);
  forward
    .command('run [name]')
    .description('send what waits now, to one or all; for cron, where no window is open (exit 1 when one does not take it, or is not confirmed on this machine)')
    .action(async (name: string | undefined) => {
      const runs = await (await context.client()).forwards.run({ name: name === undefined ? null : parseName(name) });
      context.print(runs, runs.length === 0 ? NONE : runs.map(describeRun).join('\n'));
      if (runs.some(({ error, confirmed }) => error !== null || !confirmed)) context.setExitCode(EXIT.failed);
    });
}

const NONE = 'There is no destination; add one with: firebreak forward add NAME tls://HOST:6514';

function addAdd(forward: Command, context: CliContext): void {
  forward
    .command('add <name> <target>')
    .description('udp://HOST:514, tcp://HOST:514 or tls://HOST:6514 (syslog), file:///PATH (JSON lines), https://… (webhook); it gets what happens from now on')
    .option('--format <names>', 'whose field names: ocsf or ecs', 'ocsf')
    .option('--kinds <kinds>', 'what is sent', ForwardKind.options.join(','))
    .option('--ca <file>', 'PEM of the authority that signed the receiver’s certificate (tls, https)')
    .option('--key-file <file>', 'the key that signs, readable by you alone; only its path is stored (https)')
    .option('--rotate-mb <megabytes>', 'begin a new file beyond this size (file; 100 when left out)')
    .option('--keep <files>', 'how many former files stay (file; 5 when left out)')
    .action(async (name: string, target: string, options: Options) => {
      const parsed = must('target', parseForwardTarget(target, { caPath: pathOf(options.ca), keyPath: pathOf(options.keyFile), rotateMegabytes: amountOf(options.rotateMb), keepFiles: amountOf(options.keep) }));
      const added = await (await context.client()).forwards.add({ name: parseName(name), target: parsed, format: parseFormat(options.format), kinds: options.kinds.split(',').map(parseKind) });
      context.print(added, `Added ${name}: ${added.kinds.join(', ')} as ${added.format.toUpperCase()} to ${printForwardTarget(added.target)}. Try it with: firebreak forward test ${name}`);
    });
}

function addSetAside(forward: Command, context: CliContext): void {
  forward
    .command('set-aside <name>')
    .description('events that were never sent there, because no message could be made of them')
    .option('--forget', 'forget them, and count anew')
    .action(async (name: string, options: { forget?: boolean }) => {
      const client = await context.client();
      const events = await client.forwards.setAside({ name: parseName(name) });
      if (options.forget === true) await client.forwards.forgetSetAside({ name: parseName(name) });
      const table = formatTable(['NUMBER', 'KIND', 'SET ASIDE', 'WHY', 'AS STORED'], events.map((event) => [String(event.id), event.kind, formatTime(event.setAsideAtMs), event.reason, event.text]));
      context.print(events, events.length === 0 ? `Nothing is set aside for ${name}.` : `${table}${options.forget === true ? '\nThey are forgotten.' : ''}`);
    });
}

function addLists(forward: Command, context: CliContext): void {
  forward
    .command('list')
    .description('where events are sent')
    .action(async () => {
      const views = await (await context.client()).forwards.list({});
      context.print(views, views.length === 0 ? NONE : formatTable(['NAME', 'TO', 'AS', 'WHAT', 'ADDED', 'BY'], views.map((view) => [view.name, printForwardTarget(view.target), view.format, view.kinds.join(','), formatTime(view.addedAtMs), view.addedBy])));
    });
  forward
    .command('status')
    .description('what was sent, what waits, was dropped or set aside; exit 3 when a destination does not take it, is not confirmed on this machine, or has events set aside')
    .action(async () => {
      const views = await (await context.client()).forwards.list({});
      context.print(views, views.length === 0 ? NONE : formatTable(['NAME', 'SENT', 'WAITING', 'DROPPED', 'SET ASIDE', 'LAST SENT', 'STATE'], views.map(toCells)));
      if (views.some(({ failures, confirmed, setAside }) => failures > 0 || !confirmed || setAside > 0)) context.setExitCode(EXIT.gate);
    });
}

const toCells = (view: ForwardView): string[] => [view.name, String(view.sent), String(view.waiting), String(view.dropped), String(view.setAside), formatTime(view.lastSentAtMs), describeState(view)];

function describeState({ name, confirmed, failures, lastError, nextTryAtMs, setAside }: ForwardView): string {
  if (!confirmed) return `not confirmed on this machine; nothing is sent (firebreak forward confirm ${name})`;
  if (failures > 0) return `failed ${countText(failures, 'time')}, next try ${formatTime(nextTryAtMs)}: ${lastError ?? ''}`;
  return setAside === 0 ? 'well' : `well, but for what is set aside (firebreak forward set-aside ${name})`;
}

function describeRun({ name, sent, setAside, waiting, busy, confirmed, error }: ForwardRun): string {
  if (!confirmed) return `${name}: not confirmed on this machine; nothing is sent, ${waiting} wait. See where it sends with: firebreak forward list; then: firebreak forward confirm ${name}`;
  if (busy) return `${name}: another process sends to it; ${waiting} wait`;
  const aside = setAside === 0 ? '' : `; ${setAside} set aside (firebreak forward set-aside ${name})`;
  return `${name}: sent ${sent}, ${waiting} wait${aside}${error === null ? '' : `; it failed: ${error}`}`;
}

/** From where the command is run; the window has no such place. */
const pathOf = (text: string | undefined): string | undefined => (text === undefined ? undefined : resolve(text));
const amountOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

function parseName(text: string): string {
  const parsed = ForwardName.safeParse(text);
  if (parsed.success) return parsed.data;
  throw bad('name', parsed.error.issues[0]?.message ?? 'is no name');
}

function parseFormat(text: string): ForwardFormat {
  const parsed = ForwardFormat.safeParse(text);
  if (parsed.success) return parsed.data;
  throw bad('--format', `“${text}” is no format; known: ${ForwardFormat.options.join(', ')}`);
}

function parseKind(text: string): ForwardKind {
  const parsed = ForwardKind.safeParse(text.trim());
  if (parsed.success) return parsed.data;
  throw bad('--kinds', `“${text}” is no kind; known: ${ForwardKind.options.join(', ')}`);
}
