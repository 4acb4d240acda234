import type { FirebreakPort } from '../../shared/contract/window-port.ts';
import { createMessageQueue, type MessageQueue } from './message-queue.ts';

/** Called once for every load of the page, with the backend's end of that load's port. */
export type Connect = (port: FirebreakPort) => void;

type Connection = { id: string; outgoing: MessageQueue; receive: (message: string) => void; close: () => void };

function createConnection(id: string, connect: Connect): Connection {
  const outgoing = createMessageQueue();
  const early: string[] = [];
  let listener: ((message: string) => void) | null = null;
  const closeListeners: (() => void)[] = [];
  connect({
    postMessage: outgoing.push,
    onMessage: (next) => {
      listener = next;
      for (const message of early.splice(0)) next(message);
    },
    onClose: (tell) => closeListeners.push(tell),
  });
  return {
    id,
    outgoing,
    receive: (message) => (listener === null ? early.push(message) : listener(message)),
    close: () => {
      outgoing.end();
      for (const tell of closeListeners.splice(0)) tell();
    },
  };
}

/** The connections of one page: the newest load has the backend, and loading again ends what the load before had open. */
export type PageConnections = {
  /** One call of the page's bridge (page-bridge.js). Rejects what is not of the newest load. */
  handle(verb: unknown, id: unknown, text: unknown): Promise<string | null>;
  close(): void;
};

export function createPageConnections(connect: Connect): PageConnections {
  let current: Connection | null = null;
  return {
    handle: async (verb, id, text) => {
      if (typeof id !== 'string' || typeof text !== 'string') throw new Error('refused: malformed call');
      if (verb === 'open') {
        if (id === current?.id) throw new Error('refused: open already');
        current?.close();
        current = createConnection(id, connect);
        return null;
      }
      if (current === null || current.id !== id) throw new Error('refused: this load of the page has ended');
      if (verb === 'send') {
        current.receive(text);
        return null;
      }
      if (verb !== 'receive') throw new Error('refused: unknown verb');
      const batch = await current.outgoing.take();
      return batch === null ? null : JSON.stringify(batch);
    },
    close: () => {
      current?.close();
      current = null;
    },
  };
}
