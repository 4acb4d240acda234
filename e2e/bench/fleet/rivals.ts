import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const OUTPUT_LIMIT_BYTES = 64 * 2 ** 20;

export type RivalHost = { readonly name: string; readonly address: string; readonly text: string };
export type Rivals = {
  /** `copy` of each host's file and `nft -c` of it, as playbooks do; `pipelining` as its manual advises for speed. ms. Connections are cold: each run has control sockets of its own. */
  ansible(pipelining: boolean): Promise<number>;
  /** The file through one ssh a host into `cat` and `nft -c`. ms. */
  ssh(): Promise<number>;
  /** Two logins a host that do nothing: what no push can do without that proves itself over a second connection. ms. */
  logins(): Promise<number>;
};

/** What others do with the same files on the same hosts, with the same parallelism: they carry and check, and neither load, prove, confirm nor could take back. */
export function prepareRivals(folder: string, hosts: readonly RivalHost[], keyPath: string, parallel: number): Rivals {
  const known = join(folder, 'known_hosts');
  const files = join(folder, 'rules');
  mkdirSync(files);
  for (const { name, text } of hosts) writeFileSync(join(files, `${name}.nft`), text);
  const inventory = join(folder, 'inventory');
  writeFileSync(inventory, hosts.map(({ name, address }) => `${name} ansible_host=${address} ansible_user=root ansible_ssh_private_key_file=${keyPath} ansible_python_interpreter=/usr/bin/python3\n`).join(''));
  // An empty one, so that nobody's own settings count.
  const config = join(folder, 'ansible.cfg');
  writeFileSync(config, '');
  const playbook = join(folder, 'push.yml');
  writeFileSync(playbook, `- hosts: all\n  gather_facts: false\n  tasks:\n    - copy: { src: "${files}/{{ inventory_hostname }}.nft", dest: /run/bench-fleet.nft, mode: "0600" }\n    - command: nft -c -f /run/bench-fleet.nft\n      changed_when: false\n`);
  const options = ['-o', 'StrictHostKeyChecking=accept-new', '-o', `UserKnownHostsFile=${known}`];
  const login = `ssh -i ${keyPath} ${options.join(' ')} root@"$2"`;
  /** A shell command for each host, which gets its name and address. ms. */
  const overAll = async (command: string): Promise<number> => {
    const list = join(folder, 'list');
    writeFileSync(list, hosts.map(({ name, address }) => `${name} ${address}`).join('\n'));
    const sinceMs = performance.now();
    await run('xargs', ['-a', list, '-P', String(parallel), '-n', '2', 'sh', '-c', command, 'sh'], { maxBuffer: OUTPUT_LIMIT_BYTES });
    return performance.now() - sinceMs;
  };
  return {
    ansible: async (pipelining) => {
      const sockets = mkdtempSync(join(folder, 'cp-'));
      const env = { ...process.env, ANSIBLE_FORKS: String(parallel), ANSIBLE_PIPELINING: String(pipelining), ANSIBLE_SSH_CONTROL_PATH_DIR: sockets, ANSIBLE_LOCALHOST_WARNING: 'false', ANSIBLE_SSH_COMMON_ARGS: options.join(' '), ANSIBLE_SSH_ARGS: '-C -o ControlMaster=auto -o ControlPersist=5s', ANSIBLE_CONFIG: config };
      const sinceMs = performance.now();
      await run('ansible-playbook', ['-i', inventory, playbook], { env, maxBuffer: OUTPUT_LIMIT_BYTES });
      const tookMs = performance.now() - sinceMs;
      rmSync(sockets, { recursive: true, force: true });
      return tookMs;
    },
    ssh: () => overAll(`${login} 'cat >/run/bench-fleet.nft && nft -c -f /run/bench-fleet.nft' <${files}/"$1".nft`),
    logins: () => overAll(`${login} true </dev/null && ${login} true </dev/null`),
  };
}
