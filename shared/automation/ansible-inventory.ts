import type { SshTarget } from '../model/host.ts';

export type InventoryHost = { readonly name: string; readonly ssh: SshTarget | null };

/** In double quotes of YAML, which take what JSON writes; Ansible reads it as text and never as a template. */
const text = (value: string): string => `!unsafe ${JSON.stringify(value).replaceAll(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}`;
const PLAIN_ADDRESS = /^[A-Za-z0-9.:_-]+$/;

/** How the console reaches the hosts, as Ansible says it; hosts of a user's own inventory need the group `firebreak` alone. `all` finds the hosts that others go through. */
export function printInventory(hosts: readonly InventoryHost[], all: readonly InventoryHost[]): string {
  const targets = new Map(all.map(({ name, ssh }) => [name, ssh]));
  const lines = hosts.flatMap(({ name, ssh }) => [`    ${JSON.stringify(name)}:`, ...(ssh === null ? [] : printSsh(ssh, targets))]);
  return `---\n# How the console reaches these hosts. Host keys are those of this machine's own known_hosts.\nfirebreak:\n  hosts:\n${lines.join('\n')}\n`;
}

function printSsh(ssh: SshTarget, targets: ReadonlyMap<string, SshTarget | null>): string[] {
  const jump = ssh.jump === null ? null : describeJump(ssh.jump, targets);
  return [
    `      ansible_host: ${text(ssh.address)}`,
    `      ansible_port: ${ssh.port}`,
    `      ansible_user: ${text(ssh.user)}`,
    ...(ssh.identity.kind === 'key-file' ? [`      ansible_ssh_private_key_file: ${text(ssh.identity.keyPath)}`] : []),
    ...(jump === null ? [] : [jump]),
  ];
}

/** ProxyJump of ssh_config(5), in a word that ssh and Ansible split alike; what is no plain address is left to the user's own ssh_config. */
function describeJump(jump: string, targets: ReadonlyMap<string, SshTarget | null>): string {
  const hops: string[] = [];
  const seen = new Set<string>();
  for (let name: string | null = jump; name !== null && !seen.has(name); ) {
    seen.add(name);
    const target: SshTarget | null = targets.get(name) ?? null;
    if (target === null || !PLAIN_ADDRESS.test(target.address)) return `      # It is reached through ${jump}, which cannot be said here: write a ProxyJump into your ssh_config.`;
    hops.unshift(`${target.user}@${target.address.includes(':') ? `[${target.address}]` : target.address}:${target.port}`);
    name = target.jump;
  }
  return `      ansible_ssh_common_args: ${text(`-o ProxyJump=${hops.join(',')}`)}`;
}
