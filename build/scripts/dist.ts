import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildPieces } from '../dist/build-pieces.ts';
import { pack } from '../dist/pack.ts';
import { packCli } from '../dist/pack-cli.ts';
import { writeReleaseList } from '../dist/release-list.ts';
import { makeStubElectron } from '../dist/stub-electron.ts';
import { readVersion } from '../dist/read-version.ts';

/**
 * `npm run dist`: the installers of this system, and the command line by itself, in release/. `-- --dir` stops at the unpacked folder, `-- --cli` makes
 * the command line alone. `-- --electron DIR` (or FIREBREAK_ELECTRON_DIST) takes Electron's runtime from a folder instead of fetching it;
 * `-- --stub` packs around a runtime that is none, which proves what would be packed where it cannot be had.
 */
const root = new URL('../..', import.meta.url).pathname;
const tell = (line: string) => console.error(`firebreak: ${line}`);
const { values } = parseArgs({
  options: { dir: { type: 'boolean', default: false }, cli: { type: 'boolean', default: false }, stub: { type: 'boolean', default: false }, electron: { type: 'string' } },
});
const releaseDir = join(root, 'release');

async function electronDist(): Promise<string | null> {
  if (!values.stub) return values.electron ?? process.env['FIREBREAK_ELECTRON_DIST'] ?? null;
  if (process.platform !== 'linux') throw new Error('the stub is one of Electron for Linux: run --stub there');
  const dir = join(root, 'out', 'stub-electron');
  rmSync(dir, { recursive: true, force: true });
  await makeStubElectron(dir, readVersion(root, 'electron'));
  tell('packing around a stub: what comes out proves what is packed, and starts nothing');
  return dir;
}

function explain(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  if (!/ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT|fetch failed|getaddrinfo/i.test(text)) return text;
  return `${text}\nElectron's runtime or electron-builder's tools could not be fetched. Where github.com cannot be reached, unpack Electron ${readVersion(root, 'electron')} into a folder and name it with --electron DIR; installers need the tools, too: --dir does without. --stub proves the configuration.`;
}

try {
  const packages = await buildPieces(root, tell);
  tell(`${packages.length} packages of others are in it, each with its licence`);
  const cli = await packCli(root, releaseDir, packages);
  const made = values.cli ? [] : await pack({ root, outputDir: releaseDir, electronDist: await electronDist(), onlyFolder: values.dir || values.stub });
  const list = writeReleaseList(root, releaseDir, [cli, ...made]);
  for (const path of [cli, ...made, list]) console.log(path);
  tell(`release.json is not signed yet: ssh-keygen -Y sign -f KEY -n firebreak-release ${list}`);
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}
