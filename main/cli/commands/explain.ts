import type { Command } from 'commander';
import type { Explanation } from '../../../shared/contract/explain-views.ts';
import type { Identity } from '../../../shared/model/identity.ts';
import { parseMoment } from '../../../shared/text/moment-text.ts';
import { parseIdentity } from '../../../shared/text/identity-text.ts';
import { parseServiceRef } from '../../../shared/text/service-text.ts';
import type { CliContext } from '../context.ts';
import { must } from '../parse-arguments.ts';
import { unlockHosts } from '../unlock-hosts.ts';

type ExplainOptions = { from: string; to: string; service: string; as?: string; at?: string; live?: true };

export function addExplain(program: Command, context: CliContext): void {
  program
    .command('explain')
    .description('what the draft does with a connection and why; what the kernels counted for its rule; when it was really seen last')
    .requiredOption('--from <end>', 'consumer: host, address, or several: role=web, zone:NAME, iplist:NAME, a network, any')
    .requiredOption('--to <end>', 'provider, likewise; of several pairs the worst is explained')
    .requiredOption('--service <service>', 'such as tcp/5432')
    .option('--as <who>', 'who sends: USER, user:NAME, group:NAME or unit:NAME.service')
    .option('--at <moment>', 'when: "Mon 03:00", "Mon 03:00 Europe/Berlin" or 2026-12-01T03:00Z; now when left out')
    .option('--live', 'read the counters of the deciding rules from the kernels now')
    .action((options: ExplainOptions) => explain(context, options));
}

async function explain(context: CliContext, options: ExplainOptions): Promise<void> {
  const query = {
    from: options.from,
    to: options.to,
    service: must('--service', parseServiceRef(options.service)),
    as: options.as === undefined ? null : readWho(options.as),
    atMs: options.at === undefined ? null : must('--at', parseMoment(options.at, Date.now())),
    live: options.live ?? false,
  };
  const client = await context.client();
  if (query.live) await unlockHosts(context, client);
  const answer = await client.policy.explain(query);
  context.print(answer, formatExplanation(answer, options));
}

/** A bare word is a user: that is who people think of first. */
const readWho = (text: string): Identity => must('--as', parseIdentity(text.includes(':') ? text : `user:${text}`));

function formatExplanation({ verdict, pair, pairs, steps, seenTexts }: Explanation, { from, to, service }: ExplainOptions): string {
  const counts = pairs === null ? [] : pairs.verdicts.map((one) => `  ${one.pairs} of ${pairs.total} pairs ${one.verdict}, such as ${one.from} → ${one.to}`);
  const heads = pairs === null ? [] : [...counts, `The worst of them, ${pair.from} → ${pair.to}:`];
  const lines = steps.flatMap((step) => [`  ${step.where}: ${step.text}${step.rule === null ? '' : ` (rule ${step.rule})`}`, ...(step.counterText === null ? [] : [`    counter: ${step.counterText}`])]);
  return [`${from} → ${to} ${service}: ${verdict}`, ...heads, ...lines, ...seenTexts.map((text) => `  seen: ${text}`)].join('\n');
}
