import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'vite';
import { bashCompletion } from '../../main/cli/reference/bash-completion.ts';
import { fishCompletion } from '../../main/cli/reference/fish-completion.ts';
import { listCommands } from '../../main/cli/reference/list-commands.ts';
import { manPage } from '../../main/cli/reference/man-page.ts';
import { zshCompletion } from '../../main/cli/reference/zsh-completion.ts';
import { buildElectron } from '../electron/build-electron.ts';
import { billOfMaterials, type Product } from './bill-of-materials.ts';
import { buildCli } from './build-cli.ts';
import { licenceFile } from './licence-file.ts';
import { type ModuleSink, recordModules } from './record-modules.ts';
import { listShippedPackages, type Part, runtimeDirs, type ShippedPackage } from './shipped-packages.ts';

/** Where electron-builder.yml looks for what is built here. */
export const piecesDirOf = (root: string): string => join(root, 'out', 'dist');

/** When the sources were last changed: the time of the commit, or what SOURCE_DATE_EPOCH says (reproducible-builds.org), never that of the build. */
function builtAtMs(root: string): number {
  const given = process.env['SOURCE_DATE_EPOCH'];
  if (given !== undefined) return Number(given) * 1000;
  const git = spawnSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' });
  return git.status === 0 ? Number(git.stdout) * 1000 : Math.floor(statSync(join(root, 'package-lock.json')).mtimeMs / 1000) * 1000;
}

export function readProduct(root: string): Product {
  const { name, version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { name: string; version: string; license: string };
  return { name, version, licence: license, builtAtMs: builtAtMs(root) };
}

/** Under the names and in the folders where shells and man look for them below a prefix such as /usr. */
function writeShare(dir: string, { version, builtAtMs: atMs }: Product): void {
  const program = listCommands();
  const files = {
    'bash-completion/completions/firebreak': bashCompletion(program),
    'zsh/site-functions/_firebreak': zshCompletion(program),
    'fish/vendor_completions.d/firebreak.fish': fishCompletion(program),
    'man/man1/firebreak.1': manPage(program, { version, date: new Date(atMs).toISOString().slice(0, 10) }),
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
}

/** Licences and bill of materials, beside each other. */
export async function writePapers(dir: string, root: string, product: Product, packages: readonly ShippedPackage[]): Promise<void> {
  mkdirSync(dir, { recursive: true });
  cpSync(join(root, 'LICENSE'), join(dir, 'LICENSE'));
  writeFileSync(join(dir, 'THIRD-PARTY-LICENSES.txt'), licenceFile(packages));
  writeFileSync(join(dir, 'sbom.cdx.json'), await billOfMaterials(product, packages));
}

/**
 * Builds everything that is packed, anew: `page`, `main`, `cli`, `share` (completions, manual page) and `papers` in out/dist. Gives what of others is in it.
 * @throws when a package in it has no licence or no text of one
 */
export async function buildPieces(root: string, tell: (line: string) => void): Promise<readonly ShippedPackage[]> {
  // Whatever the caller's environment says: React's development build names the files of this clone.
  const former = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    return await buildAll(root, tell);
  } finally {
    if (former === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = former;
  }
}

async function buildAll(root: string, tell: (line: string) => void): Promise<readonly ShippedPackage[]> {
  const dir = piecesDirOf(root);
  rmSync(dir, { recursive: true, force: true });
  const sinks: Record<Part, ModuleSink> = { page: new Set(), app: new Set(runtimeDirs(root).map((packageDir) => join(packageDir, 'package.json'))), cli: new Set() };
  tell('building the page');
  await build({ configFile: join(root, 'build/vite.renderer.config.ts'), plugins: [recordModules(sinks.page, join(root, 'renderer'))], build: { outDir: join(dir, 'page') } });
  await buildElectron(tell, join(dir, 'main'), [recordModules(sinks.app, root)]);
  tell('building the command line');
  await buildCli(root, join(dir, 'cli'), sinks.cli);
  const product = readProduct(root);
  writeShare(join(dir, 'share'), product);
  const packages = listShippedPackages(root, sinks);
  await writePapers(join(dir, 'papers'), root, product, packages);
  return packages;
}
