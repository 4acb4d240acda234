import { exportFlowsCsv, listFlows } from '../services/flows.ts';
import { readMap, saveMapPositions } from '../services/map-view.ts';
import { os } from './implementer.ts';

export const flowsRouter = {
  list: os.flows.list.handler(({ context, input }) => listFlows(context, input)),
  map: os.flows.map.handler(({ context, input }) => readMap(context, input.sinceMs)),
  savePositions: os.flows.savePositions.handler(({ context, input }) => {
    saveMapPositions(context, input.positions);
    return { ok: true } as const;
  }),
  exportCsv: os.flows.exportCsv.handler(({ context, input }) => exportFlowsCsv(context, input)),
};
