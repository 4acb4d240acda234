import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { inert } from '../../../shared/text/inert.ts';

const MAX_FILE_BYTES = 4_194_304;
const MAX_FILES = 20_000;
/** Of one folder, all files together. */
const MAX_FOLDER_BYTES = 268_435_456;

/** Whether a folder is an inventory of Ansible: it has variables of hosts or of groups. */
export async function isAnsibleFleet(path: string): Promise<boolean> {
  const found = await Promise.all(['host_vars', 'group_vars'].map((name) => stat(join(path, name)).then((one) => one.isDirectory(), () => false)));
  return found.includes(true);
}

/** Files of a folder by name, in the order of names; links, dot files and what is not text of a bearable size are left out and said. An absent folder has none. */
export async function readFolder(path: string, unread: { path: string; reason: string }[], bounds = { files: MAX_FILES, bytes: MAX_FOLDER_BYTES }): Promise<Map<string, string>> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  const texts = new Map<string, string>();
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.')).sort((a, b) => (a.name < b.name ? -1 : 1));
  if (files.length > bounds.files) unread.push({ path, reason: `it holds ${files.length} files; only the first ${bounds.files} by name were read` });
  let bytes = 0;
  for (const [place, entry] of files.slice(0, bounds.files).entries()) {
    const text = await readText(join(path, entry.name));
    bytes += text?.length ?? 0;
    if (bytes > bounds.bytes) {
      unread.push({ path, reason: `its files hold more than ${bounds.bytes / 1_048_576} MiB; ${files.length - place} of them, from ${inert(entry.name)} on, were not read` });
      break;
    }
    if (text === null) unread.push({ path: join(path, entry.name), reason: 'it could not be read, or is larger than 4 MiB' });
    else texts.set(entry.name, text);
  }
  return texts;
}

async function readText(path: string): Promise<string | null> {
  const file = await open(path, 'r').catch(() => null);
  if (file === null) return null;
  try {
    return (await file.stat()).size > MAX_FILE_BYTES ? null : (await file.readFile()).toString('utf8');
  } finally {
    await file.close();
  }
}
