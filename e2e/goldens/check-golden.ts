import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Golden, GOLDENS_DIR } from './golden-cases.ts';

/** FIREBREAK_UPDATE_GOLDENS=1 rewrites them: read the change before you commit it. */
const isUpdating = process.env.FIREBREAK_UPDATE_GOLDENS === '1';

/** On a mismatch what came out lies beside the golden as `.actual`, for a diff tool. */
export function checkGolden({ fileName, text }: Golden): void {
  const path = join(GOLDENS_DIR, fileName);
  if (isUpdating) writeFileSync(path, text);
  const stored = existsSync(path) ? readFileSync(path, 'utf8') : `there is no ${fileName}`;
  if (stored === text) rmSync(`${path}.actual`, { force: true });
  else writeFileSync(`${path}.actual`, text);
  expect(text).toBe(stored);
}
