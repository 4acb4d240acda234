import { dirname, isAbsolute, join } from 'node:path';
import { SshTarget, type SshIdentity, type SudoMode } from '../../../shared/model/host.ts';
import { inert } from '../../../shared/text/inert.ts';
import type { Assumed } from '../listed-host.ts';
import type { HopText } from '../ssh-config/parse-hop.ts';
import type { FleetMember } from './host-variables.ts';
import { memberText } from './member-text.ts';
import { readSshArguments } from './ssh-arguments.ts';
import { PASSWORDS } from './vaulted.ts';

/** The way in of one host; `jumps` as its arguments for ssh name them. */
export type Connection = { readonly ssh: SshTarget; readonly jumps: readonly HopText[]; readonly assumed: readonly Assumed[]; readonly notes: readonly string[] };

const OVER_SSH: ReadonlySet<string> = new Set(['ssh', 'smart', 'paramiko', 'paramiko_ssh', 'ansible.builtin.ssh', 'ansible.builtin.paramiko_ssh']);
const ARGUMENTS = ['ansible_ssh_common_args', 'ansible_ssh_extra_args', 'ansible_ssh_args'];

/** How Ansible would reach a host, from its variables alone. Passwords are looked for and never read. `user`: where the inventory names nobody. */
export function readConnection(member: FleetMember, user: string): Connection | { readonly reason: string } {
  const read = readTexts(member);
  if ('reason' in read) return read;
  const { of } = read;
  const kind = of('ansible_connection') ?? 'ssh';
  if (!OVER_SSH.has(kind)) return { reason: `it is reached by ${inert(kind).slice(0, 60)}, not over SSH` };
  const args = readSshArguments(ARGUMENTS.flatMap((name) => of(name) ?? []).join(' '));
  if ('reason' in args) return args;
  const login = of('ansible_user', 'ansible_ssh_user') ?? args.user;
  const key = of('ansible_ssh_private_key_file', 'ansible_private_key_file') ?? args.keyPath;
  const has = (names: readonly string[]) => names.filter((name) => member.variables.has(name));
  const [passwords, becomePasswords] = [has(PASSWORDS.login), has(PASSWORDS.become)];
  const identity = identityOf(key, { member, hasPassword: passwords.length > 0 });
  const sudo = sudoOf(of, login ?? user, becomePasswords.length > 0);
  const ssh = SshTarget.safeParse({ address: of('ansible_host', 'ansible_ssh_host') ?? member.name, port: Number(of('ansible_port', 'ansible_ssh_port') ?? args.port ?? 22), user: login ?? user, identity: identity.identity, sudo: sudo.mode, jump: null });
  if (!ssh.success) return { reason: `${String(ssh.error.issues[0]?.path[0] ?? 'ssh')}: ${ssh.error.issues[0]?.message ?? 'cannot be read'}` };
  if (!/^[A-Za-z0-9_.:-]+$/.test(ssh.data.address)) return { reason: `its address “${inert(ssh.data.address).slice(0, 100)}” is no name and no address` };
  return {
    ssh: ssh.data,
    jumps: args.jumps ?? [],
    assumed: [...(login === null || login === undefined ? (['user'] as const) : []), ...(identity.isSaid ? [] : (['identity'] as const)), ...(sudo.isSaid ? [] : (['sudo'] as const))],
    notes: [...identity.notes, ...sudo.notes, ...[...passwords, ...becomePasswords].map((name) => `${name} stands in the inventory and was not taken: no password is stored; it is asked for in each session`)],
  };
}

type Texts = { readonly of: (...names: string[]) => string | undefined };

/** Every variable that the way in depends on; a host whose way cannot be told is refused and not guessed. */
function readTexts(member: FleetMember): Texts | { readonly reason: string } {
  const names = ['ansible_connection', 'ansible_host', 'ansible_ssh_host', 'ansible_port', 'ansible_ssh_port', 'ansible_user', 'ansible_ssh_user', 'ansible_ssh_private_key_file', 'ansible_private_key_file', ...ARGUMENTS, 'ansible_become', 'ansible_become_method', 'ansible_become_user'];
  const texts = new Map<string, string>();
  for (const name of names) {
    const found = memberText(member, name);
    if (found === undefined) continue;
    if ('unknown' in found) return { reason: `its ${name} ${found.unknown}` };
    texts.set(name, found.text.trim());
  }
  return { of: (...asked) => asked.map((name) => texts.get(name)).find((text) => text !== undefined && text !== '') };
}

function identityOf(key: string | null | undefined, { member, hasPassword }: { member: FleetMember; hasPassword: boolean }): { identity: SshIdentity; isSaid: boolean; notes: string[] } {
  if (key === null || key === undefined) return { identity: { kind: hasPassword ? 'password' : 'agent' }, isSaid: hasPassword, notes: [] };
  if (isAbsolute(key) || key.startsWith('~/') || member.place.file === null) return { identity: { kind: 'key-file', keyPath: key }, isSaid: true, notes: [] };
  const keyPath = join(dirname(member.place.file), key);
  return { identity: { kind: 'key-file', keyPath }, isSaid: true, notes: [`its key file ${inert(key)} is taken to lie beside the inventory: ${inert(keyPath)}`] };
}

function sudoOf(of: Texts['of'], user: string, hasPassword: boolean): { mode: SudoMode; isSaid: boolean; notes: string[] } {
  if (user === 'root') return { mode: 'none', isSaid: true, notes: [] };
  const method = of('ansible_become_method') ?? 'sudo';
  const become = of('ansible_become_user') ?? 'root';
  const notes = [
    ...(/(^|\.)sudo$/.test(method) ? [] : [`it becomes root by ${inert(method)}, which the console does not use: sudo is taken`]),
    ...(become === 'root' ? [] : [`it becomes ${inert(become)}; the console needs root`]),
  ];
  return { mode: hasPassword ? 'password' : 'nopasswd', isSaid: hasPassword, notes };
}
