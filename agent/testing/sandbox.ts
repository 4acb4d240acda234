import { execFile, spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type AgentShell = 'dash' | 'bash' | 'busybox sh';
export type RunResult = { code: number; stdout: string; stderr: string };
export type Sandbox = {
  /** The unpacked program folder, MANIFEST included, as the console would send it. */
  programDir: string;
  /** Runs a shell script inside; stdin is optional. Never throws on a non-zero exit. */
  run(script: string, stdin?: string): Promise<RunResult>;
  /** Runs the agent (the installed one, or the unpacked one before that) under the shell. */
  agent(args: string, stdin?: string): Promise<RunResult>;
  /** Starts without waiting; ended with the sandbox at the latest. */
  start(script: string, stdin?: string): ChildProcess;
  /** The same with its stdin left open and its stdout to be read; whoever starts it ends it. */
  startOpen(script: string): ChildProcessWithoutNullStreams;
  /** Ends everything inside and removes what was made for it. Safe to call twice. */
  close(): void;
};

const agentDir = new URL('..', import.meta.url).pathname;
/** busybox stands in for these when a whole host of busybox is simulated; the rest has no applet or must be the real one (nft, ip, flock, unshare, nsenter). */
const applets = ['awk', 'cat', 'chmod', 'cmp', 'cut', 'date', 'find', 'getent', 'grep', 'gzip', 'head', 'id', 'ln', 'ls', 'mkdir', 'mktemp', 'mv', 'readlink', 'rm', 'sed', 'setsid', 'sha256sum', 'sleep', 'sort', 'sync', 'tail', 'timeout', 'tr', 'uname', 'wc'];

/** Copies the agent's files and writes MANIFEST, as the console does before it sends them. */
export function packProgram(toDir: string): void {
  const names = ['firebreak-agent', 'install.sh', 'VERSION', ...['lib', 'units'].flatMap((folder) => readdirSync(join(agentDir, folder)).map((name) => `${folder}/${name}`))];
  for (const folder of ['lib', 'units']) mkdirSync(join(toDir, folder), { recursive: true });
  const lines = names.map((name) => {
    copyFileSync(join(agentDir, name), join(toDir, name));
    return `${createHash('sha256').update(readFileSync(join(toDir, name))).digest('hex')}  ${name}\n`;
  });
  writeFileSync(join(toDir, 'MANIFEST'), lines.join(''));
}

/**
 * A host of its own on this machine: mount, network, PID and UTS namespaces; memory file systems over every folder that the agent writes; loopback up.
 * No systemd inside. Root is needed. `stateBytes` bounds the state folder's disk.
 */
export async function openSandbox(shell: AgentShell, options: { busyboxTools?: boolean; stateBytes?: number } = {}): Promise<Sandbox> {
  const dir = mkdtempSync(join(tmpdir(), 'firebreak-agent-'));
  const programDir = join(dir, 'program');
  packProgram(programDir);
  const state = options.stateBytes === undefined ? '' : `mount -t tmpfs -o size=${options.stateBytes} tmpfs /var/lib/firebreak`;
  const busybox = options.busyboxTools === true ? `for a in ${applets.filter((a) => existsSync(`/usr/bin/${a}`)).join(' ')}; do mount --bind /bin/busybox "$(readlink -f /usr/bin/$a)"; done` : '';
  const setUp = `mount --make-rprivate / && mount -t tmpfs tmpfs /run && mount -t tmpfs tmpfs /var/lib && mount -t tmpfs tmpfs /usr/local/lib && mount -t tmpfs tmpfs /usr/local/sbin &&
mkdir ${dir}/over && mount -t tmpfs tmpfs ${dir}/over && mkdir ${dir}/over/upper ${dir}/over/work &&
mount -t overlay overlay -o lowerdir=/etc,upperdir=${dir}/over/upper,workdir=${dir}/over/work /etc && rm -rf /etc/firebreak || exit 1
ip link set lo up
${state === '' ? '' : `mkdir -p /var/lib/firebreak && ${state}`}
${busybox}
echo ready; exec cat >/dev/null`;
  // Its first process reads from us: it ends, and all with it, also when this process is killed.
  const init = spawn('unshare', ['-m', '-n', '-p', '-u', '--fork', '--mount-proc', '--kill-child', 'sh', '-c', setUp], { stdio: ['pipe', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    init.stdout.once('data', () => resolve());
    init.once('exit', () => reject(new Error('the sandbox did not start')));
  });
  const initPid = readFileSync(`/proc/${init.pid}/task/${init.pid}/children`, 'utf8').trim();
  const enter = ['-t', initPid, '-m', '-n', '-p', '-u', '--'];
  const run = (script: string, stdin = ''): Promise<RunResult> =>
    new Promise((resolve) => {
      const child = execFile('nsenter', [...enter, 'sh', '-c', script], { maxBuffer: 1 << 28, encoding: 'utf8' }, (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }));
      child.stdin?.on('error', () => undefined).end(stdin);
    });
  return {
    programDir,
    run,
    agent: (args, stdin) => run(`p=/usr/local/lib/firebreak/firebreak-agent; [ -f $p ] || p=${programDir}/firebreak-agent; exec ${shell} $p ${args}`, stdin),
    start: (script, stdin = '') => {
      const child = spawn('nsenter', [...enter, 'sh', '-c', script], { stdio: ['pipe', 'ignore', 'pipe'] });
      child.stdin?.on('error', () => undefined).end(stdin);
      return child;
    },
    startOpen: (script) => spawn('nsenter', [...enter, 'sh', '-c', script], { stdio: ['pipe', 'pipe', 'pipe'] }),
    close: () => {
      init.kill('SIGKILL');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
