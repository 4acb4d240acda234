import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const home = new URL('..', import.meta.url).pathname;

/** The shells of this machine that the agent must run under. */
export const SHELLS = [['dash'], ['bash'], ['busybox', 'sh']].filter(([name = '']) => ['/usr/bin', '/bin'].some((dir) => existsSync(`${dir}/${name}`)));

/** Runs `script` with functions of the agent (`parts`: names of files in lib) whose files all lie below `dir`; it knows no systemd and says nothing in the machine’s journal. Returns stdout. */
export function runFunctions([program = '', ...args]: readonly string[], dir: string, parts: readonly string[], script: string): string {
  const head = [
    `set -u; home_dir=${home} lib_dir=${home}lib`,
    `eval "$(sed 's|=\\(/[a-z]\\)|=${dir}\\1|' ${home}lib/env.sh)"`,
    ...parts.map((part) => `. ${home}lib/${part}.sh`),
    `scratch=${dir}`,
    'log() { :; }',
    'has_systemd() { return 1; }',
  ];
  return execFileSync(program, [...args, '-c', [...head, script].join('\n')], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } });
}
