import { readAlertDetail } from '../services/alert-detail.ts';
import { readAlertNews } from '../services/alert-news.ts';
import * as alerts from '../services/alert-service.ts';
import { countAlerts, findAlerts } from '../services/alert-views.ts';
import { os } from './implementer.ts';

const done = { ok: true } as const;

export const alertsRouter = {
  list: os.alerts.list.handler(({ context, input }) => findAlerts(context, input)),
  counts: os.alerts.counts.handler(({ context }) => countAlerts(context)),
  news: os.alerts.news.handler(({ context, input }) => readAlertNews(context, input.sinceMs)),
  get: os.alerts.get.handler(({ context, input }) => readAlertDetail(context, input.id)),
  acknowledge: os.alerts.acknowledge.handler(({ context, input }) => {
    alerts.acknowledgeAlerts(context, input.ids, input.note);
    return done;
  }),
  reopen: os.alerts.reopen.handler(({ context, input }) => {
    alerts.reopenAlerts(context, input.ids);
    return done;
  }),
  mutes: os.alerts.mutes.handler(({ context }) => alerts.listMuteViews(context)),
  mute: os.alerts.mute.handler(({ context, input }) => alerts.muteAlerts(context, input)),
  unmute: os.alerts.unmute.handler(({ context, input }) => {
    alerts.unmuteAlerts(context, input.id);
    return done;
  }),
  settings: os.alerts.settings.handler(({ context }) => alerts.readAlertSettings(context)),
  setSettings: os.alerts.setSettings.handler(({ context, input }) => alerts.setAlertSettings(context, input)),
};
