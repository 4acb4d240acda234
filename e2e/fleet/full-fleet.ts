import { spawnSync } from 'node:child_process';

const ROOT = new URL('../../', import.meta.url).pathname;

/** `npm run test:fleet`: simulated hosts in the sizes that the issue asks for: 500 of which some are hostile, 50 kills of a console that pushes to 50, 100,000 fuzzed replies, 100 rounds of two consoles. Needs no root. */
const sizes = { FIREBREAK_FLEET_HOSTS: '500', FIREBREAK_FLEET_KILL_HOSTS: '50', FIREBREAK_FLEET_KILLS: '50', FIREBREAK_FUZZED_REPLIES: '100000', FIREBREAK_CONSOLE_ROUNDS: '100' };
const argv = [`${ROOT}node_modules/vitest/vitest.mjs`, 'run', '--config', 'build/vitest.config.ts', '--project', 'unit', '--maxWorkers', '1', 'e2e/fleet'];
process.exitCode = spawnSync(process.execPath, argv, { cwd: ROOT, stdio: 'inherit', env: { ...sizes, ...process.env } }).status ?? 1;
