import type { HostChoice } from '../../shared/contract/host-choice.ts';
import { FirebreakError } from '../../shared/errors.ts';
import { matchesSelectorSet } from '../../shared/policy/select.ts';
import { postureAt } from '../../shared/posture/say-posture.ts';
import { type HostRecord, listHosts } from '../db/host-store.ts';
import type { BackendContext } from './backend-context.ts';
import { readLabellings } from './host-labels.ts';
import { readHostStates } from './host-records.ts';

/** @throws NOT_FOUND with the names that exist */
export function getHost(ctx: BackendContext, name: string): HostRecord {
  const hosts = listHosts(ctx.workspace.read);
  const host = hosts.find((h) => h.name === name);
  if (host === undefined) throw new FirebreakError('NOT_FOUND', { what: 'host', name, known: hosts.map((h) => h.name) });
  return host;
}

/**
 * The managed hosts that a command is for, by name order, each once. A selector may match nobody: then the answer is empty, and nothing is done.
 * @throws NOT_FOUND for a name that no managed host has
 */
export function listChosenHosts(ctx: BackendContext, choice: HostChoice): HostRecord[] {
  const managed = listHosts(ctx.workspace.read).filter((h) => h.ssh !== null);
  if (choice.kind === 'all') return managed;
  if (choice.kind === 'selector') {
    const labellings = readLabellings(ctx, managed);
    const states = readHostStates(ctx);
    return managed.filter((h) => matchesSelectorSet(choice.select, { labels: labellings.get(h.id)?.labels ?? {}, posture: postureAt(states.get(h.id)?.network?.posture ?? null, ctx.nowMs()) }));
  }
  const known = managed.map((h) => h.name);
  const missing = choice.names.find((name) => !known.includes(name));
  if (missing !== undefined) throw new FirebreakError('NOT_FOUND', { what: 'managed host', name: missing, known });
  return managed.filter((h) => choice.names.includes(h.name));
}
