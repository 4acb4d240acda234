import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { listObstacles, ringEnvironment } from './obstacles.ts';
import { judgeRing, type RingResult } from './ring-result.ts';
import { countSkippedTests } from './count-tests.ts';
import type { RingRun } from './parts.ts';
import type { Ring } from './rings.ts';
import { runStreamed } from './run-streamed.ts';
import { parsePlaywrightReport, parseVitestReport, type RunReport } from './test-reports.ts';

const readJson = (path: string): unknown => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null);

type Command = { argv: [string, ...string[]]; env: Record<string, string>; parse: (json: unknown) => RunReport };

function commandOf(ring: Ring, root: string, report: string): Command {
  const bin = (name: string) => join(root, 'node_modules', '.bin', name);
  const node = process.execPath;
  if (ring.runner === 'check') {
    return { argv: [node, 'build/scripts/check.ts', '--report', report], env: {}, parse: parseVitestReport };
  }
  if (ring.runner === 'playwright') {
    const argv: [string, ...string[]] = [node, bin('playwright'), 'test', '--config', 'e2e/ui/playwright.config.ts', '--reporter=list,json'];
    return { argv, env: { PLAYWRIGHT_JSON_OUTPUT_NAME: report }, parse: parsePlaywrightReport };
  }
  const reporters = ['--reporter=default', '--reporter=json', '--reporter=./build/rings/running-reporter.ts', `--outputFile.json=${report}`];
  const argv: [string, ...string[]] = [node, bin('vitest'), 'run', '--config', 'build/vitest.config.ts', '--project', ring.name, ...reporters];
  return { argv, env: { FIREBREAK_RUNNING: runningPath(report) }, parse: parseVitestReport };
}

const runningPath = (report: string): string => report.replace(/\.json$/, '.running');
const readRunning = (report: string): string => (existsSync(runningPath(report)) ? readFileSync(runningPath(report), 'utf8') : '');

/** Of a ring that is not run: why. */
export const leftOut = ({ ring, part, name }: RingRun, root: string, why: string): RingResult => ({ ring: name, passed: 0, failed: 0, skipped: countSkippedTests(ring, part, root), seconds: 0, busy: 0, skippedBecause: why, trouble: null, failedTests: [], repeated: [] });

/** Runs one ring, or a part of it, in processes of its own, its output on our terminal. A ring that cannot run here is skipped, and says why. */
export async function runRing(run: RingRun, root: string): Promise<RingResult> {
  const { ring, part, name } = run;
  const obstacles = listObstacles(ring);
  if (obstacles.length > 0) return leftOut(run, root, obstacles.join('; '));
  const reports = join(root, 'out', 'test-reports');
  mkdirSync(reports, { recursive: true });
  const report = join(reports, `${name.replace(', ', '-')}.json`);
  rmSync(report, { force: true });
  const command = commandOf(ring, root, report);
  const ended = await runStreamed(command.argv, { cwd: root, env: { ...ringEnvironment(ring), ...command.env, FIREBREAK_PART: part ?? '' }, limitMinutes: ring.limitMinutes });
  const json = readJson(report);
  return judgeRing(name, json === null ? null : command.parse(json), ended.exitCode, ended, ended.timedOut ? { running: readRunning(report) } : null);
}
