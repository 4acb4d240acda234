import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { hasProgram } from '../debian/programs.ts';
import { checkLayers } from '../layers/check-layers.ts';
import { readImportGraph } from '../layers/import-graph.ts';

/** `output` is empty when there is nothing to mend. */
type StepReply = { readonly outcome: 'passed' | 'failed' | 'skipped'; readonly note: string; readonly output: string };
export type CheckStep = { readonly name: string; readonly run: (root: string) => StepReply };

const folders = ['shared', 'main', 'renderer', 'agent', 'build', 'e2e'];

/** A program of node_modules or of the system; passes when it exits with 0. */
function runTool(root: string, argv: readonly [string, ...string[]], note = ''): StepReply {
  const [program, ...args] = argv;
  const path = [join(root, 'node_modules', '.bin'), process.env.PATH ?? ''].join(':');
  const ended = spawnSync(program, args, { cwd: root, encoding: 'utf8', maxBuffer: 64 << 20, env: { ...process.env, PATH: path } });
  if (ended.error) throw new Error(`cannot run ${program}`, { cause: ended.error });
  const passed = ended.status === 0;
  return { outcome: passed ? 'passed' : 'failed', note, output: passed ? '' : `${ended.stdout}${ended.stderr}`.trim() };
}

const types = (project: string): CheckStep => ({ name: `types ${project}`, run: (root) => runTool(root, ['tsc', '-p', project, '--pretty', 'false']) });

function runLayers(root: string): StepReply {
  const graph = readImportGraph(root, folders);
  const violations = checkLayers(graph);
  return { outcome: violations.length === 0 ? 'passed' : 'failed', note: `${graph.size} files`, output: violations.map((v) => v.text).join('\n') };
}

/** Every shell file that we write: by ending, and the programs without one. */
function runShellcheck(root: string): StepReply {
  const ours = globSync(['{agent,build,e2e}/**/*.sh', 'agent/firebreak-agent', 'firebreak', '.ci/run'], { cwd: root }).filter(
    (path) => !path.includes('node_modules'),
  );
  if (!hasProgram('shellcheck')) return { outcome: 'skipped', note: 'shellcheck is not installed (Debian package shellcheck)', output: '' };
  return runTool(root, ['shellcheck', '--external-sources', '--source-path=SCRIPTDIR', ...ours], `${ours.length} files`);
}

const biome = ['--config-path=build/biome-config.json', '--max-diagnostics=100', '--diagnostic-level=error', '.'];

export const checkSteps: readonly CheckStep[] = [
  ...['shared', 'main', 'renderer', 'e2e', 'build'].map(types),
  { name: 'lint', run: (root) => runTool(root, ['biome', 'lint', ...biome]) },
  { name: 'type-aware lint', run: (root) => runTool(root, ['oxlint', '--type-aware', '--quiet', '-c', 'build/oxlint.json', ...folders]) },
  { name: 'layers', run: runLayers },
  { name: 'shell', run: runShellcheck },
];

export function runStep(step: CheckStep, root: string): StepReply & { readonly seconds: number } {
  const startedMs = performance.now();
  const reply = step.run(root);
  return { ...reply, seconds: (performance.now() - startedMs) / 1000 };
}
