import type { Command } from 'commander';
import { MAX_HOPS, type PathView, type ReachPolicy, type ReachService, type ReachView } from '../../../shared/contract/reach-views.ts';
import { FirebreakError } from '../../../shared/errors.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { formatTable } from '../table.ts';

type ReachOptions = { draft?: true; in?: true; hops: string; to?: string };

export function addReachCommand(program: Command, context: CliContext): void {
  program
    .command('reach <host>')
    .description('what somebody who holds a host (or zone:NAME) gets to, hop by hop: by what hosts run now, and by the draft as if enforced')
    .option('--draft', 'list the hosts by the draft; the figures are always of both')
    .option('--in', 'the other way: who gets to it')
    .option('--hops <number>', `so many connections in a row, 1 to ${MAX_HOPS}`, '3')
    .option('--to <host>', 'the shortest chain to this host (exit 3 when there is none)')
    .action((host: string, options: ReachOptions) => (options.to === undefined ? reach(context, host, options) : path(context, host, options.to, options)));
}

const policyOf = ({ draft }: ReachOptions): ReachPolicy => (draft === true ? 'draft' : 'live');

async function reach(context: CliContext, of: string, options: ReachOptions): Promise<void> {
  const hops = Number(options.hops);
  if (!/^\d+$/.test(options.hops) || hops < 1 || hops > MAX_HOPS) throw new FirebreakError('INPUT_INVALID', { issues: [{ path: '--hops', message: `“${options.hops}” is no number from 1 to ${MAX_HOPS}` }] });
  const view = await (await context.client()).reach.of({ of, policy: policyOf(options), direction: options.in === true ? 'in' : 'out', hops });
  context.print(view, formatReach(view, { of, policy: policyOf(options), isIn: options.in === true, hops }));
}

type Asked = { readonly of: string; readonly policy: ReachPolicy; readonly isIn: boolean; readonly hops: number };

export function formatReach(view: ReachView, { of, policy, isIn, hops }: Asked): string {
  const possible = (count: number) => (count === 0 ? '' : ` and ${count} more perhaps`);
  const figure = `live ${view.live.reachable} of ${view.total} hosts${possible(view.live.possible)}; draft ${view.draft.reachable}${possible(view.draft.possible)}`;
  const head = `${isIn ? `Who gets to ${of}` : `Whoever holds ${of} gets to`}, within ${hops} ${hops === 1 ? 'hop' : 'hops'}: ${figure}.`;
  const rows = view.rows.map(({ hop, host, zone, via, certain, services, more }) => [certain ? String(hop) : `${hop}?`, host, zone ?? '-', via, `${services.map(printService).join(', ')}${more === 0 ? '' : ` and ${more} more`}`]);
  const outside = view.outside.length === 0 ? [] : [`${isIn ? 'Any other address reaches it' : 'It reaches any other address'} on ${view.outside.some(({ basis }) => basis === 'other') ? 'every port' : view.outside.map(printService).join(', ')}.`];
  const table = rows.length === 0 ? [`By the ${policy} policy: nobody.`] : [`By the ${policy} policy:`, formatTable(['HOP', 'HOST', 'ZONE', isIn ? 'NEXT' : 'VIA', 'SERVICES'], rows)];
  return [head, ...table, ...outside, ...view.notes].join('\n');
}

const printService = ({ text, rules, verdict }: ReachService): string => `${text}${verdict === 'would-block' ? ' (test only)' : rules.length === 0 ? '' : ` (${rules.join(', ')})`}`;

async function path(context: CliContext, from: string, to: string, options: ReachOptions): Promise<void> {
  const view = await (await context.client()).reach.path({ from, to, policy: policyOf(options) });
  context.print(view, formatPath(view, policyOf(options)));
  if (view.steps === null) context.setExitCode(EXIT.gate);
}

export function formatPath({ from, to, steps, refused }: PathView, policy: ReachPolicy): string {
  if (steps === null) return [`${from} → ${to}: no way by the ${policy} policy.`, ...refused.map(({ text, why }) => `  ${text}: ${why}`)].join('\n');
  const lines = steps.flatMap((step, i) => [`  ${i + 1}. ${step.from} → ${step.to}${step.certain ? '' : ' (perhaps: nobody knows what listens there)'}`, ...step.services.map((service) => `     ${service.text}: ${service.why}`), ...(step.more === 0 ? [] : [`     and ${step.more} more services`])]);
  return [`${from} → ${to}: ${steps.length} ${steps.length === 1 ? 'hop' : 'hops'} by the ${policy} policy.`, ...lines].join('\n');
}
