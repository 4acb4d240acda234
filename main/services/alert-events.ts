import type { AgentEvent } from '../../shared/contract/agent-replies.ts';
import type { HostId } from '../../shared/model/ids.ts';
import type { WriteDb } from '../db/sql.ts';
import { raiseAlert } from './alert-raise.ts';
import type { BackendContext } from './backend-context.ts';

const MAX_TEXT_CHARS = 700;
const MAX_AGE_MS = 31 * 86_400_000;

/**
 * Somebody changed the rules, the agent's files or its units, as the host recorded it. It stays until somebody acknowledges it, though the host has put itself
 * right: that it happened is the matter. A clock that cannot be right is not believed.
 */
export function noteEvent(ctx: BackendContext, tx: WriteDb, host: HostId, { event, fields, atMs }: Pick<AgentEvent, 'event' | 'fields'> & { atMs: number }): void {
  if (event !== 'tampered') return;
  const nowMs = ctx.nowMs();
  const what = String(fields['what'] ?? 'unknown').slice(0, 64);
  const text = Object.entries(fields)
    .filter(([name, value]) => name !== 'what' && value !== null)
    .map(([name, value]) => `${name}: ${value}`)
    .join('; ');
  const seenAtMs = atMs > nowMs || atMs < nowMs - MAX_AGE_MS ? nowMs : atMs;
  raiseAlert(ctx, tx, { host, kind: 'tampered', key: what, subject: { kind: 'tampered', what, text: text.slice(0, MAX_TEXT_CHARS) }, count: 1, atMs: seenAtMs });
}
