import { checkForUpdate, setUpdateSource, showUpdateSource } from '../services/update-check.ts';
import { os } from './implementer.ts';

export const updatesRouter = {
  source: os.updates.source.handler(({ context }) => showUpdateSource(context)),
  setSource: os.updates.setSource.handler(({ context, input }) => setUpdateSource(context, input.source)),
  check: os.updates.check.handler(({ context, input, signal }) => checkForUpdate(context, { path: input.path, signal })),
};
