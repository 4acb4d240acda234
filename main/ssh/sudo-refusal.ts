import { FirebreakError } from '../../shared/errors.ts';
import { inertText } from './inert-text.ts';
import type { ResolvedTarget } from './ssh-target.ts';

const refused = (target: ResolvedTarget, detail: string) => new FirebreakError('SUDO_REFUSED', { host: target.hostName, user: target.user, detail });

export function sudoPasswordWrong(target: ResolvedTarget): FirebreakError {
  return refused(target, 'the password was not accepted; it was tried once');
}

export function sudoPasswordNeeded(target: ResolvedTarget): FirebreakError {
  return new FirebreakError('SUDO_PASSWORD_NEEDED', { host: target.hostName, user: target.user });
}

export function sudoPasswordUnusable(target: ResolvedTarget): FirebreakError {
  return refused(target, 'the password given has a line break in it; nothing was sent');
}

/**
 * Sudo's own refusals, by the messages of sudo 1.8 and 1.9 in the C locale (plugins/sudoers/auth/sudo_auth.c, logging.c, sudoers.c; src/exec.c).
 * Null: what failed, if anything, was the command.
 */
export function findSudoRefusal(target: ResolvedTarget, exitCode: number, allStderr: string): FirebreakError | null {
  // A warning that sudo gives on every host whose own name is not in DNS or /etc/hosts; the command runs all the same.
  const stderr = allStderr.replace(/^sudo: unable to resolve host .*$/gm, '');
  if (exitCode === 127 && /sudo['’]?: (?:not found|command not found|No such file or directory)/.test(stderr)) return refused(target, 'sudo is not installed');
  if (exitCode !== 1) return null;
  if (/^sudo(?:-rs)?: (?:a password is required|interactive authentication is required)/m.test(stderr)) return sudoPasswordNeeded(target);
  if (/^sudo(?:-rs)?: (?:sorry, )?you must have a tty/m.test(stderr)) return refused(target, 'its sudoers has requiretty; remove it for this user (Defaults:USER !requiretty)');
  if (/is not in the sudoers file|may not run sudo|is not allowed to (?:execute|run)/.test(stderr)) return refused(target, inertText(stderr));
  if (/incorrect password attempt|^sudo(?:-rs)?: no password was provided/m.test(stderr)) return sudoPasswordWrong(target);
  if (/^sudo(?:-rs)?: (?!.*: command not found)(?:account|Account|PAM|pam|unable|no valid|parse error|error|effective uid|\/)/m.test(stderr)) return refused(target, inertText(stderr));
  return null;
}

/** Sudo answers 1 when the command does not exist; a shell says 127, and so do we. */
export function withShellExitCode(exitCode: number, stderr: string): number {
  return exitCode === 1 && /^sudo(?:-rs)?: \S+: command not found$/m.test(stderr) ? 127 : exitCode;
}

/** The command never ran although sudo was asked to run it. */
export function sudoNeverStarted(target: ResolvedTarget, exitCode: number, preamble: string): FirebreakError {
  const known = findSudoRefusal(target, exitCode, preamble);
  if (known !== null) return known;
  const said = inertText(preamble);
  return refused(target, said === '' ? 'the command was not started, and sudo said nothing' : said);
}
