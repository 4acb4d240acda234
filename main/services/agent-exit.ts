import { z } from 'zod';
import { FirebreakError } from '../../shared/errors.ts';

/** What an ended agent command left behind; `stdout` carries a document also when the command failed. */
export type AgentExit = { exitCode: number; stdout: string; stderr: string };

/** The document of a failed command (agent/README.md, exit codes); `pendingId` and `by` come with exit 4. */
const AgentFailure = z.object({
  v: z.literal(1),
  error: z.string().max(64),
  detail: z.string().max(4000),
  pendingId: z.string().max(64).optional(),
  by: z.string().max(255).optional(),
});

const MAX_DETAIL_CHARS = 400;
const NO_SUCH_PROGRAM = /firebreak-agent: (command )?not found|firebreak-agent: No such file|firebreak-agent: inaccessible or not found/;

/**
 * The error for a command that did not end with 0. `doing` is what people read, e.g. `checking the rules`.
 * Exit codes are those of agent/README.md; 126 and 127 are the shell's (POSIX 2.8.2), and sudo says `command not found` with exit 1.
 */
export function toAgentError(host: string, doing: string, exit: AgentExit): FirebreakError {
  const failure = parseFailure(exit.stdout);
  const detail = cut(failure?.detail ?? (exit.stderr.trim() || 'it said nothing'));
  if (failure === null && (exit.exitCode === 127 || NO_SUCH_PROGRAM.test(exit.stderr))) return new FirebreakError('AGENT_MISSING', { host });
  if (exit.exitCode === 4) {
    return new FirebreakError('PUSH_PENDING_ELSEWHERE', { host, pendingId: failure?.pendingId ?? 'unknown', by: failure?.by ?? 'somebody' });
  }
  if (exit.exitCode === 5) return new FirebreakError('CONFIRM_REFUSED', { host, detail });
  if (exit.exitCode === 6) {
    if (/\bnft\b/.test(`${failure?.error ?? ''} ${detail}`.toLowerCase())) return new FirebreakError('NFT_MISSING', { host });
    return new FirebreakError('HOST_UNSUPPORTED', { host, reasons: [detail] });
  }
  return new FirebreakError('AGENT_FAILED', { host, doing, exitCode: exit.exitCode, detail });
}

function parseFailure(stdout: string): z.infer<typeof AgentFailure> | null {
  let document: unknown;
  try {
    document = JSON.parse(stdout);
  } catch {
    return null; // no document: the caller then reads stderr
  }
  const parsed = AgentFailure.safeParse(document);
  return parsed.success ? parsed.data : null;
}

function cut(text: string): string {
  return text.length <= MAX_DETAIL_CHARS ? text : `${text.slice(0, MAX_DETAIL_CHARS)} …`;
}
