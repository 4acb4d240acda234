import { RPCHandler } from '@orpc/server/message-port';
import { z } from 'zod';
import { type FirebreakPort, toLinkPort } from '../../shared/contract/window-port.ts';
import type { BackendContext } from '../services/backend-context.ts';
import type { WorkspaceDesk } from '../services/workspace-desk.ts';
import { router } from './router.ts';

/** Longest message that is taken from a window (an import of a large policy fits; a runaway page does not). */
const MAX_MESSAGE_CHARS = 64 * 1024 * 1024;
const ABORT_SIGNAL = 4;

/**
 * What a window may send: a call, or the end of one (oRPC's peer protocol, @orpc/standard-server-peer). Checked before oRPC sees it, because
 * its handler would reject a promise that nobody holds on a malformed message, which ends a Node process. No headers: those announce binary bodies and client streams.
 */
const PeerMessage = z.union([
  z.object({ i: z.union([z.string().max(64), z.number()]), t: z.literal(ABORT_SIGNAL), p: z.unknown() }),
  z.object({
    i: z.union([z.string().max(64), z.number()]),
    t: z.literal(1).optional(),
    p: z.object({ u: z.string().max(2000).startsWith('/'), m: z.string().max(16).optional(), h: z.strictObject({}).optional(), b: z.unknown() }),
  }),
]);

/** Serves the whole router over the port until it closes; then every call and stream under way is aborted. Messages that do not fit are dropped. */
export function servePort(ctx: BackendContext, port: FirebreakPort): void {
  const checked: FirebreakPort = {
    postMessage: port.postMessage,
    onClose: port.onClose,
    onMessage: (listener) => {
      port.onMessage((text) => {
        if (isPeerMessage(text)) listener(text);
      });
    },
  };
  new RPCHandler(router).upgrade(toLinkPort(checked), { context: ctx });
}

/** Serves the workspace that the desk has open when the page loads; it stays open for this load when the desk goes on to another. */
export function serveDesk(desk: WorkspaceDesk, port: FirebreakPort): void {
  const { backend, leave } = desk.visit();
  port.onClose(leave);
  servePort(backend, port);
}

function isPeerMessage(text: unknown): text is string {
  if (typeof text !== 'string' || text.length > MAX_MESSAGE_CHARS) return false;
  try {
    return PeerMessage.safeParse(JSON.parse(text)).success;
  } catch {
    // Not JSON: the same answer as for JSON of another shape.
    return false;
  }
}
