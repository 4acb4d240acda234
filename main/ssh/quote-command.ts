import { FirebreakError } from '../../shared/errors.ts';

/** Words that every shell takes as they are: no quoting, so that commands stay readable in a host's process list. */
const PLAIN_WORD = /^[A-Za-z0-9_@%+:,./-]+$/;

/** One word for a POSIX shell (XCU 2.2.2): nothing inside single quotes is special, and a single quote is written `'\''`. */
export function quoteWord(word: string): string {
  if (word.includes('\0')) throw new FirebreakError('INTERNAL', { detail: 'a remote command cannot contain a NUL byte' });
  return PLAIN_WORD.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * The command line that makes a POSIX login shell run exactly `argv`. `rawSuffix` is appended as it is, for what only
 * that shell can expand (`--ssh "$SSH_CONNECTION"`); it must be fixed text of ours, never data.
 */
export function quoteCommand(argv: readonly [string, ...string[]], rawSuffix?: string): string {
  const words = argv.map(quoteWord);
  return rawSuffix === undefined ? words.join(' ') : [...words, rawSuffix].join(' ');
}
