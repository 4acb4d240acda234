import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getRawHeader } from '@electron/asar';
import { build, mergeConfig } from 'vite';
import { expect } from 'vitest';
import { z } from 'zod';
import { packageDirOf } from '../../build/dist/shipped-packages.ts';
import { electronBuild } from '../../build/vite.electron.config.ts';

type Entry = { readonly files?: Readonly<Record<string, Entry>>; readonly unpacked?: boolean; readonly size?: number };

/** Every file of an archive, by its path; those that lie beside it are marked. Sorted. */
export function listArchive(archivePath: string): string[] {
  const walk = (entry: Entry, path: string): string[] =>
    entry.files === undefined
      ? [`${path.slice(1)}${entry.unpacked === true ? ' (unpacked)' : ''}`]
      : Object.entries(entry.files).flatMap(([name, below]) => walk(below, `${path}/${name}`));
  return walk(getRawHeader(archivePath).header as Entry, '').toSorted();
}

/** Every file of a folder, by its path; programs are marked with a star. Sorted. */
export function listFolder(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => `${path.slice(dir.length + 1)}${(statSync(path).mode & 0o111) === 0 ? '' : '*'}`)
    .toSorted();
}

/** What changes with each edit (a hash in a name) and with the machine (its CPU) is no part of the list. */
const settled = (line: string): string => line.replace(/-[\w-]{8}(\.(?:js|css|woff2?))/, '-HASH$1').replaceAll(`linux-${process.arch}`, 'linux-ARCH');

/** Holds a list against expected/NAME.txt; where they differ, what was found is written beside it as NAME.txt.actual. */
export function expectList(name: string, found: readonly string[]): void {
  const file = new URL(`./expected/${name}.txt`, import.meta.url);
  const text = `${found.map(settled).toSorted().join('\n')}\n`;
  const expected = readFileSync(file, { encoding: 'utf8', flag: 'a+' });
  if (text !== expected) writeFileSync(`${file.pathname}.actual`, text);
  expect(text).toBe(expected);
}

export const hashesOf = (dir: string): Readonly<Record<string, string>> =>
  Object.fromEntries(listFolder(dir).map((name) => [name, createHash('sha256').update(readFileSync(join(dir, name.replace(/\*$/, '')))).digest('hex')]));

const SourceMap = z.looseObject({ sources: z.array(z.string()) });

/** The packages that a part's bundles have code of, by name, as their source maps say it. Builds the part once more, into `outDir`. */
export async function packagesOfBundle(root: string, part: 'page' | 'app', outDir: string): Promise<string[]> {
  const mapped = { build: { outDir, sourcemap: true } };
  if (part === 'page') await build({ configFile: join(root, 'build/vite.renderer.config.ts'), ...mapped });
  else for (const entry of ['index', 'preload', 'backend-process'] as const) await build(mergeConfig(electronBuild(entry, outDir), mapped));
  const maps = listFolder(outDir).filter((name) => name.endsWith('.map'));
  const sources = maps.flatMap((name) => SourceMap.parse(JSON.parse(readFileSync(join(outDir, name), 'utf8'))).sources);
  const dirs = new Set(sources.filter((source) => source.includes('/node_modules/')).map(packageDirOf));
  return [...new Set([...dirs].map((dir) => dir.slice(dir.lastIndexOf('/node_modules/') + '/node_modules/'.length)))].toSorted();
}
