import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findDebianMirror } from './debian-mirror.ts';
import { takeLock } from './lock.ts';
import { ensureMachine } from './machine.ts';
import { labSourceDir, labStateDir, treesDir } from './paths.ts';

const recipeDir = join(labSourceDir, 'tree');

/**
 * Returns the path of the root tree that all hosts share, building it first if this recipe has not been built yet
 * (about 40 s and 600 MB). A build that is killed leaves only a `.building` folder, which the next one removes.
 */
export async function ensureTree(log: (line: string) => void): Promise<string> {
  await ensureMachine(log);
  const treePath = join(treesDir, recipeHash());
  if (existsSync(treePath)) return treePath;
  mkdirSync(treesDir, { recursive: true });
  const unlock = await takeLock('tree');
  try {
    if (!existsSync(treePath)) await buildTree(treePath, log);
  } finally {
    unlock();
  }
  return treePath;
}

async function buildTree(treePath: string, log: (line: string) => void): Promise<void> {
  const buildingPath = `${treePath}.building`;
  rmSync(buildingPath, { recursive: true, force: true });
  log(`building the hosts' root tree in ${treesDir}; this is done once`);
  const mirror = findDebianMirror();
  const script = [join(recipeDir, 'build-tree.sh'), buildingPath, recipeDir, join(labStateDir, 'debs')];
  const args = ['--mount', '--pid', '--fork', '--kill-child', 'sh', ...script, mirror.main, mirror.security, mirror.keyringPath];
  const child = spawn('unshare', args, { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...mirror.env } });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) throw new Error(`the root tree could not be built (status ${code}); its log is beside ${buildingPath}`);
  renameSync(buildingPath, treePath);
}

/** Names the tree by all that goes into it, so that a changed recipe is built anew and an old one is never mistaken for it. */
function recipeHash(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(recipeDir).toSorted()) {
    hash.update(`${name}\0`).update(readFileSync(join(recipeDir, name)));
  }
  return `bookworm-${hash.digest('hex').slice(0, 12)}`;
}
