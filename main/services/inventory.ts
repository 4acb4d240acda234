import { FirebreakError, type Issue } from '../../shared/errors.ts';
import type { SshTarget } from '../../shared/model/host.ts';
import { LabelKey, LabelValue, type Labels } from '../../shared/model/label.ts';
import { parseAddress, printAddress } from '../../shared/net/address.ts';
import { deleteHost, type HostRecord, insertHost, listHosts, setLabel } from '../db/host-store.ts';
import { loadDraft } from '../db/draft-store.ts';
import { findHostPolicy } from '../db/bundle-store.ts';
import type { BackendContext } from './backend-context.ts';
import { getHost } from './find-host.ts';
import { createTakenAddresses } from './taken-addresses.ts';
import { listHostUses } from './policy-references.ts';
import { assertNotInRunningPush } from './push-start.ts';
import { recordChange } from './record-change.ts';
import { resolveTarget } from './ssh-targets.ts';

export type NewHost = { name: string; ssh: SshTarget | null; addresses: readonly string[]; labels: Labels; note: string };

/**
 * Adds a host; nothing is connected to. `ssh` null makes it unmanaged, which needs an address.
 * @throws INPUT_INVALID (all issues) · NAME_TAKEN · ADDRESS_TAKEN · NOT_FOUND for the jump host
 */
export function addHost(ctx: BackendContext, input: NewHost): void {
  const addresses = parseAddresses(input);
  const hosts = listHosts(ctx.workspace.read);
  if (hosts.some((h) => h.name === input.name)) throw new FirebreakError('NAME_TAKEN', { what: 'host', name: input.name });
  const made = toNewRecord(ctx, { ...input, addresses });
  const taken = createTakenAddresses(hosts).find(made);
  if (taken !== null) throw new FirebreakError('ADDRESS_TAKEN', taken);
  if (input.ssh?.jump != null) assertJumpHost(ctx, input.ssh.jump);
  const detail = input.ssh === null ? `unmanaged, ${addresses.join(' ')}` : `${input.ssh.user}@${input.ssh.address}:${input.ssh.port}`;
  recordChange(ctx, { action: 'hosts.add', subject: input.name, detail, groups: ['hosts'] }, (tx) => {
    insertHost(tx, made);
  });
}

/** As it is stored first: nothing is known of it but what was entered. */
export function toNewRecord(ctx: BackendContext, { name, ssh, note, labels, addresses }: NewHost): HostRecord {
  const manual = addresses.map((address) => ({ address, source: 'manual' as const }));
  return { id: ctx.newId.host(), name, ssh, carried: false, note, createdAtMs: ctx.nowMs(), handLabels: labels, addresses: manual, pinnedKeys: [], consoleAddresses: [] };
}

/** A null value removes the label. @throws INPUT_INVALID with every bad key and value · NOT_FOUND */
export function labelHost(ctx: BackendContext, name: string, labels: Readonly<Record<string, string | null>>): void {
  const host = getHost(ctx, name);
  const issues = Object.entries(labels).flatMap(([key, value]): Issue[] => {
    const parsed = value === null ? LabelKey.safeParse(key) : LabelKey.safeParse(key).success ? LabelValue.safeParse(value) : LabelKey.safeParse(key);
    return parsed.success ? [] : [{ path: `labels.${key}`, message: parsed.error.issues[0]?.message ?? 'not a label' }];
  });
  if (issues.length > 0) throw new FirebreakError('INPUT_INVALID', { issues });
  const detail = Object.entries(labels)
    .map(([key, value]) => (value === null ? `-${key}` : `${key}=${value}`))
    .join(' ');
  recordChange(ctx, { action: 'hosts.label', subject: name, detail, groups: ['hosts', 'policy'] }, (tx) => {
    for (const [key, value] of Object.entries(labels)) setLabel(tx, host.id, key, value);
  });
}

/**
 * Forgets the host with its recorded flows; touches nothing on the host itself.
 * @throws STILL_USED by rules, tests or as a jump host; also while it runs our rules, unless `force` · PUSH_RUNNING while a push includes it
 */
export function removeHost(ctx: BackendContext, name: string, force: boolean): void {
  const host = getHost(ctx, name);
  const usedBy = [
    ...listHostUses(loadDraft(ctx.workspace.read).policy, name),
    ...listHosts(ctx.workspace.read)
      .filter((h) => h.ssh?.jump === name)
      .map((h) => `host ${h.name} (jump host)`),
  ];
  if (!force && findHostPolicy(ctx.workspace.read, host.id) !== undefined) usedBy.push('the agent on it (uninstall it first, or remove with force)');
  if (usedBy.length > 0) throw new FirebreakError('STILL_USED', { what: 'host', name, usedBy });
  recordChange(ctx, { action: 'hosts.remove', subject: name, detail: force ? 'forced' : '', groups: ['hosts', 'policy', 'flows'] }, (tx) => {
    assertNotInRunningPush(tx, host.id);
    deleteHost(tx, host.id);
  });
}

function parseAddresses(input: NewHost): string[] {
  const issues: Issue[] = [];
  const addresses = input.addresses.flatMap((text, i) => {
    const parsed = parseAddress(text);
    if (parsed.ok) return [printAddress(parsed.value)];
    issues.push(...parsed.issues.map((issue) => ({ ...issue, path: `addresses.${i}` })));
    return [];
  });
  if (input.ssh === null && input.addresses.length === 0)
    issues.push({ path: 'addresses', message: 'a host without SSH needs at least one address; give one like 10.0.0.5' });
  if (issues.length > 0) throw new FirebreakError('INPUT_INVALID', { issues });
  return [...new Set(addresses)];
}

/** A new host cannot close a circle, so that it is enough that its jump host can be reached. */
function assertJumpHost(ctx: BackendContext, jump: string): void {
  resolveTarget(ctx, jump);
}
