import { listHostViews, getHostDetail, getHostView } from '../services/host-views.ts';
import { showKey, trustKey, unlockHost } from '../services/host-trust.ts';
import { addHost, labelHost, removeHost } from '../services/inventory.ts';
import { os } from './implementer.ts';

const done = { ok: true } as const;

export const hostsRouter = {
  list: os.hosts.list.handler(({ context }) => listHostViews(context)),
  get: os.hosts.get.handler(({ context, input }) => getHostDetail(context, input.name)),
  add: os.hosts.add.handler(({ context, input }) => {
    addHost(context, input);
    return getHostView(context, input.name);
  }),
  label: os.hosts.label.handler(({ context, input }) => {
    labelHost(context, input.name, input.labels);
    return getHostView(context, input.name);
  }),
  remove: os.hosts.remove.handler(({ context, input }) => {
    removeHost(context, input.name, input.force);
    return done;
  }),
  showKey: os.hosts.showKey.handler(async ({ context, input, signal }) => showKey(context, input.name, signal)),
  trust: os.hosts.trust.handler(({ context, input }) => {
    trustKey(context, input.name, input.key, input.replace);
    return getHostView(context, input.name);
  }),
  unlock: os.hosts.unlock.handler(({ context, input }) => {
    unlockHost(context, input.name, input);
    return done;
  }),
};
