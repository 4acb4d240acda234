import type { HostImportInput, HostImportResult, NewHost } from '../../shared/contract/host-imports.ts';
import { countText } from '../../shared/text/amount-text.ts';
import { inert } from '../../shared/text/inert.ts';
import { readHostList } from '../../shared/text/host-list.ts';
import { type HostRecord, insertHost, listHosts } from '../db/host-store.ts';
import type { BackendContext } from './backend-context.ts';
import { toNewRecord } from './inventory.ts';
import { recordChange } from './record-change.ts';
import { createTakenAddresses } from './taken-addresses.ts';

type Listed = NewHost & { readonly line: number };

/**
 * Adds the hosts of a list, all that can be added in one transaction; nothing is connected to, and a host that is there already stays as it is. A dry run says the same and
 * stores nothing.
 */
export function importHosts(ctx: BackendContext, { text, fileName, dryRun }: HostImportInput): HostImportResult {
  const list = readHostList(text);
  const there = listHosts(ctx.workspace.read);
  const names = new Set(there.map(({ name }) => name));
  const wanted = list.hosts.filter(({ name }) => !names.has(name));
  const { made, refused } = choose(ctx, wanted, there);
  if (!dryRun && made.length > 0) {
    const detail = `${countText(made.length, 'host')} added, ${list.hosts.length - wanted.length} known, ${list.refused.length + refused.length} refused`;
    recordChange(ctx, { action: 'hosts.importList', subject: inert(fileName), detail, groups: ['hosts', 'policy', 'flows'] }, (tx) => {
      for (const host of made) insertHost(tx, host);
    });
  }
  return {
    rows: list.rows,
    added: made.map((host) => ({ name: host.name, managed: host.ssh !== null, addresses: host.addresses.map(({ address }) => address), labels: host.handLabels })),
    known: list.hosts.flatMap(({ name }) => (names.has(name) ? [name] : [])),
    refused: [...list.refused.map((row) => ({ ...row, name: inert(row.name), reason: inert(row.reason) })), ...refused].toSorted((a, b) => a.line - b.line),
    labelColumns: [...list.labelColumns],
    ignoredColumns: list.ignoredColumns.map(inert),
  };
}

/** Jump hosts come before those behind them, whatever their order in the file; what waits for one that never comes is refused, and so is a circle. */
function choose(ctx: BackendContext, wanted: readonly Listed[], there: readonly HostRecord[]): { made: HostRecord[]; refused: HostImportResult['refused'] } {
  const taken = createTakenAddresses(there);
  const reachable = new Set(there.flatMap((host) => (host.ssh === null ? [] : [host.name])));
  const made: HostRecord[] = [];
  const refused: HostImportResult['refused'] = [];
  // Whoever waits for a host is looked at once, when that host is made: a chain as long as the file takes no longer than the file.
  const behind = Map.groupBy(wanted, ({ ssh }) => (ssh?.jump == null || reachable.has(ssh.jump) ? null : ssh.jump));
  const ready = behind.get(null) ?? [];
  behind.delete(null);
  // Grows while it is walked.
  for (const { line, ...host } of ready) {
    const record = toNewRecord(ctx, host);
    const conflict = taken.find(record);
    if (conflict !== null) {
      refused.push({ line, name: host.name, reason: `${conflict.address} is the address of host “${conflict.host}” already` });
      continue;
    }
    taken.add(record);
    made.push(record);
    if (host.ssh === null) continue;
    for (const next of behind.get(host.name) ?? []) ready.push(next);
    behind.delete(host.name);
  }
  const stuck = [...behind.values()].flat().map(({ line, name, ssh }) => ({ line, name, reason: `its jump host “${ssh?.jump ?? ''}” is no managed host of the workspace or of the file, or is reached through it` }));
  return { made, refused: [...refused, ...stuck] };
}
