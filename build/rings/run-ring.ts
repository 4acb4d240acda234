import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { listObstacles, ringEnvironment } from './obstacles.ts';
import { judgeRing, type RingResult } from './ring-result.ts';
import { countSkippedTests } from './count-tests.ts';
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

/** Runs one ring in processes of its own, its output on our terminal. A ring that cannot run here is skipped, and says why. */
export async function runRing(ring: Ring, root: string): Promise<RingResult> {
  const obstacles = listObstacles(ring);
  if (obstacles.length > 0) {
    const skipped = countSkippedTests(ring, root);
    return { ring: ring.name, passed: 0, failed: 0, skipped, seconds: 0, busy: 0, skippedBecause: obstacles.join('; '), trouble: null, failedTests: [], repeated: [] };
  }
  const reports = join(root, 'out', 'test-reports');
  mkdirSync(reports, { recursive: true });
  const report = join(reports, `${ring.name}.json`);
  rmSync(report, { force: true });
  const command = commandOf(ring, root, report);
  const ended = await runStreamed(command.argv, { cwd: root, env: { ...ringEnvironment(ring), ...command.env }, limitMinutes: ring.limitMinutes });
  const json = readJson(report);
  return judgeRing(ring.name, json === null ? null : command.parse(json), ended.exitCode, ended, ended.timedOut ? { running: readRunning(report) } : null);
}
