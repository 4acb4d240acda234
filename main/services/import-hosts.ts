import type { HostImportInput, HostImportResult } from '../../shared/contract/host-imports.ts';
import { countText } from '../../shared/text/amount-text.ts';
import { inert } from '../../shared/text/inert.ts';
import { addManualAddress, insertHost, listHosts, setLabel, updateHostSsh } from '../db/host-store.ts';
import type { WriteDb } from '../db/sql.ts';
import type { BackendContext } from './backend-context.ts';
import { type ImportPlan, type PlannedChange, planImport } from './import-plan.ts';
import { toNewRecord } from './inventory.ts';
import { assertNotInRunningPush } from './push-start.ts';
import { readHostSource, type SourceList } from './read-host-source.ts';
import { recordChange, recordWithin } from './record-change.ts';

const MAX_DETAIL_CHARS = 1000;

/**
 * Adds the hosts that a source names and, with `update`, changes those that are there, in one transaction, with one audit entry and another for each host that changed; nothing is connected to. A dry run says the same
 * and stores nothing, and where nothing would be stored nothing is audited either.
 * @throws FILE_NOT_READABLE · PUSH_RUNNING where a host that would change is in one
 */
export async function importHosts(ctx: BackendContext, input: HostImportInput): Promise<HostImportResult> {
  const list = await readHostSource(input.source);
  const plan = planImport(list.hosts, listHosts(ctx.workspace.read), input, (host) => toNewRecord(ctx, host));
  const changed = input.update ? plan.changed : [];
  if (!input.dryRun && plan.added.length + changed.length > 0) {
    const refused = list.refused.length + plan.refused.length;
    const detail = `${countText(plan.added.length, 'host')} added, ${input.update ? `${changed.length} changed, ` : ''}${plan.known.length + plan.changed.length - changed.length} known, ${refused} refused`;
    recordChange(ctx, { action: 'hosts.importList', subject: inert(list.subject), detail, groups: ['hosts', 'policy', 'flows'] }, (tx) => {
      for (const { record } of plan.added) insertHost(tx, record);
      for (const change of changed) storeChange(ctx, tx, change);
    });
  }
  return toResult(list, plan);
}

/** With an entry of its own, so that the host's history says what became of it. @throws PUSH_RUNNING */
function storeChange(ctx: BackendContext, tx: WriteDb, { before, record, changes }: PlannedChange): void {
  assertNotInRunningPush(tx, record.id);
  const detail = inert(changes.map(({ what, from, to }) => `${what} ${from === '' ? '' : `${from} → `}${to}`).join(', ')).slice(0, MAX_DETAIL_CHARS);
  recordWithin(ctx, tx, { action: 'hosts.change', subject: record.name, detail }, () => {
    if (record.ssh !== null) updateHostSsh(tx, record.id, record.ssh);
    for (const { what, to } of changes) if (what.startsWith('labels.')) setLabel(tx, record.id, what.slice('labels.'.length), to);
    for (const { address } of record.addresses.slice(before.addresses.length)) addManualAddress(tx, record.id, address);
  });
}

function toResult(list: SourceList, plan: ImportPlan): HostImportResult {
  return {
    rows: list.rows,
    added: plan.added.map(({ record, listed }) => ({
      name: record.name,
      managed: record.ssh !== null,
      way: record.ssh === null ? null : inert(`${record.ssh.user}@${record.ssh.address.includes(':') ? `[${record.ssh.address}]` : record.ssh.address}:${record.ssh.port}${record.ssh.jump === null ? '' : ` through ${record.ssh.jump}`}`),
      addresses: record.addresses.map(({ address }) => address),
      labels: record.handLabels,
      notes: [...listed.notes],
    })),
    changed: plan.changed.map(({ record, changes, listed }) => ({ name: record.name, changes: changes.map(({ what, from, to }) => ({ what, from: inert(from), to: inert(to) })), notes: [...listed.notes] })),
    known: [...plan.known],
    skipped: plan.skipped,
    refused: [...list.refused, ...plan.refused].map((row) => ({ ...row, name: inert(row.name), reason: inert(row.reason) })).toSorted((a, b) => compareText(a.file ?? '', b.file ?? '') || a.line - b.line),
    notes: [...list.notes],
    columns: list.columns.map((column) => ({ ...column, head: inert(column.head) })),
    groups: [...list.groups],
    variables: [...list.variables],
  };
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
