import { openWindow } from '../../main/browser/open-window.ts';
import { servePort } from '../../main/rpc/port.ts';
import { createClient } from '../../main/rpc/client.ts';
import type { Backend } from '../../main/services/backend.ts';

/** Opens the console in Chromium over this backend, and resolves when the person has closed it. The backend stays open. */
export async function runBrowserConsole(backend: Backend, rendererDir: string, tell: (line: string) => void): Promise<void> {
  const window = await openWindow({
    rendererDir,
    connect: (port) => servePort(backend, port),
    size: { width: 1440, height: 900 },
    headless: false,
    tell,
  });
  // What hosts did in pushes that a former console did not see the end of; the window shows it as it comes in.
  createClient(backend)
    .pushes.reconcile({})
    .catch((cause: unknown) => tell(`could not ask after interrupted pushes: ${cause instanceof Error ? cause.message : String(cause)}`));
  const stop = () => void window.close();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  await window.closed;
}
