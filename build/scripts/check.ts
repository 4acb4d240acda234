import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { checkSteps, runStep } from '../checks/check-steps.ts';

/**
 * `npm run check`: types, lint, layers, shell. Every step runs, whatever the ones before said. Exit 1 when one failed.
 * `--only NAME` runs one; `--report FILE` writes the counts in the shape of Vitest's JSON report, for `npm test`.
 */
const root = new URL('../..', import.meta.url).pathname;
const { values } = parseArgs({ options: { only: { type: 'string', multiple: true }, report: { type: 'string' } } });
const chosen = checkSteps.filter((step) => values.only === undefined || values.only.includes(step.name));

const counts = { passed: 0, failed: 0, skipped: 0 };
for (const step of chosen) {
  const result = runStep(step, root);
  counts[result.outcome] += 1;
  console.log(
    `${result.outcome === 'passed' ? '✓' : result.outcome === 'skipped' ? '–' : '✗'} ${step.name.padEnd(16)} ${result.seconds.toFixed(1)} s  ${result.note}`,
  );
  if (result.output !== '') console.log(result.output);
}
if (values.report !== undefined) {
  writeFileSync(
    values.report,
    JSON.stringify({ numPassedTests: counts.passed, numFailedTests: counts.failed, numPendingTests: counts.skipped, numTodoTests: 0 }),
  );
}
process.exitCode = counts.failed > 0 || chosen.length === 0 ? 1 : 0;
