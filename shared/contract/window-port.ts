/**
 * The only thing that a window gives its page: `window.firebreakPort`, there before the page's first script runs.
 * Electron's preload makes it from a MessagePort, `main/browser` from a page binding. Messages are strings
 * (what oRPC's message-port adapter sends); objects would be slow over a page binding (LIBRARIES.md P9).
 */
export type FirebreakPort = {
  readonly postMessage: (message: string) => void;
  /** One listener for the life of the page; messages that came before it was set are delivered to it, in order. */
  readonly onMessage: (listener: (message: string) => void) => void;
  /** Called once when the backend is gone; every open call must then fail, not hang. */
  readonly onClose: (listener: () => void) => void;
};

/** What the page finds at `window.firebreakPort`: the port, and what its window can do that the backend cannot. */
export type WindowPort = FirebreakPort & {
  /** Prints a whole HTML document and gives the PDF as base64. Nothing of the document runs, and it reaches nothing. Rejects where there is nothing to print with. */
  readonly printPdf: (html: string) => Promise<string>;
};

/** More than any report of ours is refused, so that a page gone wrong cannot fill the memory of the window's process. In UTF-16 units. */
export const MAX_PRINTED_LENGTH = 64 * 1024 * 1024;

/** What oRPC's `RPCLink` and `RPCHandler` of `…/message-port` take as `port`. */
export type LinkPort = {
  readonly postMessage: (message: string) => void;
  readonly on: (event: string, listener: (event?: { data: unknown }) => void) => void;
};

/** The same port in the shape that oRPC takes: `new RPCLink({ port: toLinkPort(window.firebreakPort) })`. Call it once a port. */
export function toLinkPort(port: FirebreakPort): LinkPort {
  return {
    postMessage: port.postMessage,
    on: (event, listener) => {
      if (event === 'message') port.onMessage((data) => listener({ data }));
      else if (event === 'close') port.onClose(() => listener());
    },
  };
}
