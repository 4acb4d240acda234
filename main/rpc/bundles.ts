import { carryPolicy, previewExport } from '../services/bundle-carry.ts';
import { importBundles } from '../services/bundle-import.ts';
import { forgetKit, makeKit } from '../services/bundle-kit.ts';
import { listBundles, listKitViews, removeBundle } from '../services/bundle-list.ts';
import { takeReceipts } from '../services/bundle-receipt.ts';
import { listSites } from '../services/bundle-sites.ts';
import { os } from './implementer.ts';

export const bundlesRouter = {
  makeKit: os.bundles.makeKit.handler(({ context, input }) => makeKit(context, input.folder)),
  kits: os.bundles.kits.handler(({ context }) => listKitViews(context)),
  forgetKit: os.bundles.forgetKit.handler(({ context, input }) => {
    forgetKit(context, input.id);
    return { ok: true } as const;
  }),
  import: os.bundles.import.handler(({ context, input, signal }) => importBundles(context, input, signal)),
  list: os.bundles.list.handler(({ context }) => listBundles(context)),
  remove: os.bundles.remove.handler(({ context, input }) => {
    removeBundle(context, input.id);
    return { ok: true } as const;
  }),
  sites: os.bundles.sites.handler(({ context }) => listSites(context)),
  previewExport: os.bundles.previewExport.handler(({ context, input }) => previewExport(context, input.hosts)),
  exportPolicy: os.bundles.exportPolicy.handler(({ context, input }) => carryPolicy(context, input)),
  receipts: os.bundles.receipts.handler(async ({ context, input }) => ({ receipts: await takeReceipts(context, input) })),
};
