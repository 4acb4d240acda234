import { build, type Plugin } from 'vite';
import { electronBuild } from '../vite.electron.config.ts';

/** Bundles main process, preload and backend to out/main/*.cjs, or to `outDir`. About a second; done on every Electron start from the clone. */
export async function buildElectron(tell: (line: string) => void, outDir?: string, plugins: Plugin[] = []): Promise<void> {
  tell('bundling the main process');
  for (const entry of ['index', 'preload', 'backend-process'] as const) await build(electronBuild(entry, outDir, plugins));
}

if (import.meta.main) await buildElectron((line) => console.error(line));
