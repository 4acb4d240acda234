import { renderReport } from '../services/report.ts';
import { os } from './implementer.ts';

export const reportsRouter = {
  html: os.reports.html.handler(({ context, input }) => ({ html: renderReport(context, input.sinceMs) })),
};
