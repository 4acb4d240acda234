import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { AfterPackContext } from 'electron-builder';
import { setFuses } from './fuses.ts';

/** Where the program and its resources are, which each system has its own way of. */
function placesOf({ appOutDir, electronPlatformName, packager }: AfterPackContext): { program: string; resources: string } {
  const { productFilename } = packager.appInfo;
  if (electronPlatformName === 'darwin') {
    const contents = join(appOutDir, `${productFilename}.app`, 'Contents');
    return { program: join(contents, 'MacOS', productFilename), resources: join(contents, 'Resources') };
  }
  const name = electronPlatformName === 'win32' ? `${productFilename}.exe` : (packager.config.linux?.executableName ?? productFilename);
  return { program: join(appOutDir, name), resources: join(appOutDir, 'resources') };
}

/** electron-builder calls it when everything is in place and nothing is signed yet. */
export default async function afterPack(context: AfterPackContext): Promise<void> {
  const { program, resources } = placesOf(context);
  // Electron's own welcome page; left there where the runtime comes from a folder (LIBRARIES.md P14).
  rmSync(join(resources, 'default_app.asar'), { force: true });
  await setFuses(program);
}
