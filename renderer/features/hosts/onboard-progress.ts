import type { ProgressEvent } from '../../api/task-store.ts';

/** What hosts that are under way do just now, by name. */
export type UnderWay = ReadonlyMap<string, string>;
export type Progress = { readonly done: number; readonly total: number; readonly underWay: UnderWay };

/** A host whose line comes with one more done has ended. */
export function goOn(now: Pick<Progress, 'done' | 'underWay'>, event: Extract<ProgressEvent, { type: 'progress' }>): Progress {
  const underWay = new Map(now.underWay);
  if (event.hostName !== null && event.done > now.done) underWay.delete(event.hostName);
  else if (event.hostName !== null) underWay.set(event.hostName, event.text);
  return { done: event.done, total: event.total, underWay };
}
