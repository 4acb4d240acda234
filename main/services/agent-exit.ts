import { z } from 'zod';
import { FirebreakError } from '../../shared/errors.ts';

/** What an ended agent command left behind; `stdout` carries a document also when the command failed. */
export type AgentExit = { exitCode: number; stdout: string; stderr: string };

/** The document of a failed command (agent/README.md, exit codes); `id` and `by` name the pending push of exit 4. */
const AgentFailure = z.object({
  v: z.literal(1),
  error: z.string().max(64),
  detail: z.string().max(4000),
  installed: z.string().max(64).optional(),
  id: z.string().max(64).optional(),
  by: z.string().max(255).optional(),
});

const MAX_DETAIL_CHARS = 400;

/**
 * The error for a command that did not end with 0. `doing` is what people read, e.g. `checking the rules`.
 * Exit codes are those of agent/README.md; 126 and 127 are the shell's (POSIX XCU 2.8.2), also under sudo (main/ssh/sudo-refusal.ts).
 */
export function toAgentError(target: { hostName: string; user: string }, doing: string, exit: AgentExit): FirebreakError {
  const host = target.hostName;
  const failure = parseFailure(exit.stdout);
  const detail = cut(failure?.detail ?? (exit.stderr.trim() || 'it said nothing'));
  if (failure === null) {
    const isMissing = exit.exitCode === 126 || exit.exitCode === 127;
    return isMissing ? new FirebreakError('AGENT_MISSING', { host }) : new FirebreakError('AGENT_FAILED', { host, doing, exitCode: exit.exitCode, detail });
  }
  switch (failure.error) {
    case 'PENDING':
      return new FirebreakError('PUSH_PENDING_ELSEWHERE', { host, pendingId: failure.id ?? 'unknown', by: failure.by ?? 'somebody' });
    case 'OTHER_KEY':
    case 'SIGNATURE_REFUSED':
      return new FirebreakError('AGENT_OTHER_KEY', { host, detail });
    case 'BUNDLE_REPLAYED':
      return new FirebreakError('BUNDLE_REPLAYED', { host, detail });
    case 'DOWNGRADE_REFUSED':
      return new FirebreakError('AGENT_DOWNGRADE', { host, installed: failure.installed ?? 'of a newer version', offered: /\band (\S{1,64}) is older\b/.exec(detail)?.[1] ?? 'unknown version' });
    case 'OTHER_CONSOLE':
      return new FirebreakError('AGENT_NOT_OURS', { host, otherId: /\bh_[0-9a-z]{12}\b/.exec(detail)?.[0] ?? 'another host' });
    case 'NOT_PENDING':
    case 'KERNEL_CHANGED':
      return new FirebreakError('CONFIRM_REFUSED', { host, detail });
    case 'NOT_INSTALLED':
      return new FirebreakError('AGENT_MISSING', { host });
    case 'NOT_ROOT':
      return new FirebreakError('SUDO_REFUSED', { host, user: target.user, detail });
    case 'TOOL_MISSING':
      return detail === 'nft' ? new FirebreakError('NFT_MISSING', { host }) : new FirebreakError('HOST_UNSUPPORTED', { host, reasons: [`${detail} is not installed`] });
    default:
      return byExitCode(host, doing, exit.exitCode, detail);
  }
}

/** For words that this console does not know yet: the codes are the older contract. */
function byExitCode(host: string, doing: string, exitCode: number, detail: string): FirebreakError {
  if (exitCode === 4) return new FirebreakError('PUSH_PENDING_ELSEWHERE', { host, pendingId: 'unknown', by: 'somebody' });
  if (exitCode === 5) return new FirebreakError('CONFIRM_REFUSED', { host, detail });
  return new FirebreakError('AGENT_FAILED', { host, doing, exitCode, detail });
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
