import { FirebreakError } from '../../shared/errors.ts';
import { listHosts, recordConsoleAddress, type HostRecord } from '../db/host-store.ts';
import { toConsoleAddress } from './agent-record.ts';
import type { BackendContext } from './backend-context.ts';
import { getHost } from './find-host.ts';
import type { HostBundle } from './plan-bundles.ts';
import { recordChange } from './record-change.ts';

const MAX_NAMED = 5;

/** Has the hosts let SSH in from these addresses, as from those that they were reached from; kept, so that the next push does the same. Gives the records as they are then. @throws INPUT_INVALID */
export function addConsoles(ctx: BackendContext, records: readonly HostRecord[], typed: readonly string[]): HostRecord[] {
  const consoles = typed.map((text) => toConsoleAddress(text) ?? refuse('consoles', `“${text}” is no IP address`));
  const news = records.filter(({ consoleAddresses }) => consoles.some((address) => !consoleAddresses.includes(address)));
  if (news.length === 0) return [...records];
  const change = { action: 'hosts.addConsole', subject: news.map(({ name }) => name).join(' ').slice(0, 500), detail: `SSH is let in from ${consoles.join(' ')}`, groups: ['hosts', 'policy'] as const };
  recordChange(ctx, change, (tx) => {
    for (const { id } of news) for (const address of consoles) recordConsoleAddress(tx, id, address, ctx.nowMs());
  });
  return records.map(({ name }) => getHost(ctx, name));
}

/** Nobody stands at the keyboard there: rules that would let no console in are never sent. @throws INPUT_INVALID */
export function assertConsole(ctx: BackendContext, { name, consoleAddresses }: HostRecord, { mode }: Pick<HostBundle, 'mode'>): void {
  if (mode === 'observe' || consoleAddresses.length > 0) return;
  const others = [...new Set(listHosts(ctx.workspace.read).flatMap((host) => host.consoleAddresses))].sort().slice(0, MAX_NAMED);
  refuse('consoles', `no address is known from which ${name} would be reached, and its rules would let nobody in: give --console ADDRESS${others.length === 0 ? '' : ` (others are reached from ${others.join(', ')})`}`);
}

export function refuse(path: string, message: string): never {
  throw new FirebreakError('INPUT_INVALID', { issues: [{ path, message }] });
}
