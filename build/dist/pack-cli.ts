import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { piecesDirOf, readProduct, writePapers } from './build-pieces.ts';
import type { ShippedPackage } from './shipped-packages.ts';

type Source = { readonly from: string; readonly to: string; readonly files: string };

/** What hosts get of agent/: the program and its parts, without tests and documentation. The same as in electron-builder.yml. */
const AGENT_FILES = '{firebreak-agent,VERSION,install.sh,lib/**,units/**,collect/**/*.sh}';

function listFiles({ from, to, files }: Source): { path: string; name: string }[] {
  return globSync(files, { cwd: from })
    .filter((file) => statSync(join(from, file)).isFile())
    .map((file) => ({ path: join(from, file), name: join(to, file) }));
}

/**
 * The command line by itself, for machines without a screen: firebreak-cli-VERSION-SYSTEM-CPU.tar.gz in `outputDir`. Needs nothing of Electron; unpacked
 * anywhere, `cli/bin/firebreak` runs. The same bytes for the same sources. Gives its path.
 */
export async function packCli(root: string, outputDir: string, packages: readonly ShippedPackage[]): Promise<string> {
  const product = readProduct(root);
  const name = `firebreak-cli-${product.version}-${process.platform}-${process.arch}`;
  const pieces = piecesDirOf(root);
  const papers = mkdtempSync(join(tmpdir(), 'firebreak-papers-'));
  try {
    await writePapers(papers, root, { ...product, name: 'firebreak-cli' }, packages.filter(({ parts }) => parts.includes('cli')).map((shipped) => ({ ...shipped, parts: ['cli'] as const })));
    const sources: Source[] = [
      { from: join(root, 'agent'), to: 'agent', files: AGENT_FILES },
      { from: join(root, 'shared/policy/templates'), to: 'shared/policy/templates', files: '*.yaml' },
      { from: join(pieces, 'cli'), to: 'cli', files: '**' },
      { from: join(pieces, 'share'), to: 'share', files: '**' },
      { from: papers, to: '.', files: '**' },
    ];
    const files = sources.flatMap(listFiles).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    mkdirSync(outputDir, { recursive: true });
    const archivePath = join(outputDir, `${name}.tar.gz`);
    await writeArchive(archivePath, files.map((file) => ({ ...file, name: join(name, file.name) })), product.builtAtMs);
    return archivePath;
  } finally {
    rmSync(papers, { recursive: true, force: true });
  }
}

/**
 * Root's files of one time: whose clone it was and when it was made is nobody's business, and would make every archive another one. Compressed in one go,
 * because what a stream of parts compresses to depends on where they end.
 */
async function writeArchive(archivePath: string, files: readonly { path: string; name: string }[], atMs: number): Promise<void> {
  const archive = pack();
  const whole = buffer(archive);
  for (const { path, name } of files) {
    const mode = (statSync(path).mode & 0o100) === 0 ? 0o644 : 0o755;
    archive.entry({ name, mode, mtime: new Date(atMs), uid: 0, gid: 0, uname: 'root', gname: 'root' }, readFileSync(path));
  }
  archive.finalize();
  writeFileSync(archivePath, gzipSync(await whole, { level: 6 }));
}
