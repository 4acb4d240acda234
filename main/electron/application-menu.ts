import type { MenuItemConstructorOptions } from 'electron';

/** What the Help menu can show; null where there is nothing to show. */
export type HelpActions = { readonly showLogFolder: () => void; readonly showLicences: (() => void) | null };

/**
 * Short on purpose: what macOS needs for its shortcuts (copy, paste, quit live in menus there), zoom, and help. Reload and the developer
 * tools are not for people who administer firewalls; they are there when the app is not packaged.
 */
export function menuTemplate(platform: NodeJS.Platform, packaged: boolean, help: HelpActions): MenuItemConstructorOptions[] {
  const view: MenuItemConstructorOptions[] = [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
  ];
  const development: MenuItemConstructorOptions[] = [{ type: 'separator' }, { role: 'reload' }, { role: 'toggleDevTools' }];
  return [
    ...(platform === 'darwin' ? [{ role: 'appMenu' as const }] : []),
    { role: 'fileMenu' },
    { role: 'editMenu' },
    { label: 'View', submenu: packaged ? view : [...view, ...development] },
    { role: 'windowMenu' },
    helpMenu(platform, help),
  ];
}

/** macOS has “About” in the menu of the app. */
function helpMenu(platform: NodeJS.Platform, { showLogFolder, showLicences }: HelpActions): MenuItemConstructorOptions {
  const about: MenuItemConstructorOptions[] = platform === 'darwin' ? [] : [{ type: 'separator' }, { role: 'about', label: 'About Firebreak' }];
  const licences: MenuItemConstructorOptions[] = showLicences === null ? [] : [{ label: 'Licences of Others’ Work', click: showLicences }];
  return { role: 'help', label: 'Help', submenu: [{ label: 'Show the Log Folder', click: showLogFolder }, ...licences, ...about] };
}
