import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pageFile, pageHeaders, withNonce } from '../../shared/window/page-policy.ts';
import type { ElectronApi } from './electron-api.ts';

export const pageScheme = 'app';
export const pageOrigin = 'app://firebreak';

/** Has to run before the app is ready. A scheme of our own instead of file:, whose pages may read every file. Source: Electron security.md, item 18. */
export function registerPageScheme({ protocol }: Pick<ElectronApi, 'protocol'>): void {
  protocol.registerSchemesAsPrivileged([{ scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }]);
}

const refuse = (status: number) => new Response(null, { status });

/** One request of the page → one file below `rendererDir`, with the page's policy. Reads nothing outside of it. */
export async function answerPageRequest(request: Pick<Request, 'url' | 'method'>, rendererDir: string): Promise<Response> {
  const url = new URL(request.url);
  // `URL.origin` is "null" for schemes of our own outside of Electron: compare the parts.
  if (url.protocol !== `${pageScheme}:` || url.host !== 'firebreak' || request.method !== 'GET') return refuse(403);
  const file = pageFile(url.pathname);
  if (file === null) return refuse(403);
  const body = await readFile(join(rendererDir, file)).catch(() => null);
  if (body === null) return refuse(404);
  const nonce = randomBytes(16).toString('base64');
  return new Response(file === 'index.html' ? withNonce(body.toString('utf8'), nonce) : new Uint8Array(body), { headers: pageHeaders(file, nonce) });
}

/** Once the app is ready: answers app://firebreak/… in the default session. */
export function servePage({ protocol }: Pick<ElectronApi, 'protocol'>, rendererDir: string): void {
  protocol.handle(pageScheme, (request) => answerPageRequest(request, rendererDir));
}
