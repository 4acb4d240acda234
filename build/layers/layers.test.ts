import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { checkLayers } from './check-layers.ts';
import { readImportGraph } from './import-graph.ts';

/** A repository in a temporary folder: path → text. */
const roots: string[] = [];
function aRepository(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'firebreak-layers-'));
  roots.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

const check = (files: Record<string, string>) =>
  checkLayers(readImportGraph(aRepository(files), ['shared', 'main', 'renderer', 'e2e', 'build', 'agent'])).map((v) => v.text);

/** Where the planted line goes, the line, and the words that must be in the finding. */
const planted: [from: string, line: string, finding: string][] = [
  ['shared/a.ts', `import { readFileSync } from 'node:fs';`, "shared may not import Node's node:fs"],
  ['shared/a.ts', `import { join } from 'path';`, "shared may not import Node's path"],
  ['shared/a.ts', `import type { B } from '../main/services/b.ts';`, 'shared may not import main/services/b.ts'],
  ['shared/a.ts', `export * from '../renderer/b.tsx';`, 'shared may not import renderer/b.tsx'],
  ['shared/a.ts', `import pino from 'pino';`, 'shared may not import the package pino'],
  ['main/db/a.ts', `import { b } from '../services/b.ts';`, 'main/db may not import main/services/b.ts'],
  ['main/db/a.ts', `import { b } from '../ssh/b.ts';`, 'main/db may not import main/ssh/b.ts'],
  ['main/ssh/a.ts', `import { b } from '../db/b.ts';`, 'main/ssh may not import main/db/b.ts'],
  ['main/reports/a.ts', `import { b } from '../db/b.ts';`, 'main/reports may not import main/db/b.ts'],
  ['main/services/a.ts', `import { b } from '../rpc/b.ts';`, 'main/services may not import main/rpc/b.ts'],
  ['main/services/a.ts', `const b = await import('../electron/b.ts');`, 'main/services may not import main/electron/b.ts'],
  ['main/rpc/a.ts', `import { b } from '../db/b.ts';`, 'main/rpc may not import main/db/b.ts'],
  ['main/cli/a.ts', `import { b } from '../services/b.ts';`, 'main/cli may not import main/services/b.ts'],
  ['main/cli/a.ts', `import { b } from '../db/b.ts';`, 'main/cli may not import main/db/b.ts'],
  ['main/electron/a.ts', `import { b } from '../services/b.ts';`, 'main/electron may not import main/services/b.ts'],
  ['main/electron/a.ts', `import { b } from '../rpc/router.ts';`, 'main/electron may not import main/rpc/router.ts'],
  ['main/browser/a.ts', `import { b } from '../rpc/router.ts';`, 'main/browser may not import main/rpc/router.ts'],
  ['renderer/a.tsx', `import { b } from '../main/rpc/b.ts';`, 'renderer may not import main/rpc/b.ts'],
  ['renderer/a.tsx', `type B = import('../main/db/b.ts').B;`, 'renderer may not import main/db/b.ts'],
  ['renderer/a.tsx', `import { join } from 'node:path';`, "renderer may not import Node's node:path"],
  ['renderer/features/hosts/A.tsx', `import { B } from '../map/B.tsx';`, 'feature hosts may not import feature map'],
  ['renderer/features/hosts/A.tsx', `import cytoscape from 'cytoscape';`, 'cytoscape belongs to'],
  ['renderer/a.tsx', `import type { Core } from 'cytoscape';`, 'cytoscape belongs to'],
  ['main/services/a.ts', `import Database from 'better-sqlite3';`, 'better-sqlite3 belongs to'],
  ['main/services/a.ts', `import { Client } from 'ssh2';`, 'ssh2 belongs to'],
  ['main/browser/a.ts', `import { app } from 'electron';`, 'electron belongs to'],
  ['main/electron/a.ts', `import { chromium } from 'playwright-core';`, 'playwright-core belongs to'],
  ['main/services/a.ts', `import type { Page } from 'playwright-core';`, 'playwright-core belongs to'],
  ['main/services/a.ts', `import { b } from './b.test.ts';`, 'is a test'],
  ['shared/a.ts', `import { b } from './testing/b.ts';`, 'is for tests'],
];

describe('layers', () => {
  test.each(planted)('%s: a planted line is caught: %s', (from, line, finding) => {
    const target = /['"](\.[^'"]+)['"]/.exec(line)?.[1];
    const files = { [from]: `export const ok = 1;\n${line}\n`, ...(target === undefined ? {} : { [join(dirname(from), target)]: 'export const b = 1;\n' }) };
    expect(check(files)).toEqual([expect.stringContaining(finding)]);
    expect(check(files)[0]).toContain(`${from}:2 `);
  });

  test('a cycle of three files is one finding, type-only imports included', () => {
    const files = {
      'shared/a.ts': `import { b } from './b.ts';\nexport const a = b;\n`,
      'shared/b.ts': `import type { C } from './c.ts';\nexport const b: C = 1;\n`,
      'shared/c.ts': `export type { A } from './a.ts';\nexport type C = number;\n`,
    };
    expect(check(files)).toEqual(['cycle: shared/a.ts → shared/b.ts → shared/c.ts → shared/a.ts']);
  });

  test('what the table allows is not a finding', () => {
    const files = {
      'shared/a.ts': `import { z } from 'zod';\nexport const a = z;\n`,
      'main/db/b.ts': `import Database from 'better-sqlite3';\nimport { a } from '../../shared/a.ts';\nimport fs from 'node:fs';\nexport const b = { a, Database, fs };\n`,
      'main/services/c.ts': `import { b } from '../db/b.ts';\nexport const c = b;\n`,
      'main/rpc/port.ts': `import { c } from '../services/c.ts';\nexport const d = c;\n`,
      'main/electron/e.ts': `import { app } from 'electron';\nimport { d } from '../rpc/port.ts';\nexport const e = [app, d];\n`,
      'renderer/features/map/F.tsx': `import cytoscape from 'cytoscape';\nimport { a } from '../../../shared/a.ts';\nexport const f = [cytoscape, a];\n`,
    };
    expect(check(files)).toEqual([]);
  });

  test('a diamond is not a cycle', () => {
    const files = {
      'shared/a.ts': `import './b.ts';\nimport './c.ts';\n`,
      'shared/b.ts': `import './d.ts';\n`,
      'shared/c.ts': `import './d.ts';\n`,
      'shared/d.ts': `export const d = 1;\n`,
    };
    expect(check(files)).toEqual([]);
  });

  test('a file that does not parse is an error, not a file without imports', () => {
    expect(() => check({ 'shared/a.ts': 'import { from ;' })).toThrow('shared/a.ts');
  });
});
