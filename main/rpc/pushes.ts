import { preparePending } from '../services/pending-plan.ts';
import { forgetPending, listWaitingHosts, startPending } from '../services/pending-service.ts';
import { planText } from '../services/policy-text.ts';
import { preparePlan, readBundleTexts } from '../services/plan-service.ts';
import { readSessionPlan } from '../services/plan-sessions.ts';
import { stopPush } from '../services/push-start.ts';
import { getPush, listPushes, startPush } from '../services/push-service.ts';
import { reconcilePushes } from '../services/reconcile-service.ts';
import { startRollback } from '../services/rollback-service.ts';
import { os } from './implementer.ts';

export const pushesRouter = {
  plan: os.pushes.plan.handler(({ context, input }) => preparePlan(context, input.zone).plan),
  planText: os.pushes.planText.handler(({ context, input }) => planText(context, input, input.zone)),
  sessions: os.pushes.sessions.handler(({ context, input, signal }) => readSessionPlan(context, input.zone, signal)),
  text: os.pushes.text.handler(({ context, input }) => readBundleTexts(context, input.hostName)),
  start: os.pushes.start.handler(({ context, input }) => startPush(context, input)),
  waiting: os.pushes.waiting.handler(({ context }) => listWaitingHosts(context)),
  planPending: os.pushes.planPending.handler(({ context }) => preparePending(context).plan),
  startPending: os.pushes.startPending.handler(({ context, input }) => startPending(context, input)),
  forgetPending: os.pushes.forgetPending.handler(({ context, input }) => forgetPending(context, input.hosts)),
  stop: os.pushes.stop.handler(({ context, input }) => {
    stopPush(context, input.id);
    return { ok: true };
  }),
  rollback: os.pushes.rollback.handler(({ context, input }) => startRollback(context, input)),
  list: os.pushes.list.handler(({ context }) => listPushes(context)),
  get: os.pushes.get.handler(({ context, input }) => getPush(context, input.id)),
  reconcile: os.pushes.reconcile.handler(({ context }) => reconcilePushes(context)),
};
