import { listHostViews, getHostDetail, getHostView } from '../services/host-views.ts';
import { showKey, trustKey, unlockHost } from '../services/host-trust.ts';
import { importHosts } from '../services/import-hosts.ts';
import { addHost, labelHost, removeHost } from '../services/inventory.ts';
import { readFootprint } from '../services/footprint.ts';
import { listHealth } from '../services/host-health.ts';
import { measureLatency } from '../services/host-latency.ts';
import { probeHosts } from '../services/probe-hosts.ts';
import { readTimeline } from '../services/host-timeline.ts';
import { readQuality } from '../services/observation-quality.ts';
import { os } from './implementer.ts';

const done = { ok: true } as const;

export const hostsRouter = {
  list: os.hosts.list.handler(({ context }) => listHostViews(context)),
  get: os.hosts.get.handler(({ context, input }) => getHostDetail(context, input.name)),
  timeline: os.hosts.timeline.handler(({ context, input }) => readTimeline(context, input.name)),
  quality: os.hosts.quality.handler(({ context, input }) => readQuality(context, input.name, input.sinceMs)),
  footprint: os.hosts.footprint.handler(({ context, input }) => readFootprint(context, input.name)),
  measureLatency: os.hosts.measureLatency.handler(async ({ context, input, signal }) => measureLatency(context, input.name, signal)),
  health: os.hosts.health.handler(({ context }) => listHealth(context)),
  add: os.hosts.add.handler(({ context, input }) => {
    addHost(context, input);
    return getHostView(context, input.name);
  }),
  importList: os.hosts.importList.handler(async ({ context, input }) => importHosts(context, input)),
  probe: os.hosts.probe.handler(({ context, input, signal }) => probeHosts(context, input, signal)),
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
