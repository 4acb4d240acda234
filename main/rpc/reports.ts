import { readKpiReport } from '../services/kpi.ts';
import { preparePack, sealPack } from '../services/pack-seal.ts';
import { printKind, renderKind } from '../services/report-kinds.ts';
import { renderReport } from '../services/report.ts';
import { os } from './implementer.ts';

export const reportsRouter = {
  html: os.reports.html.handler(({ context, input }) => ({ html: renderReport(context, input.sinceMs) })),
  render: os.reports.render.handler(({ context, input }) => renderKind(context, input)),
  csv: os.reports.csv.handler(({ context, input }) => printKind(context, input)),
  kpi: os.reports.kpi.handler(({ context, input }) => readKpiReport(context, input.sinceMs)),
  preparePack: os.reports.preparePack.handler(({ context, input }) => preparePack(context, input)),
  sealPack: os.reports.sealPack.handler(({ context, input }) => sealPack(context, input)),
};
