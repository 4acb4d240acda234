import { randomBytes } from 'node:crypto';
import { lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FirebreakError } from '../../shared/errors.ts';

/** A file to be written below a folder; `path` is relative, with slashes, and of a closed set of names. `mode`: to be read by its owner alone, or to be run. */
export type CarriedFile = { readonly path: string; readonly text: string; readonly mode: 'file' | 'secret' | 'program' };

const MODES = { file: 0o644, secret: 0o600, program: 0o755 } as const;
const ORDERS = 'policy';
/** Hidden from `policy/*`, by which a host looks for its order. */
const STAGE = /^\.part-[0-9a-f]{12}$/;

const cannotWrite = (path: string) => (error: Error): never => {
  throw new FirebreakError('FILE_NOT_WRITABLE', { path, detail: error.message });
};

/**
 * Writes files below a folder, which is made where it is missing; what is there under the same name is replaced by one rename. A stick comes back from strangers: below the folder no
 * link is followed. @throws FILE_NOT_WRITABLE
 */
export async function writeCarriedFiles(folder: string, files: readonly CarriedFile[]): Promise<void> {
  await mkdir(folder, { recursive: true }).catch(cannotWrite(folder));
  for (const { path, text, mode } of files) {
    const target = join(folder, path);
    const parents = path.split('/').slice(0, -1);
    for (const depth of parents.keys()) await ensureOwnFolder(join(folder, ...parents.slice(0, depth + 1)));
    await writeWhole(target, text, MODES[mode]).catch(cannotWrite(target));
  }
}

async function ensureOwnFolder(path: string): Promise<void> {
  const made = await mkdir(path).catch((error: NodeJS.ErrnoException) => (error.code === 'EEXIST' ? lstat(path) : Promise.reject(error))).catch(cannotWrite(path));
  if (made !== undefined && !made.isDirectory()) throw new FirebreakError('FILE_NOT_WRITABLE', { path, detail: 'it is no folder, and a link is not followed' });
}

/** On the disk before it has its name: sticks are pulled out. */
async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  const partPath = `${path}.part`;
  await rm(partPath, { force: true });
  const file = await open(partPath, 'wx', mode);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(partPath, path);
}

/** Orders for hosts that are written aside. `put` gives a host its folder `policy/NAME` by a rename, so that a stick has the old order whole, the new one whole, or, for a moment, none. */
export type OrderStage = { write(files: readonly CarriedFile[]): Promise<void>; put(host: string): Promise<void>; /** Always to be called. */ drop(): Promise<void> };

/** Made before anything is decided, so that a stick that cannot be written costs no version. What an interrupted export left is taken away. @throws FILE_NOT_WRITABLE */
export async function stageOrders(folder: string): Promise<OrderStage> {
  await mkdir(folder, { recursive: true }).catch(cannotWrite(folder));
  const orders = join(folder, ORDERS);
  await ensureOwnFolder(orders);
  for (const name of await readdir(orders).catch(cannotWrite(orders))) if (STAGE.test(name)) await rm(join(orders, name), { recursive: true, force: true }).catch(cannotWrite(orders));
  const stageName = `.part-${randomBytes(6).toString('hex')}`;
  const stage = join(orders, stageName);
  await mkdir(stage).catch(cannotWrite(stage));
  return {
    write: (files) => writeCarriedFiles(stage, files.map((file) => ({ ...file, path: file.path.slice(ORDERS.length + 1) }))),
    put: (host) => swap(stage, join(orders, host), host),
    drop: () => rm(stage, { recursive: true, force: true }).catch(cannotWrite(stage)),
  };
}

async function swap(stage: string, target: string, host: string): Promise<void> {
  const former = await lstat(target).catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? null : cannotWrite(target)(error)));
  if (former !== null && !former.isDirectory()) throw new FirebreakError('FILE_NOT_WRITABLE', { path: target, detail: 'it is no folder, and a link is not followed' });
  if (former !== null) await rename(target, join(stage, `${host}.former`)).catch(cannotWrite(target));
  await rename(join(stage, host), target).catch(cannotWrite(target));
}

/** A new key over an old one would make bundles of neither. @throws INPUT_INVALID for a folder that holds something · FILE_NOT_WRITABLE */
export async function assertEmptyFolder(path: string): Promise<void> {
  const names = await readdir(path).catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? [] : cannotWrite(path)(error)));
  if (names.length > 0) throw new FirebreakError('INPUT_INVALID', { issues: [{ path: 'folder', message: `${path} is not empty; give a folder that is new or empty` }] });
}
