import type { AlertNews } from '../../shared/contract/alerts.ts';
import { listAlertViews } from './alert-views.ts';
import type { BackendContext } from './backend-context.ts';

const TOLD = 5;

/** What became open after `sinceMs` and is neither acknowledged nor muted, newest first: kinds and names, and nothing else, since it goes to the desktop. */
export function readAlertNews(ctx: BackendContext, sinceMs: number): AlertNews {
  const opened = listAlertViews(ctx, { settled: false })
    .filter(({ state, openedAtMs }) => state === 'open' && openedAtMs > sinceMs)
    .toSorted((a, b) => b.openedAtMs - a.openedAtMs || b.id - a.id);
  return { atMs: ctx.nowMs(), total: opened.length, newest: opened.slice(0, TOLD).map(({ kind, hostName, openedAtMs }) => ({ kind, hostName, openedAtMs })) };
}
