import { exportAudit } from '../services/audit-export.ts';
import { listAudit, verifyAudit } from '../services/audit.ts';
import { os } from './implementer.ts';

export const auditRouter = {
  list: os.audit.list.handler(({ context, input }) => listAudit(context, input.limit, input.beforeSeq)),
  exportText: os.audit.exportText.handler(({ context, input, signal }) => exportAudit(context, input.format, signal)),
  verify: os.audit.verify.handler(({ context }) => verifyAudit(context)),
};
