/*
 * Runs in the page before its own scripts (Playwright's addInitScript): makes window.firebreakPort
 * (shared/contract/window-port.ts) from the raw binding, and takes the raw binding away.
 *
 * The binding takes (verb, connection, text): `open` begins a connection of this load, `send` gives the backend one message,
 * `receive` waits for the next messages and answers with a JSON array of strings, or null when the backend is gone.
 * Strings both ways: objects over a binding are about 18 times slower (LIBRARIES.md P9).
 */
(() => {
  'use strict';
  const call = globalThis.firebreakBridge;
  delete globalThis.firebreakBridge;
  // Blank pages and frames get nothing; the backend would refuse them as well.
  if (typeof call !== 'function' || globalThis.top !== globalThis || !globalThis.isSecureContext) return;

  const connection = crypto.randomUUID();
  const early = [];
  let listener = null;
  let closed = false;
  const closeListeners = [];

  const deliver = (message) => {
    if (listener === null) early.push(message);
    else listener(message);
  };
  const end = () => {
    if (closed) return;
    closed = true;
    for (const tell of closeListeners.splice(0)) tell();
  };
  const receive = async () => {
    await call('open', connection, '');
    for (;;) {
      const batch = await call('receive', connection, '');
      if (batch === null) return;
      for (const message of JSON.parse(batch)) deliver(message);
    }
  };

  const port = Object.freeze({
    postMessage: (message) => {
      if (typeof message !== 'string') throw new TypeError('firebreakPort takes strings');
      call('send', connection, message).catch(end);
    },
    onMessage: (next) => {
      listener = next;
      for (const message of early.splice(0)) next(message);
    },
    onClose: (tell) => {
      if (closed) tell();
      else closeListeners.push(tell);
    },
  });
  Object.defineProperty(globalThis, 'firebreakPort', { value: port, writable: false, configurable: false, enumerable: true });
  receive().then(end, end);
})();
