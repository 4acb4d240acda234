import { showVersion } from '../services/version-detail.ts';
import { diffVersions, listVersions, restoreVersion } from '../services/versions.ts';
import { os } from './implementer.ts';

export const versionsRouter = {
  list: os.versions.list.handler(({ context }) => listVersions(context)),
  diff: os.versions.diff.handler(({ context, input }) => diffVersions(context, input.a, input.b)),
  show: os.versions.show.handler(({ context, input }) => showVersion(context, input.id)),
  restore: os.versions.restore.handler(({ context, input }) => {
    restoreVersion(context, input.id);
    return { ok: true } as const;
  }),
};
