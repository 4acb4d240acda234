import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'vite';
import { cliBuild } from '../vite.cli.config.ts';
import { type ModuleSink, recordModules } from './record-modules.ts';

/** What a PDF needs of playwright-core: the library without its tools, its trace viewer and its downloads. */
const printerFiles = ['package.json', 'index.js', 'browsers.json', 'LICENSE', 'NOTICE', 'ThirdPartyNotices.txt', 'lib/{bootstrap,coreBundle,package,utilsBundle}.js', 'lib/utilsBundle.js.LICENSE'];

/** Marks the place in Node's binary. Source: https://nodejs.org/api/single-executable-applications.html */
const SENTINEL = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

export const cliName = process.platform === 'win32' ? 'firebreak.exe' : 'firebreak';

/**
 * The command line as one program of its own: `bin/firebreak` in `outDir`, with SQLite's native part and the printer's library beside it. It finds
 * the agent and the templates two folders above itself. Fills `sink` with what is in it.
 */
export async function buildCli(root: string, outDir: string, sink: ModuleSink): Promise<void> {
  const workDir = mkdtempSync(join(tmpdir(), 'firebreak-cli-'));
  try {
    await build(cliBuild(workDir, [recordModules(sink, root)]));
    const program = join(outDir, 'bin', cliName);
    mkdirSync(dirname(program), { recursive: true });
    copyPinnedNode(root, program);
    seal(root, program, makeBlob(workDir, 'firebreak.cjs'));
  } finally {
    rmSync(workDir, { recursive: true, force: true });
  }
  const addon = `${process.platform}-${process.arch}.node`;
  copy(join(root, 'node_modules/better-sqlite3/prebuilds', addon), join(outDir, 'prebuilds', addon));
  const printer = join(root, 'node_modules/playwright-core');
  for (const file of globSync(printerFiles, { cwd: printer })) {
    copy(join(printer, file), join(outDir, 'playwright-core', file));
    sink.add(join(printer, file));
  }
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to);
}

/** @throws when this is another Node than the one that the lock file pins and whose licence is shipped */
function copyPinnedNode(root: string, program: string): void {
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules/node/package.json'), 'utf8')) as { version: string };
  if (process.version !== `v${version}`) throw new Error(`this is Node ${process.version}, and the command line is made of the pinned ${version}: run npm run dist`);
  copyFileSync(process.execPath, program);
  chmodSync(program, 0o755);
  if (process.platform === 'darwin') run('codesign', ['--remove-signature', program]);
}

/**
 * No snapshot and no code cache, and the script named by its name alone: anything else would tie the bytes to this machine. NODE_OPTIONS and Node's own
 * options count for nothing in the result.
 */
function makeBlob(workDir: string, main: string): string {
  const config = join(workDir, 'sea.json');
  const output = 'firebreak.blob';
  writeFileSync(
    config,
    JSON.stringify({ main, output, disableExperimentalSEAWarning: true, useSnapshot: false, useCodeCache: false, execArgv: [], execArgvExtension: 'none' }),
  );
  run(process.execPath, ['--experimental-sea-config', config], workDir);
  return join(workDir, output);
}

/** In a process of its own: postject is WebAssembly that talks to the console and catches the process's errors. */
function seal(root: string, program: string, blobPath: string): void {
  const machO = process.platform === 'darwin' ? ['--macho-segment-name', 'NODE_SEA'] : [];
  run(process.execPath, [join(root, 'node_modules/postject/dist/cli.js'), program, 'NODE_SEA_BLOB', blobPath, '--sentinel-fuse', SENTINEL, ...machO]);
  // A signature of nobody, so that it starts at all; electron-builder signs it anew with the app.
  if (process.platform === 'darwin') run('codesign', ['--sign', '-', program]);
}

function run(program: string, args: readonly string[], cwd?: string): void {
  const ended = spawnSync(program, args, { encoding: 'utf8', cwd });
  if (ended.status !== 0) throw new Error(`${program} ${args.join(' ')} failed: ${ended.stderr || String(ended.error)}`);
}
