import type { Session, WebContents } from 'electron';
import { noNamesRule } from '../../shared/window/page-policy.ts';
import type { ElectronApi } from './electron-api.ts';
import { pageOrigin, pageScheme } from './page-protocol.ts';

/** Of all permissions, the page gets two: writing to the clipboard, for “copy” buttons, and telling the desktop of alerts, once the person switched that on in it. */
const allowedPermissions: ReadonlySet<string> = new Set(['clipboard-sanitized-write', 'notifications']);

/** Electron grants every permission unless told otherwise. Source: Electron security.md, item 5. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(allowedPermissions.has(permission)));
  session.setPermissionCheckHandler((_contents, permission) => allowedPermissions.has(permission));
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}));
}

/** Nothing but our page is requested at all, whatever the page's own policy lets through. */
export function denyNetwork(session: Session): void {
  session.webRequest.onBeforeRequest((details, answer) => {
    const ours = details.url.startsWith(`${pageOrigin}/`) || /^(?:blob:app:\/\/firebreak\/|data:|devtools:)/.test(details.url);
    answer({ cancel: !ours });
  });
}

/** Loading our page again is no wandering: a window does so when it changes to another workspace. */
function isOurPage(url: string): boolean {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  return parsed !== null && parsed.protocol === `${pageScheme}:` && parsed.host === 'firebreak' && parsed.pathname === '/' && parsed.search === '';
}

/** No navigation away from our page, no further windows, no webviews; for every web contents that ever comes into being. */
export function denyWandering(contents: WebContents): void {
  const keep = (event: { url: string; preventDefault(): void }) => {
    if (!isOurPage(event.url)) event.preventDefault();
  };
  contents.on('will-navigate', keep);
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-frame-navigate', keep);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** Before the app is ready: every renderer in the sandbox, no name asked for by the browser part, every web contents kept in its place. */
export function hardenApp({ app }: Pick<ElectronApi, 'app'>): void {
  app.enableSandbox();
  app.commandLine.appendSwitch('host-resolver-rules', noNamesRule);
  app.on('web-contents-created', (_event, contents) => denyWandering(contents));
}
