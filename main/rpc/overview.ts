import { readKpiTrends } from '../services/kpi-trend.ts';
import { readOverview } from '../services/overview.ts';
import { os } from './implementer.ts';

export const overviewRouter = {
  get: os.overview.get.handler(({ context }) => readOverview(context)),
  kpis: os.overview.kpis.handler(({ context }) => readKpiTrends(context)),
};
