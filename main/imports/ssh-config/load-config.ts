import { stat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { inert } from '../../../shared/text/inert.ts';
import { readTextFile } from '../read-text-file.ts';
import { findIncluded } from './find-included.ts';
import { type ConfigLine, splitLine } from './split-line.ts';

/** A line, or what an `Include` stands for; a block that does not match switches off everything in it. */
export type ConfigItem = ConfigLine | { readonly included: readonly ConfigItem[] };
export type LoadedConfig = { readonly items: readonly ConfigItem[]; readonly files: readonly string[]; readonly notes: readonly string[] };

/** As readconf.c: READCONF_MAX_DEPTH. */
const MAX_DEPTH = 16;
const MAX_FILES = 500;
const MAX_LINES = 200_000;
const SYSTEM_DIR = '/etc/ssh';

type Run = { readonly homeDir: string; readonly files: string[]; readonly notes: Set<string>; lines: number };

/**
 * A configuration with the files that it includes, each read where it is included. Relative names of an Include are below ~/.ssh, or /etc/ssh for a file of that folder, whatever
 * folder the file is in: so does ssh (ssh_config(5)). What is not there is passed over, as by ssh. Nothing is executed.
 * @throws FILE_NOT_READABLE for the file itself
 */
export async function loadConfig(path: string, homeDir: string): Promise<LoadedConfig> {
  const run: Run = { homeDir, files: [], notes: new Set(), lines: 0 };
  const items = await readItems(path, await readTextFile(path), run, 0);
  return { items, files: run.files, notes: [...run.notes] };
}

async function readItems(path: string, text: string, run: Run, depth: number): Promise<ConfigItem[]> {
  run.files.push(path);
  const items: ConfigItem[] = [];
  for (const [place, line] of text.split('\n').entries()) {
    run.lines += 1;
    if (run.lines > MAX_LINES) {
      run.notes.add(`The files have more than ${MAX_LINES} lines; the rest, from line ${place + 1} of ${inert(path)} on, was not read.`);
      break;
    }
    const read = splitLine(line, path, place + 1);
    if (read === null) continue;
    items.push(read.keyword === 'include' ? { included: await include(read, run, depth + 1) } : read);
  }
  return items;
}

async function include({ words, file, line }: ConfigLine, run: Run, depth: number): Promise<ConfigItem[]> {
  const items: ConfigItem[] = [];
  if (depth > MAX_DEPTH) {
    run.notes.add(`Includes are nested deeper than ${MAX_DEPTH} at line ${line} of ${inert(file)}; what is below was not read.`);
    return items;
  }
  for (const word of words) {
    for (const path of await findFiles({ word, file, line }, run)) {
      if (run.files.length >= MAX_FILES) {
        run.notes.add(`More than ${MAX_FILES} files are included; the others were not read.`);
        return items;
      }
      const text = await readTextFile(path).catch(() => null);
      if (text === null) run.notes.add(`${inert(path)}, included at line ${line} of ${inert(file)}, could not be read: what it says is left out.`);
      else items.push(...(await readItems(path, text, run, depth)));
    }
  }
  return items;
}

async function findFiles({ word, file, line }: { word: string; file: string; line: number }, run: Run): Promise<string[]> {
  const folder = dirname(file) === SYSTEM_DIR ? SYSTEM_DIR : join(run.homeDir, '.ssh');
  const path = word.startsWith('~/') ? join(run.homeDir, word.slice(2)) : isAbsolute(word) ? word : join(folder, word);
  if (/[[\]{}]|^~/.test(path)) {
    run.notes.add(`The Include at line ${line} of ${inert(file)} has a pattern other than * and ?, which is not followed: what it includes was not read.`);
    return [];
  }
  const found = await findIncluded(path);
  const kinds = await Promise.all(found.map((one) => stat(one).then((about) => !about.isDirectory(), () => false)));
  return found.filter((_, at) => kinds[at] === true);
}
