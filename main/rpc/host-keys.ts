import { compareKeys } from '../services/compare-keys.ts';
import { trustKeys } from '../services/host-trust.ts';
import { exportKnownHosts, forgetKeyLists, importKeyLists, readListedKeys } from '../services/listed-keys.ts';
import { os } from './implementer.ts';

export const hostKeysRouter = {
  importLists: os.hostKeys.importLists.handler(async ({ context, input }) => importKeyLists(context, input)),
  listed: os.hostKeys.listed.handler(({ context }) => readListedKeys(context)),
  forget: os.hostKeys.forget.handler(({ context, input }) => forgetKeyLists(context, input.hosts)),
  exportText: os.hostKeys.exportText.handler(({ context }) => exportKnownHosts(context)),
  compare: os.hostKeys.compare.handler(({ context, input, signal }) => compareKeys(context, input.hosts, input.pin, signal)),
  pin: os.hostKeys.pin.handler(({ context, input }) => ({ pinned: trustKeys(context, input.keys) })),
};
