import { type HopText, jumpOfCommand, parseJumps } from '../ssh-config/parse-hop.ts';
import { splitShellWords } from './shell-words.ts';

/** What arguments for ssh say of the way to a host; null where they say nothing of it. `reason` without a full stop: the way cannot be told. */
export type SshArguments = { readonly jumps: readonly HopText[] | null; readonly keyPath: string | null; readonly user: string | null; readonly port: number | null } | { readonly reason: string };

/** Options of ssh that take an argument (ssh(1)); the others stand alone. */
const WITH_ARGUMENT = 'BbcDEeFIiJLlmOopQRSWw';

/** Reads `ansible_ssh_common_args` and its like: `-J`, `-o ProxyJump=`, a ProxyCommand that only forwards, `-i`, `-l`, `-p`. All else is of no matter for the way. Nothing is run. */
export function readSshArguments(text: string): SshArguments {
  const words = splitShellWords(text);
  if (words === null) return { reason: 'a quote in its arguments for ssh is never closed' };
  let found: Exclude<SshArguments, { reason: string }> = { jumps: null, keyPath: null, user: null, port: null };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (!/^-[A-Za-z]/.test(word)) continue;
    const letter = word[1] ?? '';
    if (!WITH_ARGUMENT.includes(letter)) continue;
    const argument = word.length > 2 ? word.slice(2) : (words[at + 1] ?? '');
    if (word.length === 2) at += 1;
    const read = readOption(letter, argument);
    if (read !== null && 'reason' in read) return read;
    // The first of a kind counts, as for ssh.
    found = { jumps: found.jumps ?? read?.jumps ?? null, keyPath: found.keyPath ?? read?.keyPath ?? null, user: found.user ?? read?.user ?? null, port: found.port ?? read?.port ?? null };
  }
  return found;
}

type Part = Partial<Exclude<SshArguments, { reason: string }>>;

function readOption(letter: string, argument: string): Part | { readonly reason: string } | null {
  if (letter === 'J') return readJumps(argument);
  if (letter === 'i') return { keyPath: argument };
  if (letter === 'l') return { user: argument };
  if (letter === 'p') return { port: Number(argument) };
  if (letter === 'F') return { reason: 'its arguments for ssh name a configuration of their own (-F); import that file by itself' };
  const [, keyword = '', value = ''] = letter === 'o' ? (/^\s*([A-Za-z]+)\s*[= \t]\s*(.*)$/s.exec(argument) ?? []) : [];
  switch (keyword.toLowerCase()) {
    case 'proxyjump':
      return readJumps(value);
    case 'proxycommand':
      return readCommand(value);
    case 'identityfile':
      return { keyPath: value };
    case 'user':
      return { user: value };
    case 'port':
      return { port: Number(value) };
    default:
      return null;
  }
}

function readJumps(text: string): Part | { readonly reason: string } {
  const jumps = parseJumps(text);
  return jumps === null ? { reason: 'the jump hosts of its arguments for ssh cannot be read' } : { jumps };
}

function readCommand(text: string): Part | { readonly reason: string } {
  if (text.trim().toLowerCase() === 'none') return { jumps: [] };
  const jump = jumpOfCommand(text);
  return jump === null ? { reason: 'it is reached by a command (ProxyCommand), which the console does not run; where that is a jump host, name it by ProxyJump' } : { jumps: [jump] };
}
