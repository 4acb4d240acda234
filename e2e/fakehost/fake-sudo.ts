import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How the `sudo` of a host behaves; the texts are those of sudo 1.9.13 in the C locale. */
export type SudoVariant = 'nopasswd' | 'asks' | 'asks-with-lecture' | 'requiretty' | 'not-in-sudoers' | 'other-command-only' | 'asks-for-a-code' | 'is-slow' | 'missing';

/** `sudo` as a shell script in a folder for PATH. It logs its arguments and every line that it reads. */
export type FakeSudo = { pathDir: string; readLog: () => string; remove: () => void };

const PROMPT = `attempts=0
while [ $attempts -lt 3 ]; do
  printf %s "$prompt" >&2
  IFS= read -r password || { printf '\\nsudo: no password was provided\\nsudo: a password is required\\n' >&2; exit 1; }
  echo "read: $password" >>"$log"
  [ "$password" = 'correct horse' ] && break
  attempts=$((attempts + 1))
  echo 'Sorry, try again.' >&2
  [ $attempts -lt 3 ] || { echo 'sudo: 3 incorrect password attempts' >&2; exit 1; }
done`;
const ASK = `[ -z "$never" ] || { echo 'sudo: a password is required' >&2; exit 1; }\n${PROMPT}`;

const BODIES: Record<Exclude<SudoVariant, 'missing'>, string> = {
  nopasswd: '',
  asks: ASK,
  'asks-with-lecture': `printf '\\nWe trust you have received the usual lecture from the local System\\nAdministrator.\\n\\n' >&2\n${ASK}`,
  requiretty: `echo 'sudo: sorry, you must have a tty to run sudo' >&2; exit 1`,
  'not-in-sudoers': `${ASK}\necho 'ops is not in the sudoers file.' >&2; exit 1`,
  'other-command-only': `echo "Sorry, user ops is not allowed to execute '$*' as root on web-1." >&2; exit 1`,
  'asks-for-a-code': `printf 'Verification code: ' >&2; IFS= read -r code; echo "read: $code" >>"$log"; exit 1`,
  'is-slow': `exec sleep 30`,
};

export function makeFakeSudo(variant: SudoVariant): FakeSudo {
  const pathDir = mkdtempSync(join(tmpdir(), 'firebreak-sudo-'));
  const logPath = join(pathDir, 'log');
  writeFileSync(logPath, '');
  if (variant !== 'missing') {
    const script = `#!/bin/sh
echo 'sudo: unable to resolve host web-1: Temporary failure in name resolution' >&2
log=${logPath} prompt='[sudo] password: ' never=
echo "argv: $*" >>"$log"
env >>"$log"
while [ $# -gt 0 ]; do
  case $1 in
    -S) ;;
    -n) never=yes ;;
    -p) prompt=$2; shift ;;
    --) shift; break ;;
  esac
  shift
done
${BODIES[variant]}
command -v "$1" >/dev/null || { echo "sudo: $1: command not found" >&2; exit 1; }
exec "$@"
`;
    writeFileSync(join(pathDir, 'sudo'), script);
    chmodSync(join(pathDir, 'sudo'), 0o755);
  }
  return { pathDir, readLog: () => readFileSync(logPath, 'utf8'), remove: () => rmSync(pathDir, { recursive: true }) };
}
