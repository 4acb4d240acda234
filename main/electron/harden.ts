import type { Session, WebContents } from 'electron';
import type { ElectronApi } from './electron-api.ts';
import { pageOrigin } from './page-protocol.ts';

/** Of all permissions, the page gets one: writing to the clipboard, for “copy” buttons. */
const allowedPermissions: ReadonlySet<string> = new Set(['clipboard-sanitized-write']);

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

/** No navigation, no further windows, no webviews; for every web contents that ever comes into being. */
export function denyWandering(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** Before the app is ready: every renderer in the sandbox, every web contents kept in its place. */
export function hardenApp({ app }: Pick<ElectronApi, 'app'>): void {
  app.enableSandbox();
  app.on('web-contents-created', (_event, contents) => denyWandering(contents));
}
