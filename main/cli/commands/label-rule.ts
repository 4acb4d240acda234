import type { Command } from 'commander';
import type { LabelEdit, LabelRulesView } from '../../../shared/contract/label-rules.ts';
import { FirebreakError, type Issue } from '../../../shared/errors.ts';
import { LabelRuleId } from '../../../shared/model/ids.ts';
import { parseFacts, parseLabelNetworks, parseNamePatterns, parseTemplates } from '../../../shared/text/label-rule-text.ts';
import type { CliContext } from '../context.ts';
import { formatLabelPreview, formatLabelRules, formatWaiting } from '../format-labels.ts';
import { must } from '../parse-arguments.ts';

type RuleOptions = { name?: string[]; network?: string[]; fact?: string[]; note: string; at?: string; replace?: string; accept?: true };
type Put = Extract<LabelEdit, { kind: 'put' }>;

export function addLabelRuleCommands(program: Command, context: CliContext): void {
  const labelRule = program.command('label-rule').description('rules that give labels to hosts by name, network or fact; the first wins, and what is set by hand always does');
  withConditions(labelRule.command('add <labels...>').description('add a rule, such as: add env={env} role={role} --name "{env}-{role}-*"')).action((words: string[], options: RuleOptions) => addRule(context, words, options));
  withConditions(labelRule.command('preview <labels...>').description('what `add` would do to labels and zones; nothing is changed')).action((words: string[], options: RuleOptions) => previewRule(context, words, options));
  labelRule.command('list').description('rules in order, and on which hosts each counts').action(() => listRules(context));
  labelRule
    .command('move <id> <place>')
    .description('move a rule to this place in the list, from 1')
    .action((id: string, place: string) => change(context, { kind: 'move', id: parseId(id), position: parsePlace('place', place) }));
  labelRule.command('remove <id>').description('remove a rule; its labels go').action((id: string) => change(context, { kind: 'remove', id: parseId(id) }));
  labelRule
    .command('waiting')
    .description('what hosts say about themselves and nobody has accepted yet; it does not count')
    .action(async () => {
      const { waiting } = await (await context.client()).labelRules.list({});
      context.print(waiting, formatWaiting(waiting));
    });
  labelRule
    .command('accept <hosts...>')
    .description('take hosts at their word, after you looked: what they wait for counts from now on')
    .option('--rule <id>', 'only what they say to fulfil of this rule')
    .action((hosts: string[], options: { rule?: string }) => accept(context, hosts, options));
}

const withConditions = (command: Command): Command =>
  command
    .option('--name <pattern...>', '* any characters, ? one, # digits, {word} letters and digits for a label; several are alternatives')
    .option('--network <cidr...>', 'an address of the host is in one of these')
    .option('--fact <fact=value...>', 'such as os=debian|ubuntu, listens=tcp/5432, process=nginx, unit=, timer=, interface=, firewall=docker, publishes=; all must hold')
    .option('--note <text>', 'a remark', '')
    .option('--at <place>', 'place in the list, from 1; last unless given')
    .option('--replace <id>', 'in place of this rule')
    .option('--accept', 'take hosts that fulfil it by what they say about themselves at their word, all of them');

/** Every issue of an option at once. */
function parsePut(words: readonly string[], options: RuleOptions): Put {
  const labels = must('labels', parseTemplates(words.join(',')));
  const names = must('--name', parseNamePatterns((options.name ?? []).join(' ')));
  const networks = must('--network', parseLabelNetworks((options.network ?? []).join(' ')));
  const facts = must('--fact', parseFacts((options.fact ?? []).join(', ')));
  return { kind: 'put', id: options.replace === undefined ? null : parseId(options.replace), rule: { names, networks, facts, labels, note: options.note }, position: options.at === undefined ? null : parsePlace('--at', options.at), accept: [] };
}

const bad = (issue: Issue) => new FirebreakError('INPUT_INVALID', { issues: [issue] });

function parseId(text: string): LabelRuleId {
  const id = LabelRuleId.safeParse(text);
  if (!id.success) throw bad({ path: 'id', message: `“${text}” is no id of a label rule (l_ and 12 letters and digits); see firebreak label-rule list` });
  return id.data;
}

function parsePlace(path: string, text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw bad({ path, message: `“${text}” is no place in the list; they count from 1` });
  return Number(text);
}

/** With --accept: the hosts that a preview lists, so that nobody is accepted who was not looked at. */
async function readPut(context: CliContext, words: readonly string[], options: RuleOptions): Promise<Put> {
  const put = parsePut(words, options);
  if (options.accept === undefined) return put;
  const { waiting } = await (await context.client()).labelRules.preview(put);
  return { ...put, accept: waiting.map(({ hostName }) => hostName) };
}

async function previewRule(context: CliContext, words: readonly string[], options: RuleOptions): Promise<void> {
  const preview = await (await context.client()).labelRules.preview(await readPut(context, words, options));
  context.print(preview, formatLabelPreview(preview, { isDone: false }));
}

async function addRule(context: CliContext, words: readonly string[], options: RuleOptions): Promise<void> {
  await change(context, await readPut(context, words, options));
}

async function change(context: CliContext, edit: LabelEdit): Promise<void> {
  const { labelRules } = await context.client();
  const preview = await labelRules.preview(edit);
  const { rules } = await labelRules.apply(edit);
  context.print({ rules, preview }, formatLabelPreview(preview, { isDone: true }));
}

async function listRules(context: CliContext): Promise<void> {
  const view: LabelRulesView = await (await context.client()).labelRules.list({});
  context.print(view, formatLabelRules(view));
}

async function accept(context: CliContext, hosts: readonly string[], options: { rule?: string }): Promise<void> {
  const rule = options.rule === undefined ? null : parseId(options.rule);
  const { waiting } = await (await context.client()).labelRules.list({});
  const chosen = waiting.filter((claim) => hosts.includes(claim.hostName) && (rule === null || claim.rule === rule));
  const silent = hosts.find((host) => !chosen.some((claim) => claim.hostName === host));
  if (silent !== undefined) throw new FirebreakError('NOT_FOUND', { what: 'label that waits to be accepted of', name: silent, known: [...new Set(waiting.map(({ hostName }) => hostName))] });
  await change(context, { kind: 'accept', claims: chosen.map((claim) => ({ rule: claim.rule, hostName: claim.hostName, holds: claim.holds })) });
}
