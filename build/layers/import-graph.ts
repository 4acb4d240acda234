import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix, relative } from 'node:path';
import { parseSync } from 'vite';

/** One import of a file: what it says, and the repository path it means (null: a package or a Node module). */
export type Import = { readonly specifier: string; readonly path: string | null; readonly line: number };
/** Repository path → its imports, in source order. */
export type ImportGraph = ReadonlyMap<string, readonly Import[]>;

const source = /\.(ts|tsx|mts|cts|js|mjs|cjs)$/;
const skipped = new Set(['node_modules', 'out', 'release', 'test-results', 'playwright-report']);

/** Source files below `dir`, as paths relative to `root` with `/`, sorted. Folders that begin with a dot are left out. */
function listSources(root: string, dir: string): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith('.') && !skipped.has(entry.name))
    .flatMap((entry) => {
      const path = join(dir, entry.name);
      if (entry.isDirectory()) return listSources(root, path);
      return source.test(entry.name) ? [relative(root, path).replaceAll('\\', '/')] : [];
    })
    .sort();
}

/** Every module specifier of a text with its offset: static, re-exported, dynamic, `import('x').T` in a type, and `new URL('./x', import.meta.url)`. */
function specifiersOf(path: string, text: string): { specifier: string; offset: number }[] {
  const { module, errors } = parseSync(path, text);
  const fatal = errors[0];
  if (fatal !== undefined) throw new Error(`${path}: ${fatal.message}`);
  const fixed = [...module.staticImports.map((i) => i.moduleRequest), ...module.staticExports.flatMap((e) => e.entries.map((entry) => entry.moduleRequest))];
  const found = fixed.flatMap((request) => (request ? [{ specifier: request.value, offset: request.start }] : []));
  // The parser gives dynamic imports without their text and type imports not at all; a comment that looks like one is harmless.
  for (const match of text.matchAll(/\b(?:import|require)\(\s*(['"`])([^'"`$]+)\1|\bnew URL\(\s*(['"])([^'"]+)\3,\s*import\.meta\.url/g)) {
    const specifier = match[2] ?? match[4] ?? '';
    if (match[2] !== undefined || source.test(specifier)) found.push({ specifier, offset: match.index });
  }
  return found;
}

/** A relative specifier → the file it means, the way our code writes them (with extension) and the way bundlers take them. */
function resolve(root: string, from: string, specifier: string): string | null {
  if (!specifier.startsWith('.')) return null;
  const bare = posix.normalize(posix.join(posix.dirname(from), specifier.replace(/\?.*$/, '')));
  const candidates = [bare, `${bare}.ts`, `${bare}.tsx`, `${bare}/index.ts`, `${bare}/index.tsx`];
  return candidates.find((path) => existsSync(join(root, path)) && statSync(join(root, path)).isFile()) ?? bare;
}

/** Reads every source file below the given top folders of `root`. Throws on a file that does not parse. */
export function readImportGraph(root: string, folders: readonly string[]): ImportGraph {
  const files = folders.flatMap((folder) => listSources(root, join(root, folder)));
  return new Map(
    files.map((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      const imports = specifiersOf(path, text).map(({ specifier, offset }) => ({
        specifier,
        path: resolve(root, path, specifier),
        line: text.slice(0, offset).split('\n').length,
      }));
      return [path, imports];
    }),
  );
}
