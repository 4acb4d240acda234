import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type DebianMirror, findDebianMirror } from './debian-mirror.ts';
import { takeLock } from './lock.ts';
import { ensureMachine } from './machine.ts';
import { labSourceDir, labStateDir, treesDir } from './paths.ts';

const recipeDir = join(labSourceDir, 'tree');
const debsDir = join(labStateDir, 'debs');

/** Debian 11, 12, 13, and what becomes 14. */
export const RELEASES = ['bullseye', 'bookworm', 'trixie', 'forky'] as const;
export type Release = (typeof RELEASES)[number];

/** The shop's servers are in the first one only. */
const PACKAGE_LISTS: Readonly<Record<Release, readonly string[]>> = {
  bullseye: ['packages.txt'],
  bookworm: ['packages.txt', 'shop-packages.txt'],
  trixie: ['packages.txt'],
  forky: ['packages.txt'],
};

/**
 * Returns the path of the root tree that all hosts of a release share, building it first if this recipe has not been built yet
 * (about 40 s and 600 MB). A build that is killed leaves only a `.building` folder, which the next one removes.
 */
export async function ensureTree(log: (line: string) => void, release: Release = 'bookworm'): Promise<string> {
  await ensureMachine(log);
  const lists = PACKAGE_LISTS[release];
  const treePath = join(treesDir, `${release}-${hashOf(['build-tree.sh', 'configure-tree.sh', ...lists])}`);
  await ensureBuilt(treePath, log, (buildingPath, mirror) => [
    ...[join(recipeDir, 'build-tree.sh'), buildingPath, recipeDir, debsDir],
    ...[mirror.main, mirror.security, mirror.keyringPath, release, ...lists],
  ]);
  return treePath;
}

/**
 * Returns the path of what these Debian packages add to a tree, to be laid over it; built once (5 to 30 s). The packages' units are
 * as the packages leave them: most of them start at boot.
 */
export async function ensureLayer(log: (line: string) => void, treePath: string, packages: readonly string[]): Promise<string> {
  const layerPath = `${treePath}+${[...packages].toSorted().join('+')}-${hashOf(['build-layer.sh'])}`;
  await ensureBuilt(layerPath, log, (buildingPath) => [join(recipeDir, 'build-layer.sh'), buildingPath, treePath, debsDir, ...packages]);
  return layerPath;
}

type MakeArgs = (buildingPath: string, mirror: DebianMirror) => readonly string[];

async function ensureBuilt(path: string, log: (line: string) => void, makeArgs: MakeArgs): Promise<void> {
  if (existsSync(path)) return;
  mkdirSync(treesDir, { recursive: true });
  const unlock = await takeLock('tree');
  try {
    if (!existsSync(path)) await build(path, log, makeArgs);
  } finally {
    unlock();
  }
}

async function build(path: string, log: (line: string) => void, makeArgs: MakeArgs): Promise<void> {
  const buildingPath = `${path}.building`;
  rmSync(buildingPath, { recursive: true, force: true });
  log(`building ${path}; this is done once`);
  const mirror = findDebianMirror();
  const child = spawn('unshare', ['--mount', '--pid', '--fork', '--kill-child', 'sh', ...makeArgs(buildingPath, mirror)], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...mirror.env },
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) throw new Error(`${path} could not be built (status ${code}); its log is beside ${buildingPath}`);
  renameSync(buildingPath, path);
}

/** Names what is built by all that goes into it, so that a changed recipe is built anew and an old one is never mistaken for it. */
function hashOf(recipeFiles: readonly string[]): string {
  const hash = createHash('sha256');
  for (const name of recipeFiles) hash.update(`${name}\0`).update(readFileSync(join(recipeDir, name)));
  return hash.digest('hex').slice(0, 12);
}
