import type { MessagePortMain } from 'electron';
import type { FirebreakPort } from '../../shared/contract/window-port.ts';

/** A port of Electron's main or utility process in the shape that the router is served over. It begins to deliver when a listener is set. */
export function toFirebreakPort(port: MessagePortMain): FirebreakPort {
  return {
    postMessage: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.on('message', (event) => {
        const data: unknown = event.data;
        if (typeof data === 'string') listener(data);
      });
      port.start();
    },
    onClose: (listener) => port.once('close', listener),
  };
}
