import { FirebreakError } from '../../shared/errors.ts';
import { unreachableHere } from './dial.ts';
import { HandshakeLost } from './handshake-lost.ts';
import { errorDetail, inertText } from './inert-text.ts';
import { authFailed, identityText } from './login.ts';
import type { ResolvedTarget } from './ssh-target.ts';

/** How far a handshake came: the first bytes of the peer (empty: it said nothing), and whether its key was accepted. */
export type HandshakeProgress = { firstWords: string; keyAccepted: boolean };

/** What sshd says in plain text before it hangs up on one connection too many (drop_connection in sshd.c, since 8.5 and 9.8). */
const SSHD_IS_FULL = /^(Exceeded MaxStartups|Not allowed at this time)/;

/** What a failed handshake means. `error` is what ssh2 said, or null when the connection just ended. */
export function handshakeFailure(target: ResolvedTarget, progress: HandshakeProgress, error: Error | null): Error {
  if (!progress.keyAccepted && (progress.firstWords === '' || SSHD_IS_FULL.test(progress.firstWords))) return new HandshakeLost(progress.firstWords, { cause: error });
  if (!progress.keyAccepted && !progress.firstWords.startsWith('SSH-')) return unreachableHere(target, `what answers there is not SSH: ${inertText(progress.firstWords)}`);
  if (error === null) return new FirebreakError('HOST_DISCONNECTED', { host: target.hostName, doing: progress.keyAccepted ? 'logging in' : 'connecting' });
  const detail = errorDetail(error);
  if (/no matching/.test(detail)) {
    const reasons = [`its SSH server and Firebreak have no algorithm in common (${detail.replace(/^Handshake failed: /, '')})`];
    return new FirebreakError('HOST_UNSUPPORTED', { host: target.hostName, reasons }, { cause: error });
  }
  if (!progress.keyAccepted) return unreachableHere(target, `what answers there does not speak SSH as we know it: ${detail}`, error);
  const level = 'level' in error ? error.level : undefined;
  if (level === 'agent') return withCause(authFailed(target, `ssh-agent (${detail})`), error);
  if (level === 'client-authentication' || /authentication/i.test(detail)) return withCause(authFailed(target, identityText(target)), error);
  return new FirebreakError('HOST_DISCONNECTED', { host: target.hostName, doing: 'logging in' }, { cause: error });
}

function withCause(error: FirebreakError, cause: Error): FirebreakError {
  error.cause = cause;
  return error;
}
