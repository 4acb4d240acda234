import { FirebreakError } from '../../shared/errors.ts';
import { unreachable } from './dial.ts';
import { errorDetail } from './inert-text.ts';
import { authFailed, identityText } from './login.ts';
import type { ResolvedTarget } from './ssh-target.ts';

/** The peer accepted TCP and hung up before a word: sshd over MaxStartups does that. The one failure that is worth another try. */
export class HandshakeLost extends Error {}

/** How far a handshake came: whether the peer said anything, and whether its key was accepted. */
export type HandshakeProgress = { heard: boolean; keyAccepted: boolean };

/** What a failed handshake means. `error` is what ssh2 said, or null when the connection just ended. */
export function handshakeFailure(target: ResolvedTarget, progress: HandshakeProgress, error: Error | null): Error {
  if (error === null) return new FirebreakError('HOST_DISCONNECTED', { host: target.hostName, doing: progress.keyAccepted ? 'logging in' : 'connecting' });
  const detail = errorDetail(error);
  if (error.message === 'Connection lost before handshake' || (!progress.heard && /ECONNRESET|EPIPE/.test(detail))) return new HandshakeLost(detail, { cause: error });
  if (/no matching/.test(detail)) {
    const reasons = [`its SSH server and Firebreak have no algorithm in common (${detail.replace(/^Handshake failed: /, '')})`];
    return new FirebreakError('HOST_UNSUPPORTED', { host: target.hostName, reasons }, { cause: error });
  }
  if (!progress.keyAccepted) return unreachable(target, `what answers there does not speak SSH as we know it: ${detail}`, error);
  const level = 'level' in error ? error.level : undefined;
  if (level === 'agent') return withCause(authFailed(target, `ssh-agent (${detail})`), error);
  if (level === 'client-authentication' || /authentication/i.test(detail)) return withCause(authFailed(target, identityText(target)), error);
  return new FirebreakError('HOST_DISCONNECTED', { host: target.hostName, doing: 'logging in' }, { cause: error });
}

function withCause(error: FirebreakError, cause: Error): FirebreakError {
  error.cause = cause;
  return error;
}
