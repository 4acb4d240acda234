import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** One line of PLAY RECAP: what became of a host. */
export type Recap = { readonly ok: number; readonly changed: number; readonly unreachable: number; readonly failed: number };
export type Played = { readonly code: number; readonly out: string; readonly hosts: Readonly<Record<string, Recap>> };

/** Seconds on a quiet machine. */
const LIMIT_MS = 560_000;

/** Runs Debian's ansible-playbook in the export's folder, as a person does; nothing of the user's own configuration is read. */
export function play(folder: string, ...argv: string[]): Promise<Played> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, LC_ALL: 'C.UTF-8', ANSIBLE_CONFIG: join(folder, 'ansible.cfg'), ANSIBLE_HOST_KEY_CHECKING: 'False', ANSIBLE_TIMEOUT: '4', ANSIBLE_PYTHON_INTERPRETER: 'auto_silent', ANSIBLE_NOCOLOR: '1', ANSIBLE_SSH_ARGS: '-o ControlMaster=auto -o ControlPersist=10s -o ServerAliveInterval=2 -o ServerAliveCountMax=3 -o UserKnownHostsFile=/dev/null' };
  return new Promise((resolve, reject) => {
    const child = spawn('ansible-playbook', argv, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const parts: Buffer[] = [];
    const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.stderr.on('data', (part: Buffer) => parts.push(part));
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      const out = Buffer.concat(parts).toString('utf8');
      resolve({ code: code ?? 137, out, hosts: readRecap(out) });
    });
  });
}

function readRecap(out: string): Record<string, Recap> {
  const lines = out.slice(out.lastIndexOf('PLAY RECAP')).matchAll(/^(\S+)\s+: ok=(\d+)\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)/gm);
  return Object.fromEntries([...lines].map(([, name = '', ...numbers]) => {
    const [ok = 0, changed = 0, unreachable = 0, failed = 0] = numbers.map(Number);
    return [name, { ok, changed, unreachable, failed }];
  }));
}

/** An ssh that stops before the connection by which a push is proved, until the test has done what it wants to do at that moment. `argument`: for ansible-playbook. */
export function holdProof(folder: string): { argument: string; reached(): Promise<void>; letGo(): void } {
  const path = join(folder, 'held-ssh');
  writeFileSync(path, `#!/bin/sh\ncase " $* " in *' ControlPath=none '*) : >'${path}.reached'; while ! [ -e '${path}.go' ]; do sleep 0.05; done ;; esac\nexec ssh "$@"\n`, { mode: 0o755 });
  return {
    argument: `ansible_ssh_executable=${path}`,
    reached: async () => {
      const deadlineMs = Date.now() + LIMIT_MS;
      while (!existsSync(`${path}.reached`)) {
        if (Date.now() > deadlineMs) throw new Error('the playbook never came to its proof');
        await delay(50);
      }
    },
    letGo: () => writeFileSync(`${path}.go`, ''),
  };
}
