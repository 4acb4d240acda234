import { readdirSync, readFileSync } from 'node:fs';
import { FirebreakError } from '../../shared/errors.ts';
import type { Template } from '../../shared/policy/template.ts';
import { parseTemplate } from '../../shared/policy/template-yaml.ts';
import { once } from './once.ts';

/** As far above this file as above the bundled backend (out/main): electron-builder.yml packs the folder at the same place. */
const TEMPLATES_DIR = new URL('../../shared/policy/templates/', import.meta.url);

/** The templates that come with Firebreak, by name; read once. @throws FILE_NOT_READABLE */
export const readTemplates: () => readonly Template[] = once(() => readTemplateFolder(TEMPLATES_DIR));

/** Every *.yaml of the folder, by name. @throws FILE_NOT_READABLE, with line and column where a file is wrong */
export function readTemplateFolder(folder: URL): Template[] {
  const names = orUnreadable(folder, () => readdirSync(folder));
  return names
    .filter((name) => name.endsWith('.yaml'))
    .toSorted()
    .map((name) => readTemplateFile(new URL(name, folder), name));
}

function readTemplateFile(file: URL, fileName: string): Template {
  const template = parseTemplate(orUnreadable(file, () => readFileSync(file, 'utf8')));
  if (!template.ok) throw unreadable(file, template.issues.map(({ line, column, message }) => `line ${line}, column ${column}: ${message}`).join('; '));
  if (fileName !== `${template.value.name}.yaml`) throw unreadable(file, `its name is ${template.value.name}; a template lies in a file of its name`);
  return template.value;
}

const unreadable = (place: URL, detail: string, cause?: unknown) => new FirebreakError('FILE_NOT_READABLE', { path: place.pathname, detail }, { cause });

function orUnreadable<T>(place: URL, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw unreadable(place, error instanceof Error ? error.message : 'unknown', error);
  }
}
