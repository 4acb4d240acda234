import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const Manifest = z.looseObject({ version: z.string() });

/** The installed version of a package, or without one that of Firebreak. */
export function readVersion(root: string, packageName?: string): string {
  const dir = packageName === undefined ? root : join(root, 'node_modules', packageName);
  return Manifest.parse(JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'))).version;
}
