/*
 * Runs in the page before its own scripts (Playwright's addInitScript): makes window.firebreakPort
 * (shared/contract/window-port.ts) from the raw binding, and takes the raw binding away.
 *
 * The binding takes (verb, connection, text): `open` begins a connection of this load, `send` gives the backend one message,
 * `receive` waits for the next messages and answers with a JSON array of strings, or null when the backend is gone. `print` gives a document as a PDF in base64,
 * `keep` takes an entry of the page's storage, which ends with the window's profile: what was kept before is put into it first (firebreakKept).
 * Strings both ways: objects over a binding are about 18 times slower (LIBRARIES.md P9).
 */
(() => {
  'use strict';
  const call = globalThis.firebreakBridge;
  const kept = globalThis.firebreakKept;
  delete globalThis.firebreakBridge;
  delete globalThis.firebreakKept;
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
    printPdf: (html) => (typeof html === 'string' ? call('print', connection, html) : Promise.reject(new TypeError('printPdf takes a string'))),
  });
  Object.defineProperty(globalThis, 'firebreakPort', { value: port, writable: false, configurable: false, enumerable: true });

  if (kept !== null) {
    // What this window chose already stays: the page may be loaded again.
    for (const [key, value] of kept.entries) if (localStorage.getItem(key) === null) localStorage.setItem(key, value);
    // There is no event for what a page stores by itself.
    const { setItem } = Storage.prototype;
    Storage.prototype.setItem = function keepAsWell(key, value) {
      setItem.call(this, key, value);
      // What cannot be kept (a full disk) still holds until the window is closed.
      if (this === localStorage && String(key).startsWith(kept.prefix)) call('keep', connection, JSON.stringify([String(key), String(value)])).catch(() => undefined);
    };
  }
  receive().then(end, end);
})();
