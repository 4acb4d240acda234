import { openWindow } from '../../main/browser/open-window.ts';
import { serveDesk } from '../../main/rpc/port.ts';
import { createClient } from '../../main/rpc/client.ts';
import type { WorkspaceDesk } from '../../main/services/workspace-desk.ts';

/** Opens the console in Chromium over this desk, and resolves when the person has closed it. The desk stays open. */
export async function runBrowserConsole(desk: WorkspaceDesk, rendererDir: string, tell: (line: string) => void): Promise<void> {
  const window = await openWindow({
    rendererDir,
    connect: (port) => serveDesk(desk, port),
    size: { width: 1440, height: 900 },
    headless: false,
    configDir: desk.backend.configDir,
    tell,
  });
  // What hosts did in pushes that a former console did not see the end of; the window shows it as it comes in.
  createClient(desk.backend)
    .pushes.reconcile({})
    .catch((cause: unknown) => tell(`could not ask after interrupted pushes: ${cause instanceof Error ? cause.message : String(cause)}`));
  const stop = () => void window.close();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  await window.closed;
}
