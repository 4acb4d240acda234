import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext, Route } from 'playwright-core';
import { pageFile, pageHeaders, withNonce } from '../../shared/window/page-policy.ts';

/** A name that no resolver answers (RFC 6761, section 6.4): what is not intercepted goes nowhere. */
export const pageOrigin = 'https://firebreak.invalid';

async function answer(route: Route, rendererDir: string): Promise<void> {
  const url = new URL(route.request().url());
  const file = url.origin === pageOrigin && route.request().method() === 'GET' ? pageFile(url.pathname) : null;
  // `aborted` leaves the page as it is; any other error would put an error page in its place.
  if (file === null) return route.abort('aborted');
  const body = await readFile(join(rendererDir, file)).catch(() => null);
  if (body === null) return route.fulfill({ status: 404, contentType: 'text/plain', body: 'not found' });
  const nonce = randomBytes(16).toString('base64');
  const headers = pageHeaders(file, nonce);
  return route.fulfill({ status: 200, headers, body: file === 'index.html' ? withNonce(body.toString('utf8'), nonce) : body });
}

/** Answers every request of the context: our own files from `rendererDir`, and nothing else. No port is opened. */
export async function servePage(context: BrowserContext, rendererDir: string): Promise<void> {
  await context.route('**/*', (route) => answer(route, rendererDir));
  await context.routeWebSocket('**/*', (socket) => socket.close());
}
