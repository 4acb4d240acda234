import { diffVersions, listVersions, restoreVersion } from '../services/versions.ts';
import { os } from './implementer.ts';

export const versionsRouter = {
  list: os.versions.list.handler(({ context }) => listVersions(context)),
  diff: os.versions.diff.handler(({ context, input }) => diffVersions(context, input.a, input.b)),
  restore: os.versions.restore.handler(({ context, input }) => {
    restoreVersion(context, input.id);
    return { ok: true } as const;
  }),
};
