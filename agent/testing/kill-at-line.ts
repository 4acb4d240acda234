import { readFileSync } from 'node:fs';
import type { Sandbox } from './sandbox.ts';

/**
 * Runs the installed agent, or that of `programDir`, with `sh -x` and kills its shell, and only that, when the trace reaches a line: an nft that it started goes on, as after
 * any SIGKILL. `line` Infinity counts the lines of an undisturbed run. Resolves when nothing of the command writes any more.
 */
export function killAtLine(sandbox: Sandbox, words: string, stdin: string, line: number, programDir = '/usr/local/lib/firebreak'): Promise<{ lines: number; killed: boolean }> {
  const child = sandbox.start(`exec dash -x ${programDir}/firebreak-agent ${words}`, stdin);
  let lines = 0;
  let killed = false;
  return new Promise((resolve, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      lines += chunk.toString('latin1').split('\n').length - 1;
      if (lines < line || killed) return;
      killed = killChildOf(child.pid);
    });
    child.once('error', reject);
    child.once('close', () => resolve({ lines, killed }));
  });
}

/** nsenter forks once to enter the PID namespace: its only child is the agent's shell. */
function killChildOf(pid: number | undefined): boolean {
  const agentPid = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());
  if (!Number.isInteger(agentPid) || agentPid <= 1) return false;
  process.kill(agentPid, 'SIGKILL');
  return true;
}
