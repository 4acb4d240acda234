import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { FaultWorld } from './fault-world.ts';
import { overSsh } from './over-ssh.ts';

const SCRIPT = readFileSync(new URL('./on-host/at-line.py', import.meta.url), 'utf8');
const Trace = z.object({ lines: z.number(), reached: z.boolean(), writes: z.array(z.number()), code: z.number(), stdout: z.string() });
/** What on-host/at-line.py says about a run of the agent. */
export type Trace = z.infer<typeof Trace>;
export type LineAction = 'count' | 'kill-shell' | 'kill-tree' | 'fill';

/** The agent in use; `program` elsewhere names another one, such as that of an unpacked folder. */
const INSTALLED = '/usr/local/lib/firebreak/firebreak-agent';

const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
const commandOf = (action: string, line: number, program: string, words: string) => `python3 -c ${quote(SCRIPT)} ${action} ${line} ${program} ${words}`;

/** Runs the agent over SSH, traced, and acts when its trace reaches a line. */
export async function atLine(world: FaultWorld, action: LineAction, line: number, words: string, stdin = '', program = INSTALLED): Promise<Trace> {
  // Each line of the shell is stepped through, at a tenth of its speed and less on a busy machine.
  const answer = await overSsh(world.host, commandOf(action, line, program, words), { stdin, timeoutMs: 300_000 });
  if (answer.code !== 0) throw new Error(`the traced agent ended with ${answer.code}: ${answer.stderr}`);
  return Trace.parse(JSON.parse(answer.stdout));
}

/** Starts the agent over SSH and resolves when it stands still at the line. What it was to answer never comes. */
export async function stopAtLine(world: FaultWorld, line: number, words: string, stdin = '', program = INSTALLED): Promise<void> {
  let ended: string | undefined;
  void overSsh(world.host, commandOf('stop', line, program, words), { stdin }).then((answer) => (ended = answer.stdout + answer.stderr));
  const deadlineMs = performance.now() + 60_000;
  while ((await world.host.exec('test -e /run/fault.reached')).code !== 0) {
    if (ended !== undefined) throw new Error(`the agent ended before line ${line}: ${ended}`);
    if (performance.now() > deadlineMs) throw new Error(`line ${line} was not reached within 60 s`);
  }
}

/** The line of `share` (0 to 1) of a trace. */
export const lineAt = (trace: Trace, share: number): number => Math.max(1, Math.ceil(share * trace.lines));
