import { listAudit, verifyAudit } from '../services/audit.ts';
import { os } from './implementer.ts';

export const auditRouter = {
  list: os.audit.list.handler(({ context, input }) => listAudit(context, input.limit, input.beforeSeq)),
  verify: os.audit.verify.handler(({ context }) => verifyAudit(context)),
};
