import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runFunctions, SHELLS } from './testing/run-functions.ts';

const UNIT = 'postgresql@15-main.service';
const REAL = [`system.slice/${UNIT}`, `system.slice/system-postgresql.slice/${UNIT}`];
/** What a container or a service with Delegate= may make below itself. */
const MADE_UP = [`system.slice/web.service/${UNIT}`, `lxc.payload.web/system.slice/${UNIT}`, `machine.slice/machine-web.scope/${UNIT}`, UNIT];

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'firebreak-cgroups-'));
  for (const path of [...REAL, ...MADE_UP]) mkdirSync(join(dir, path), { recursive: true });
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test.each(SHELLS)('only a cgroup right below slices is the unit of its name, under %s %s', (...words) => {
  const shell = words.filter((word) => word !== undefined);
  // The one thing that is put in its place: where the mount table says that cgroups lie.
  expect(runFunctions(shell, dir, ['fill'], `awk() { echo ${dir}; }; unit_cgroups ${UNIT}`).trim().split('\n').sort()).toEqual([...REAL].sort());
});
