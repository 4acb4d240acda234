import { existsSync, globSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';

const sources = ['renderer/**/*', 'shared/**/*', 'build/vite.renderer.config.ts', 'package-lock.json'];

/** Whether something that goes into the page is newer than the page. */
function isStale(root: string, builtPage: string): boolean {
  if (!existsSync(builtPage)) return true;
  const builtAtMs = statSync(builtPage).mtimeMs;
  return globSync(sources, { cwd: root }).some((path) => statSync(join(root, path)).mtimeMs > builtAtMs);
}

function putInPlace(aside: string, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  try {
    renameSync(aside, folder);
  } catch (error) {
    // Somebody else's build of the same sources came in between: theirs is as good.
    if (!(error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST'))) throw error;
  }
}

/**
 * Builds the page of both windows when it is stale, and gives its folder. It is built aside and put in place by renaming, so
 * that a window that opens meanwhile sees the old page or the new one, never half of one.
 */
export async function ensureRenderer(root: string, tell: (line: string) => void): Promise<string> {
  const folder = join(root, 'out', 'renderer');
  if (!isStale(root, join(folder, 'index.html'))) return folder;
  tell('building the page');
  const aside = join(root, 'out', `renderer-${process.pid}`);
  try {
    await build({ configFile: join(root, 'build', 'vite.renderer.config.ts'), build: { outDir: aside } });
    putInPlace(aside, folder);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  return folder;
}

if (import.meta.main) await ensureRenderer(new URL('../..', import.meta.url).pathname, (line) => console.error(line));
