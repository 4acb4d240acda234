import { readdir, stat } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { FirebreakError } from '../../../shared/errors.ts';
import { inert } from '../../../shared/text/inert.ts';
import { readTextFile } from '../read-text-file.ts';
import { createInventoryBook, INVENTORY_BOUNDS, type InventoryBook } from './inventory-book.ts';
import { readIniInventory } from './read-inventory.ts';
import { readYamlInventory } from './read-yaml-inventory.ts';

/** `folders`: where group_vars and host_vars of the sources lie, in their order. */
export type LoadedInventory = { readonly book: InventoryBook; readonly folders: readonly string[]; readonly notes: readonly string[] };

const MAX_HOSTS = 20_000;
const MAX_FILES = 1000;
const MAX_DEPTH = 6;
/** As Ansible passes over in a folder (INVENTORY_IGNORE_EXTS), whatever is in it. */
const IGNORED = /^\.|~$|\.(pyc|pyo|swp|bak|rpm|md|txt|rst|orig|ini|cfg|retry)$|^(host_vars|group_vars|vars_plugins)$/;
const YAML = new Set(['.yml', '.yaml', '.json']);

type Run = { readonly book: InventoryBook; readonly notes: string[]; files: number };

/** Inventories as Ansible reads its sources: files, and folders of them. Scripts are never run, and that is said. @throws FILE_NOT_READABLE for a path that was named */
export async function loadInventory(paths: readonly string[]): Promise<LoadedInventory> {
  const run: Run = { book: createInventoryBook({ ...INVENTORY_BOUNDS, hosts: MAX_HOSTS }), notes: [], files: 0 };
  const folders: string[] = [];
  for (const path of paths) {
    const about = await stat(path).catch((error: Error) => {
      throw new FirebreakError('FILE_NOT_READABLE', { path, detail: error.message }, { cause: error });
    });
    const folder = about.isDirectory() ? path : dirname(path);
    if (!folders.includes(folder)) folders.push(folder);
    if (about.isDirectory()) await readFolder(run, path, 0);
    else await readOne(run, path, await readTextFile(path));
  }
  return { book: run.book, folders, notes: run.notes };
}

async function readFolder(run: Run, path: string, depth: number): Promise<void> {
  const entries = (await readdir(path, { withFileTypes: true })).filter(({ name }) => !IGNORED.test(name)).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const inner = join(path, entry.name);
    run.files += 1;
    if (run.files > MAX_FILES || depth >= MAX_DEPTH) {
      run.notes.push(`${inert(path)} holds more than ${MAX_FILES} files, or folders deeper than ${MAX_DEPTH}: the rest was not read.`);
      return;
    }
    const about = await stat(inner).catch(() => null);
    if (about?.isDirectory() === true) await readFolder(run, inner, depth + 1);
    else if (about !== null) {
      const text = await readTextFile(inner).catch(() => null);
      if (text === null) run.notes.push(`${inert(inner)} could not be read, or has more than 8 MiB.`);
      else await readOne(run, inner, text);
    }
  }
}

async function readOne({ book, notes }: Run, path: string, text: string): Promise<void> {
  const end = extname(path).toLowerCase();
  if (text.startsWith('$ANSIBLE_VAULT;')) notes.push(`${inert(path)} is encrypted by Ansible Vault, and its hosts are not known.`);
  else if (text.startsWith('#!') && ((await stat(path)).mode & 0o111) !== 0) notes.push(`${inert(path)} is a script, which is not run: save what it prints by “ansible-inventory -i FILE --list --yaml” and import that.`);
  else if (end === '.toml') notes.push(`${inert(path)} is TOML, which is not read: convert it by “ansible-inventory -i FILE --list --yaml”.`);
  else if (end === '.config' || (!YAML.has(end) && /^plugin:\s/m.test(text))) notes.push(`${inert(path)} asks a plugin for hosts or groups, which is not run: what it makes is not known.`);
  else if (YAML.has(end)) readYamlInventory(book, text, path);
  else readIniInventory(book, text, path);
}
