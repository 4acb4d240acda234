import { quoteCommand, quoteWord } from './quote-command.ts';

/** Random texts that nothing else on stderr can be; drawn anew for every command. Hex, so that neither shell nor `sudo -p` reads into them. */
export type SudoMarkers = { prompt: string; ready: string };

type Command = { argv: readonly [string, ...string[]]; rawSuffix?: string | undefined };

/** C locale: sudo's refusals are recognised by their English text. `env` works in every login shell. */
const SUDO = ['env', 'LC_ALL=C', 'sudo'] as const;

/** `-n`: sudo never asks. The agent is run as it is, so that a NOPASSWD entry for it alone suffices. */
export function sudoNopasswdCommand({ argv, rawSuffix }: Command): string {
  return quoteCommand([...SUDO, '-n', '--', ...argv], rawSuffix);
}

/**
 * `-S -p`: sudo prints the prompt marker on stderr and reads a line from stdin. Inside sudo a shell first prints the ready
 * marker, then becomes the command: what is sent after it can only be read by the command, never by sudo.
 */
export function sudoPasswordCommand({ argv, rawSuffix }: Command, markers: SudoMarkers): string {
  // In two halves: sudo's refusals repeat the command line, and must not look like the shell's word that it runs.
  const half = Math.floor(markers.ready.length / 2);
  const announce = `printf %s%s ${quoteWord(markers.ready.slice(0, half))} ${quoteWord(markers.ready.slice(half))} >&2; exec "$@"`;
  return quoteCommand([...SUDO, '-S', '-p', markers.prompt, '--', 'sh', '-c', announce, 'sh', ...argv], rawSuffix);
}
