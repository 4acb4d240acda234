import type { Command } from 'commander';
import { FirebreakError } from '../../../shared/errors.ts';
import type { Identity } from '../../../shared/model/identity.ts';
import type { Peer } from '../../../shared/model/peer.ts';
import type { Rule } from '../../../shared/model/policy.ts';
import { describeAs, describeServedBy, parseIdentity, parseUnitName } from '../../../shared/text/identity-text.ts';
import { parsePeer, printPeer } from '../../../shared/text/peer-text.ts';
import { parseSchedule, printSchedule } from '../../../shared/text/schedule-text.ts';
import { parseServiceRefs, printServiceRef } from '../../../shared/text/service-text.ts';
import type { CliContext, Client } from '../context.ts';
import { must } from '../parse-arguments.ts';
import { formatTable } from '../table.ts';
import { addExplain } from './explain.ts';
import { addRuleHistory } from './rule-history.ts';
import { addRuleState, readRuleId } from './rule-state.ts';

type RuleOptions = { from: string; to: string; service: string; deny?: true; user?: string; group?: string; unit?: string; providerUnit?: string; schedule?: string; owner: string; reason: string; ticket: string; review?: string; expires?: string };
type NewRule = Omit<Rule, 'id'>;

export function addRuleCommands(program: Command, context: CliContext): void {
  const rule = program.command('rule').description('who may, or may not, reach whom');
  rule
    .command('add')
    .description('add a rule to the draft')
    .requiredOption('--from <peer>', 'consumers: selector, zone:NAME, host:NAME, iplist:NAME, CIDR or any')
    .requiredOption('--to <peer>', 'providers, likewise')
    .requiredOption('--service <list>', 'such as tcp/5432,udp/53 or a service name, or any')
    .option('--deny', 'deny instead of allow; deny wins over allow')
    .option('--user <name>', 'only what this user on the consuming hosts sends')
    .option('--group <name>', 'only what this group on the consuming hosts sends')
    .option('--unit <name>', 'only what this systemd service on the consuming hosts sends')
    .option('--provider-unit <name>', 'only what this systemd service on the providing hosts listens for')
    .option('--schedule <text>', 'when it holds: "Mon-Fri 08:00-18:00 Europe/Berlin"')
    .option('--owner <text>', 'who answers for it', '')
    .option('--reason <text>', 'why it exists', '')
    .option('--ticket <text>', 'change ticket', '')
    .option('--review <date>', 'look at it again on YYYY-MM-DD')
    .option('--expires <date>', 'holds until the end of YYYY-MM-DD, UTC')
    .action((options: RuleOptions) => addRule(context, options));
  rule.command('list').description('rules of the draft, essential ones first').action(() => listRules(context));
  addRuleHistory(rule, context);
  addRuleState(rule, context);
  rule
    .command('remove <id>')
    .description('remove a rule from the draft')
    .action(async (word: string) => {
      await (await context.client()).policy.removeRule({ id: readRuleId(word) });
      context.print({ removed: word }, `Removed rule ${word} from the draft.`);
    });
  addExplain(program, context);
}

const describeRule = (rule: NewRule) => `${rule.action} ${printPeer(rule.from)}${describeAs(rule.as)} → ${printPeer(rule.to)}${describeServedBy(rule.servedBy)} on ${rule.services.map(printServiceRef).join(',')}${rule.schedule === null ? '' : `, ${printSchedule(rule.schedule)}`}`;

async function addRule(context: CliContext, options: RuleOptions): Promise<void> {
  const client = await context.client();
  const rule: NewRule = {
    action: options.deny ? 'deny' : 'allow',
    from: must('--from', parsePeer(options.from)),
    to: must('--to', parsePeer(options.to)),
    services: must('--service', parseServiceRefs(options.service)),
    as: readIdentity(options),
    servedBy: options.providerUnit === undefined ? null : must('--provider-unit', parseUnitName(options.providerUnit)),
    schedule: options.schedule === undefined ? null : must('--schedule', parseSchedule(options.schedule)),
    owner: options.owner,
    reason: options.reason,
    ticket: options.ticket,
    reviewOn: options.review ?? null,
    expiresOn: options.expires ?? null,
  };
  const added = await client.policy.addRules({ rules: [rule] });
  const [consumers, providers] = await Promise.all([client.policy.matches({ peer: rule.from }), client.policy.matches({ peer: rule.to })]);
  const lines = [`Added ${added[0]?.id ?? ''}: ${describeRule(rule)}`, await describeEnd(client, 'Consumers', rule.from, consumers), await describeEnd(client, 'Providers', rule.to, providers)];
  context.print(added[0], lines.join('\n'));
}

function readIdentity({ user, group, unit }: RuleOptions): Identity | null {
  if ([user, group, unit].filter((given) => given !== undefined).length > 1) throw new FirebreakError('INPUT_INVALID', { issues: [{ path: '--user', message: 'a rule is for one user, group or unit; add one rule each' }] });
  if (unit !== undefined) return { kind: 'unit', name: must('--unit', parseUnitName(unit)) };
  if (user !== undefined) return must('--user', parseIdentity(`user:${user}`));
  return group === undefined ? null : must('--group', parseIdentity(`group:${group}`));
}

/** Who is at an end of a rule now. A selector that nobody matches is most often a typing error, so the labels in use are named. */
async function describeEnd(client: Client, end: string, peer: Peer, names: readonly string[]): Promise<string> {
  if (names.length > 0) return `${end} now: ${names.join(', ')}.`;
  if (peer.kind !== 'selector') return peer.kind === 'any' ? `${end} now: everyone.` : `${end} now: no host of the inventory.`;
  const used = new Set((await client.hosts.list({})).flatMap((host) => Object.entries(host.labels).map(([key, value]) => `${key}=${value}`)));
  return `${end} now: NOBODY has these labels, so the rule does nothing yet. Labels in use: ${[...used].sort().slice(0, 20).join(', ') || 'none'}.`;
}

async function listRules(context: CliContext): Promise<void> {
  const { policy, essential } = await (await context.client()).policy.get({});
  const locked = essential.map((row) => ['(locked)', 'allow', row.name, '', row.text, '', '']);
  const rows = policy.rules.map((rule) => [rule.id, rule.disabled === true ? `${rule.action} (disabled)` : rule.action, printPeer(rule.from) + describeAs(rule.as), printPeer(rule.to) + describeServedBy(rule.servedBy), rule.services.map(printServiceRef).join(','), rule.schedule === null ? 'always' : printSchedule(rule.schedule), rule.owner]);
  context.print({ rules: policy.rules, essential }, formatTable(['RULE', 'ACTION', 'FROM', 'TO', 'SERVICES', 'WHEN', 'OWNER'], [...locked, ...rows]));
}
