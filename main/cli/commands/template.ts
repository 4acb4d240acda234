import type { Command } from 'commander';
import type { TemplateOutcome } from '../../../shared/contract/templates.ts';
import { FirebreakError } from '../../../shared/errors.ts';
import type { Template } from '../../../shared/policy/template.ts';
import type { CliContext } from '../context.ts';
import { formatOutcome, formatTemplate } from '../format-template.ts';
import { parseSettings } from '../parse-settings.ts';
import { formatTable } from '../table.ts';

type ApplyOptions = { set?: string[]; owner: string; ticket: string; dryRun?: true };

export function addTemplateCommands(program: Command, context: CliContext): void {
  const template = program.command('template').description('rules for what most sites have, with services, tests and reasons');
  template
    .command('list')
    .description('templates that come with Firebreak')
    .action(async () => {
      const templates = await (await context.client()).templates.list({});
      context.print(templates, formatTable(['TEMPLATE', 'TITLE'], templates.map(({ name, title }) => [name, title])));
    });
  template
    .command('show <name>')
    .description('what a template adds, its parameters, where its ports come from, and what it does not cover')
    .action(async (name: string) => {
      const found = await getTemplate(context, name);
      context.print(found, formatTemplate(found));
    });
  template
    .command('apply <name>')
    .description('add to the draft what is not there yet')
    .option('--set <parameter=value...>', 'such as web=role=frontend; none leaves out what names the parameter')
    .option('--owner <text>', 'who answers for the new rules', '')
    .option('--ticket <text>', 'change ticket of the new rules', '')
    .option('--dry-run', 'only show it')
    .action((name: string, options: ApplyOptions) => apply(context, name, options));
}

async function getTemplate(context: CliContext, name: string): Promise<Template> {
  const templates = await (await context.client()).templates.list({});
  const found = templates.find((template) => template.name === name);
  if (found === undefined) throw new FirebreakError('NOT_FOUND', { what: 'template', name, known: templates.map((template) => template.name) });
  return found;
}

async function apply(context: CliContext, name: string, options: ApplyOptions): Promise<void> {
  const { templates } = await context.client();
  const use = { name, values: parseSettings(options.set ?? []), owner: options.owner, ticket: options.ticket };
  const outcome: TemplateOutcome = options.dryRun ? await templates.preview(use) : await templates.apply(use);
  context.print(outcome, formatOutcome(outcome, options.dryRun ?? false));
}
