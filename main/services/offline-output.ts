import type { OfflineAudit } from '../../shared/offline-audit/offline-audit.ts';
import { renderOfflineReport } from '../reports/offline/offline-report.ts';
import { makeOfflineTables } from '../reports/offline/offline-tables.ts';
import { printReachDrawing } from '../reports/offline/reach-drawing.ts';
import { auditOffline, type OfflineOrder } from './offline-audit.ts';

/** An audit from files, and what can be made of it. */
export type OfflineResult = { readonly audit: OfflineAudit; html(): string; svg(): string; tables(): { name: string; text: string }[] };

/** @throws as `auditOffline` */
export async function runOfflineAudit({ user, progress, ...order }: OfflineOrder & { readonly user: string; progress(line: string): void }): Promise<OfflineResult> {
  for await (const event of auditOffline(order)) {
    if (event.type === 'progress') progress(`[${event.done}/${event.total}] ${event.text}`);
    else {
      const { audit } = event;
      return { audit, html: () => renderOfflineReport(audit, { madeAtMs: order.nowMs, madeBy: user }), svg: () => printReachDrawing(audit), tables: () => makeOfflineTables(audit) };
    }
  }
  throw new Error('the audit ended without a result');
}
