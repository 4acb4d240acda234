import type { Command } from 'commander';
import { LINT_DAYS, type LintReport } from '../../../shared/contract/lint.ts';
import { performFix } from '../../../shared/contract/perform-fix.ts';
import { FirebreakError } from '../../../shared/errors.ts';
import { type Finding, findingId } from '../../../shared/model/finding.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { readPolicyFile } from '../read-policy-file.ts';
import { formatFindings } from '../format-findings.ts';

type LintOptions = { days: string; strict?: true; fix?: string[]; value?: string };

/** `policy` is the command that the others of the draft hang on. */
export function addLintCommand(policy: Command, context: CliContext): void {
  policy
    .command('lint [file]')
    .description('what is wrong or doubtful about the draft, or a file, with evidence and a fix (exit 3 on an error, with --strict on a warning)')
    .option('--days <n>', 'a rule without traffic for so long is orphaned', String(LINT_DAYS))
    .option('--strict', 'exit 3 on warnings too')
    .option('--fix <finding...>', 'do the fix of these findings, such as RULE_SHADOWED:r_0123456789ab, to the draft')
    .option('--value <text>', 'what to write, where only you know it: the owner or reason')
    .action((file: string | undefined, options: LintOptions) => lint(context, file, options));
}

const wrong = (path: string, message: string) => new FirebreakError('INPUT_INVALID', { issues: [{ path, message }] });

async function lint(context: CliContext, file: string | undefined, options: LintOptions): Promise<void> {
  const days = Number(options.days);
  if (!/^\d+$/.test(options.days) || days < 1 || days > 365) throw wrong('--days', `“${options.days}” is no number of days from 1 to 365`);
  if (file !== undefined && options.fix !== undefined) throw wrong('--fix', 'fixes are done to the draft; import the file first, or correct it by hand');
  if (options.value !== undefined && options.fix === undefined) throw wrong('--value', 'says what a fix is to write; name the finding with --fix CODE:ID');
  const input = file === undefined ? null : { text: await readPolicyFile(file), fileName: file };
  const client = await context.client();
  const report = await client.policy.lint({ file: input, days });
  if (options.fix !== undefined) return fix(context, report, options.fix, options.value ?? null);
  context.print(report, formatFindings(report));
  const isBad = report.findings.some(({ severity }) => severity === 'error' || (options.strict === true && severity === 'warning'));
  if (isBad) context.setExitCode(EXIT.gate);
}

async function fix(context: CliContext, { findings }: LintReport, wanted: readonly string[], value: string | null): Promise<void> {
  const chosen = wanted.map((id) => findFinding(findings, id));
  const acts = chosen.map((finding) => {
    const { act, text } = finding.fix;
    if (act === null) throw wrong('--fix', `${findingId(finding)} needs a decision that nobody can take for you: ${text}`);
    if (act.kind === 'ask' && value === null) throw wrong('--value', `only you know the ${act.field}; say it with --value TEXT`);
    return act;
  });
  const client = await context.client();
  for (const act of acts) await performFix(client, act, value);
  context.print({ fixed: chosen.map(findingId) }, [...chosen.map((finding) => `Done: ${finding.fix.text}.`), 'Nothing was sent to any host; see: firebreak plan'].join('\n'));
}

function findFinding(findings: readonly Finding[], id: string): Finding {
  const finding = findings.find((candidate) => findingId(candidate) === id);
  if (!finding) throw new FirebreakError('NOT_FOUND', { what: 'finding', name: id, known: findings.map(findingId) });
  return finding;
}
