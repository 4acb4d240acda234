import { listContainments } from '../services/containment-list.ts';
import { planContainment, startContainment } from '../services/containment-service.ts';
import { os } from './implementer.ts';

export const containmentsRouter = {
  list: os.containments.list.handler(({ context }) => listContainments(context)),
  plan: os.containments.plan.handler(({ context, input }) => planContainment(context, input)),
  start: os.containments.start.handler(({ context, input }) => startContainment(context, input)),
};
