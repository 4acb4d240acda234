import type { FlowFilters, FlowView } from '../../shared/contract/flow-pages.ts';
import { FirebreakError } from '../../shared/errors.ts';
import { listFlowViews, removeFlowView, saveFlowView } from '../db/flow-view-store.ts';
import type { BackendContext } from './backend-context.ts';
import { recordChange } from './record-change.ts';

/** By name. */
export const listViews = (ctx: BackendContext): FlowView[] => listFlowViews(ctx.workspace.read);

/** Adds a view, or replaces that of the same name. */
export function saveView(ctx: BackendContext, name: string, filters: FlowFilters): FlowView {
  const view = { name, filters, savedAtMs: ctx.nowMs(), savedBy: ctx.user };
  const said = Object.entries(filters).map(([field, value]) => `${field} ${value}`);
  recordChange(ctx, { action: 'flows.saveView', subject: name, detail: said.length === 0 ? 'all flows of the last seven days' : said.join(', '), groups: [] }, (tx) => saveFlowView(tx, view));
  return view;
}

/** @throws NOT_FOUND */
export function removeView(ctx: BackendContext, name: string): void {
  recordChange(ctx, { action: 'flows.removeView', subject: name, detail: '', groups: [] }, (tx) => {
    if (!removeFlowView(tx, name)) throw new FirebreakError('NOT_FOUND', { what: 'view of flows', name, known: listFlowViews(tx).map((view) => view.name) });
  });
}
