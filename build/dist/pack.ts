import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Configuration } from 'electron-builder';
import { parse } from 'yaml';
import { piecesDirOf } from './build-pieces.ts';

export type PackOrder = {
  readonly root: string;
  /** Where packages and the unpacked folder are put. */
  readonly outputDir: string;
  /** A folder with Electron's unpacked runtime, or with its archives; null has electron-builder fetch it. */
  readonly electronDist: string | null;
  /** Only the unpacked folder, no installers. */
  readonly onlyFolder: boolean;
  /** For tests: packs this folder as it is, for these kinds of package, and gives what each one's tool would be called with instead of calling it. */
  readonly look?: { readonly folder: string; readonly targets: readonly string[]; readonly see: (options: unknown) => void };
};

/** Where a Debian package puts the app: electron-builder's own prefix and the product's name. */
const INSTALLED_CLI = '/opt/Firebreak/resources/cli/bin/firebreak';

/** What a Debian package has outside of /opt, in fpm's words: the command line on the path, completions and the manual page. */
function outsideOfOpt(root: string, linkDir: string): string[] {
  const link = join(linkDir, 'firebreak');
  symlinkSync(INSTALLED_CLI, link);
  return [`${join(piecesDirOf(root), 'share')}/=/usr/share`, `${link}=/usr/bin/firebreak`];
}

/** Debian packages must name both. Nobody's, unless said: whoever gives packages away says whose they are. */
const homepage = (): string => process.env['FIREBREAK_HOMEPAGE'] ?? 'https://firebreak.invalid';
const maintainer = (): string => process.env['FIREBREAK_MAINTAINER'] ?? 'unnamed <unnamed@firebreak.invalid>';

/** Packs what `buildPieces` built, for this system and CPU. Gives the paths of the packages; none with `onlyFolder`. */
export async function pack({ root, outputDir, electronDist, onlyFolder, look }: PackOrder): Promise<string[]> {
  const config = parse(readFileSync(join(root, 'electron-builder.yml'), 'utf8')) as Configuration;
  // Not in the clone: electron-builder looks at every file there, and this link leads nowhere yet.
  const linkDir = mkdtempSync(join(tmpdir(), 'firebreak-link-'));
  try {
    return await build({
      projectDir: root,
      publish: 'never',
      ...(onlyFolder ? { dir: true } : {}),
      ...(look === undefined ? {} : { prepackaged: look.folder, linux: [...look.targets], effectiveOptionComputed: (options: unknown) => Promise.resolve(look.see(options) === undefined) }),
      config: {
        extraMetadata: { homepage: homepage() },
        linux: { ...config.linux, maintainer: maintainer() },
        deb: { ...config.deb, fpm: outsideOfOpt(root, linkDir) },
        directories: { ...config.directories, output: outputDir },
        ...(electronDist === null ? {} : { electronDist }),
      },
    });
  } finally {
    rmSync(linkDir, { recursive: true, force: true });
  }
}
