import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExportPreview, PolicyCarried } from '../../shared/contract/bundles.ts';
import { FirebreakError, isFirebreakError } from '../../shared/errors.ts';
import type { PushId } from '../../shared/model/ids.ts';
import { HostName } from '../../shared/model/names.ts';
import { runPolicyTests } from '../../shared/policy/run-policy-tests.ts';
import { deleteCarriedOrder, findNewestOrder } from '../db/carried-order-store.ts';
import type { BackendContext } from './backend-context.ts';
import { exportPolicy, getCarriedHost } from './bundle-export.ts';
import { listOrderWarnings } from './carried-orders.ts';
import { readCompiledDraft } from './draft-compiled.ts';
import { makeDraftBundles } from './plan-bundles.ts';
import { recordChange } from './record-change.ts';
import { type CarriedFile, type OrderStage, stageOrders } from './stick-files.ts';
import { resolveTyped } from './workspace-paths.ts';

/**
 * `exportPolicy`, written to a stick: nothing is decided before the stick can be written, no host finds half an order on it, and orders that did not get there are taken back (their version stays).
 * @throws as exportPolicy · FILE_NOT_WRITABLE
 */
export async function carryPolicy(ctx: BackendContext, { hosts, note, folder: typed }: { hosts: readonly string[]; note: string; folder: string }): Promise<PolicyCarried> {
  const folder = resolveTyped(typed, ctx.workspace.path);
  const stage = await stageOrders(folder);
  try {
    const { version, files, hosts: orders } = exportPolicy(ctx, { hosts, note });
    await putOrders(ctx, stage, { files, orders });
    const isStick = await lstat(join(folder, 'firebreak-apply')).then((found) => found.isFile(), () => false);
    return { version, folder, files: files.map(({ path }) => path), isStick, hosts: orders };
  } finally {
    await stage.drop();
  }
}

async function putOrders(ctx: BackendContext, stage: OrderStage, { files, orders }: { files: readonly CarriedFile[]; orders: PolicyCarried['hosts'] }): Promise<void> {
  const left = new Map(orders.map(({ host, push }) => [host, push]));
  try {
    await stage.write(files);
    for (const { host } of orders) {
      await stage.put(host);
      left.delete(host);
    }
  } catch (error) {
    takeOrdersBack(ctx, left, 'the stick could not be written; these orders are not on it');
    throw error;
  }
}

/** Of orders that were signed and got nowhere, by host; their version stays. */
export function takeOrdersBack(ctx: BackendContext, orders: ReadonlyMap<string, PushId>, why: string): void {
  recordChange(ctx, { action: 'bundles.exportFailed', subject: [...orders.keys()].join(' ').slice(0, 500), detail: why, groups: ['hosts'] }, (tx) => {
    for (const push of orders.values()) deleteCarriedOrder(tx, push);
  });
}

/** What `exportPolicy` would sign for each host, or why it refuses; nothing is made or stored. @throws INPUT_INVALID for a draft that cannot be compiled */
export function previewExport(ctx: BackendContext, hosts: readonly string[]): ExportPreview {
  const draft = readCompiledDraft(ctx);
  const bundles = makeDraftBundles(ctx, draft.policy, draft.fleet);
  const { read } = ctx.workspace;
  return {
    broken: [...runPolicyTests(draft.policy, draft.fleet, { nowMs: ctx.nowMs() }).broken],
    hosts: [...new Set(hosts)].map((typed): ExportPreview['hosts'][number] => {
      const name = HostName.parse(typed);
      try {
        const record = getCarriedHost(ctx, name);
        const bundle = bundles.get(record.id);
        if (bundle === undefined) throw new FirebreakError('INTERNAL', { detail: `no bundle was compiled for ${name}` });
        const { mode, zone, hash } = bundle;
        return { host: name, ok: true, mode, zone, bundle: hash, isCarried: findNewestOrder(read, record.id)?.bundle === hash, warnings: listOrderWarnings(read, record, bundle) };
      } catch (error) {
        if (isFirebreakError(error, 'INPUT_INVALID')) return { host: name, ok: false, reason: error.payload.issues.map(({ message }) => message).join('; ') };
        if (isFirebreakError(error, 'NOT_FOUND')) return { host: name, ok: false, reason: 'there is no such host any more' };
        throw error;
      }
    }),
  };
}
