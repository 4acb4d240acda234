import { auditFiles, renderOffline, showOfflineHost, tableOffline } from '../services/offline-desk.ts';
import { os } from './implementer.ts';

export const offlineRouter = {
  audit: os.offline.audit.handler(({ context, input, signal }) => auditFiles(context, input, signal)),
  host: os.offline.host.handler(({ context, input }) => showOfflineHost(context, input)),
  render: os.offline.render.handler(({ context, input }) => renderOffline(context, input.id)),
  tables: os.offline.tables.handler(({ context, input }) => tableOffline(context, input.id)),
};
