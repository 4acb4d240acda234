import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ModuleSink } from './record-modules.ts';

/** `page`: what the window shows; `app`: Electron's main process and backend; `cli`: the command line. */
export type Part = 'page' | 'app' | 'cli';

export type ShippedPackage = {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression, as the package itself declares it. */
  readonly licence: string;
  /** Never empty: a package without the text of its licence is not shipped. By file name. */
  readonly texts: readonly { readonly file: string; readonly text: string }[];
  readonly parts: readonly Part[];
  /** Of the package's archive, from the lock file; null for what did not come as one. */
  readonly integrity: string | null;
};

const Manifest = z.looseObject({
  name: z.string(),
  version: z.string(),
  license: z.string().optional(),
  licenses: z.array(z.looseObject({ type: z.string() })).optional(),
});
const LockEntry = z.looseObject({ version: z.string().optional(), integrity: z.string().optional(), dependencies: z.record(z.string(), z.string()).optional() });
const Lock = z.looseObject({ packages: z.record(z.string(), LockEntry) });
type Lock = z.infer<typeof Lock>;

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

/** Headers to build other native modules with: needed to install better-sqlite3, and not to run it. */
const onlyToBuild = new Set(['node-addon-api']);

/** `…/node_modules/@scope/name/lib/x.js` → `…/node_modules/@scope/name`; the innermost package, where they are nested. */
export function packageDirOf(path: string): string {
  const at = path.lastIndexOf('/node_modules/') + '/node_modules/'.length;
  const words = path.slice(at).split('/');
  return path.slice(0, at) + words.slice(0, words[0]?.startsWith('@') ? 2 : 1).join('/');
}

/** What package.json names as `dependencies`, and what these need in turn: electron-builder packs them as they are. Sorted by folder. */
export function runtimeDirs(root: string): string[] {
  const lock = Lock.parse(readJson(join(root, 'package-lock.json')));
  const found = new Set<string>();
  const add = (name: string): void => {
    const dir = `node_modules/${name}`;
    if (onlyToBuild.has(name) || found.has(dir)) return;
    found.add(dir);
    for (const needed of Object.keys(lock.packages[dir]?.dependencies ?? {})) add(needed);
  };
  for (const name of Object.keys(lock.packages['']?.dependencies ?? {})) add(name);
  return [...found].toSorted().map((dir) => join(root, dir));
}

/** Everything of others that is in the product, by name and version. @throws when a package has no licence, or no text of it */
export function listShippedPackages(root: string, sinks: Readonly<Record<Part, ModuleSink>>): ShippedPackage[] {
  const lock = Lock.parse(readJson(join(root, 'package-lock.json')));
  const parts = new Map<string, Set<Part>>();
  for (const part of ['page', 'app', 'cli'] as const) {
    for (const path of sinks[part]) {
      const dir = packageDirOf(path);
      parts.set(dir, (parts.get(dir) ?? new Set<Part>()).add(part));
    }
  }
  const packages = eachOnce([...parts].map(([dir, where]) => readPackage(root, dir, [...where], lock)));
  const sqlite = packages.filter(({ name }) => name === 'better-sqlite3').map((around) => readSqlite(root, around));
  return [...packages, ...sqlite, readElectron(root, lock), readNode(root, lock)].toSorted((a, b) => byText(`${a.name} ${a.version}`, `${b.name} ${b.version}`));
}

/** A package that npm put into two folders is one. */
function eachOnce(packages: readonly ShippedPackage[]): ShippedPackage[] {
  const known = new Map<string, ShippedPackage>();
  for (const one of packages) {
    const key = `${one.name}@${one.version}`;
    known.set(key, { ...one, parts: [...new Set([...(known.get(key)?.parts ?? []), ...one.parts])].toSorted() });
  }
  return [...known.values()];
}

/** By code units, so that the order is the same on every machine. */
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function readPackage(root: string, dir: string, parts: readonly Part[], lock: Lock): ShippedPackage {
  const manifest = Manifest.parse(readJson(join(dir, 'package.json')));
  const licence = manifest.license ?? manifest.licenses?.map(({ type }) => type).join(' OR ');
  if (licence === undefined) throw new Error(`${manifest.name} names no licence in its package.json: find out what it may be used for, or do without it`);
  const entry = lock.packages[dir.slice(root.length).replace(/^\/+/, '')];
  return { name: manifest.name, version: manifest.version, licence, texts: readTexts(dir, manifest.name), parts, integrity: entry?.integrity ?? null };
}

/** Licences, notices, and those that lie beside bundles of other people's code. @throws when there is none */
function readTexts(dir: string, name: string): ShippedPackage['texts'] {
  const files = globSync(['{LICEN[CS]E,licen[cs]e,COPYING,NOTICE,ThirdPartyNotices}*', 'lib/*.LICENSE'], { cwd: dir }).filter((file) => !/\.(?:c?js|ts)$/.test(file));
  if (!files.some((file) => /licen[cs]e|copying/i.test(file))) {
    throw new Error(`${name} comes without the text of its licence (looked for LICENSE, LICENCE and COPYING in ${dir}): it cannot be given away`);
  }
  return files.toSorted(byText).map((file) => ({ file, text: readFileSync(join(dir, file), 'utf8').replaceAll('\r\n', '\n').trim() }));
}

/** Inside better-sqlite3's binary: scanners look for it by its own name. Its licence is the head of its source. */
function readSqlite(root: string, around: ShippedPackage): ShippedPackage {
  const header = readFileSync(join(root, 'node_modules', 'better-sqlite3', 'deps', 'sqlite3', 'sqlite3.h'), 'utf8');
  const version = /#define SQLITE_VERSION\s+"([\d.]+)"/.exec(header)?.[1];
  const blessing = /The author disclaims copyright[\s\S]*?\*{5,}/.exec(header)?.[0].replaceAll(/^\*\*? ?|\*{5,}$/gm, '').trim();
  if (version === undefined || blessing === undefined) throw new Error('better-sqlite3/deps/sqlite3/sqlite3.h does not say its version and licence where they were; look at it and mend readSqlite');
  return { name: 'sqlite', version, licence: 'blessing', texts: [{ file: 'sqlite3.h', text: blessing }], parts: around.parts, integrity: null };
}

/** Chromium's own licences are a file of Electron's runtime (LICENSES.chromium.html) that lies beside the program. */
const readElectron = (root: string, lock: Lock): ShippedPackage => ({ ...readPackage(root, join(root, 'node_modules', 'electron'), ['app'], lock), parts: ['app'] });

/** The Node of the command line, with the licences of what is built into it. */
function readNode(root: string, lock: Lock): ShippedPackage {
  const version = lock.packages['node_modules/node']?.version ?? '';
  const [file] = globSync('node_modules/node/node_modules/node*-*/LICENSE', { cwd: root });
  if (file === undefined || !existsSync(join(root, file))) throw new Error('the licence of the pinned Node is missing (node_modules/node/node_modules); run: rm -r node_modules && npm run check');
  return { name: 'node', version, licence: 'MIT', texts: [{ file: 'LICENSE', text: readFileSync(join(root, file), 'utf8').trim() }], parts: ['cli'], integrity: null };
}
