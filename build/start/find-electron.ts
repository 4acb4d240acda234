import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Electron's executable; null when only its npm package is there (its runtime is downloaded apart, and we never download it here). */
export function findElectron(root: string): string | null {
  const packageDir = join(root, 'node_modules', 'electron');
  const pathFile = join(packageDir, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const distDir = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(packageDir, 'dist');
  const path = join(distDir, readFileSync(pathFile, 'utf8').trim());
  return existsSync(path) ? path : null;
}
