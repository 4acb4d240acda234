import type { FirebreakPort } from '../../shared/contract/window-port.ts';

/** The backend's end of a port on which nothing that the page asks ever arrives: what the page looks like while it waits. Answers and the end of the port go through. */
export const holdCalls = (port: FirebreakPort): FirebreakPort => ({ postMessage: port.postMessage, onClose: port.onClose, onMessage: () => undefined });
