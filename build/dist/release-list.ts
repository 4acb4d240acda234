import { createHash } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ReleaseManifest } from '../../shared/contract/updates.ts';
import { readProduct } from './build-pieces.ts';

/**
 * What a console that asks for new versions reads: release.json in `releaseDir`, with the sums of the files that were made. It still has to be signed (docs/packaging.md); the key is with a person,
 * never with what builds. Folders are left out: nobody fetches them. Gives its path.
 */
export function writeReleaseList(root: string, releaseDir: string, madePaths: readonly string[]): string {
  const { version, builtAtMs } = readProduct(root);
  const files = madePaths
    .filter((path) => statSync(path).isFile())
    .map((path) => ({ name: basename(path), bytes: statSync(path).size, sha256: createHash('sha256').update(readFileSync(path)).digest('hex') }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const list = ReleaseManifest.parse({ v: 1, product: 'firebreak', version, releasedOn: new Date(builtAtMs).toISOString().slice(0, 10), notes: '', files });
  const path = join(releaseDir, 'release.json');
  writeFileSync(path, `${JSON.stringify(list, null, 2)}\n`);
  return path;
}
