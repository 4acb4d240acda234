import { Argument, type Command } from 'commander';
import type { ExportChoice, ExportedPolicy } from '../../../shared/contract/contract-exports.ts';
import { FirebreakError } from '../../../shared/errors.ts';
import { ExportTarget } from '../../../shared/policy/export/export-target.ts';
import { EXPORT_TARGETS } from '../../../shared/policy/export/export-targets.ts';
import { countText } from '../../../shared/text/amount-text.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { parseHostChoice } from '../parse-arguments.ts';
import { formatTable } from '../table.ts';
import { parseVersion } from './version.ts';
import { writeReport } from './write-report.ts';

type ExportOptions = { out?: string; partial?: true; enforced?: true; policyVersion?: string };

/** `export`: the policy for hosts that carry no agent, in the language of what stands in front of them. */
export function addExportCommand(program: Command, context: CliContext): void {
  program
    .command('export')
    .addArgument(new Argument('[target]', 'the other firewall; without one, they are listed').choices(ExportTarget.options))
    .argument('[hosts...]', 'names, or a selector; without any, every host that has no agent')
    .description('compile the draft for what stands in front of hosts that carry no agent (exit 3 when the target cannot say all of it)')
    .option('--out <file>', 'where to write it; targets of several files put an ending behind the name')
    .option('--partial', 'write it although something has to be left out; what, is on stderr and in the file')
    .option('--policy-version <id>', 'a version in place of the draft')
    .option('--enforced', 'as if every zone enforced')
    .action((target: ExportTarget | undefined, words: string[], options: ExportOptions) => (target === undefined ? listTargets(context) : exportTo(context, target, words, options)));
}

function listTargets(context: CliContext): void {
  const targets = ExportTarget.options.map((name) => ({ name, about: EXPORT_TARGETS[name].about }));
  context.print(targets, formatTable(['TARGET', 'FOR'], targets.map(({ name, about }) => [name, about])));
}

async function exportTo(context: CliContext, target: ExportTarget, words: readonly string[], { out, partial, enforced, policyVersion }: ExportOptions): Promise<void> {
  if (out === undefined) throw new FirebreakError('INPUT_INVALID', { issues: [{ path: '--out', message: 'say where to write it' }] });
  const made = await (await context.client()).exports.make({ target, choice: parseChoice(words), isPartial: partial ?? false, isEnforced: enforced ?? false, version: policyVersion === undefined ? null : parseVersion(policyVersion) });
  const paths = made.files.map(({ suffix }) => `${out}${suffix}`);
  for (const { suffix, text } of made.files) await writeReport(`${out}${suffix}`, text);
  for (const { text } of made.refusals) context.progress(`left out: ${text}`);
  for (const note of made.notes) context.progress(note);
  const { files: _, ...said } = made;
  context.print({ target, files: paths, ...said }, formatExport(target, made, paths));
  if (made.refusals.length > 0 && partial === undefined) context.setExitCode(EXIT.gate);
}

const parseChoice = (words: readonly string[]): ExportChoice => {
  const choice = words.length === 0 ? null : parseHostChoice(words, false);
  return choice === null || choice.kind === 'all' ? { kind: 'unmanaged' } : choice;
};

function formatExport(target: ExportTarget, { hosts, policy, refusals }: ExportedPolicy, paths: readonly string[]): string {
  const cannot = `${target} cannot say ${countText(refusals.length, 'thing')} of the policy`;
  if (paths.length === 0 && refusals.length > 0) return `${cannot}; nothing was written. Change the rules, or take the rest with --partial.`;
  if (paths.length === 0) return 'No host of these is judged; nothing was written.';
  return [`Wrote ${paths.join(', ')}: ${countText(hosts.length, 'host')}, from ${policy}.`, ...(refusals.length === 0 ? [] : [`It is NOT the whole policy: ${cannot}.`])].join('\n');
}
