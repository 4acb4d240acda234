import { countDraftVerdicts } from '../services/flow-drafts.ts';
import { countForgettable } from '../services/forget-flows.ts';
import { importFlows, listSources, removeSource } from '../services/import-flows.ts';
import { countFlowPage, readFlowPage } from '../services/flow-pages.ts';
import { listViews, removeView, saveView } from '../services/flow-views.ts';
import { exportFlowsCsv } from '../services/flow-export.ts';
import { listFlows } from '../services/flows.ts';
import { exportMapCsv } from '../services/map-csv.ts';
import { findOnMap } from '../services/map-find.ts';
import { forgetMapPositions, saveMapPositions } from '../services/map-positions.ts';
import { readMap } from '../services/map-view.ts';
import { os } from './implementer.ts';

export const flowsRouter = {
  list: os.flows.list.handler(({ context, input }) => listFlows(context, input)),
  page: os.flows.page.handler(({ context, input, signal }) => readFlowPage(context, input, signal)),
  count: os.flows.count.handler(({ context, input, signal }) => countFlowPage(context, input, signal)),
  views: os.flows.views.handler(({ context }) => listViews(context)),
  saveView: os.flows.saveView.handler(({ context, input }) => saveView(context, input.name, input.filters)),
  removeView: os.flows.removeView.handler(({ context, input }) => {
    removeView(context, input.name);
    return { ok: true } as const;
  }),
  verdicts: os.flows.verdicts.handler(({ context, input }) => countDraftVerdicts(context, input)),
  map: os.flows.map.handler(({ context, input }) => readMap(context, input)),
  mapCsv: os.flows.mapCsv.handler(({ context, input }) => exportMapCsv(context, input)),
  mapFind: os.flows.mapFind.handler(({ context, input }) => findOnMap(context, input.text)),
  savePositions: os.flows.savePositions.handler(({ context, input }) => {
    saveMapPositions(context, input);
    return { ok: true } as const;
  }),
  forgetPositions: os.flows.forgetPositions.handler(({ context, input }) => {
    forgetMapPositions(context, input.picture);
    return { ok: true } as const;
  }),
  importLog: os.flows.importLog.handler(({ context, input, signal }) => importFlows(context, input, signal)),
  sources: os.flows.sources.handler(({ context }) => listSources(context)),
  removeSource: os.flows.removeSource.handler(({ context, input }) => {
    removeSource(context, input.id);
    return { ok: true } as const;
  }),
  forgettable: os.flows.forgettable.handler(({ context, input }) => countForgettable(context, input.keepDays)),
  exportCsv: os.flows.exportCsv.handler(({ context, input, signal }) => exportFlowsCsv(context, input, signal)),
};
