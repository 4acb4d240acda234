import type { AuditEvent } from '../../shared/contract/views.ts';
import * as store from '../db/audit-store.ts';
import type { BackendContext } from './backend-context.ts';

/** Newest first. */
export const listAudit = (ctx: BackendContext, limit: number, beforeSeq: number | null): AuditEvent[] => store.listAudit(ctx.workspace.read, limit, beforeSeq);

/** Recomputes the whole chain; reads only. */
export const verifyAudit = (ctx: BackendContext): { entries: number; brokenAt: number | null } => store.verifyAudit(ctx.workspace.read);
