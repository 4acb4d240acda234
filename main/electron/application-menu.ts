import type { MenuItemConstructorOptions } from 'electron';

/**
 * Short on purpose: what macOS needs for its shortcuts (copy, paste, quit live in menus there), and zoom. Reload and the developer
 * tools are not for people who administer firewalls; they are there when the app is not packaged.
 */
export function menuTemplate(platform: NodeJS.Platform, packaged: boolean): MenuItemConstructorOptions[] {
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
  ];
}
