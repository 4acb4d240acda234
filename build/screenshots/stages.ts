import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { BENCH_NOW_MS } from '../../e2e/bench/policy/synthetic-site.ts';
import { generateWorkspace } from '../../e2e/bench/ui/generate-workspace.ts';
import { carrySite } from '../../e2e/seed/carry-bundles.ts';
import { createMemoryPool } from '../../e2e/seed/memory-pool.ts';
import { seedWorkspace } from '../../e2e/seed/seed-workspace.ts';
import { type LaunchedConsole, launchConsole } from '../../e2e/ui/fixtures/launch-console.ts';
import { appendAudit } from '../../main/db/audit-store.ts';
import { createWorkspace } from '../../main/db/create-workspace.ts';
import { openWorkspace } from '../../main/db/open-workspace.ts';
import { damageFile } from '../../main/db/testing/damage-file.ts';
import { createSample } from '../../main/sample/create-sample.ts';
import { holdCalls } from './hold-calls.ts';
import type { State } from './shots.ts';

/** A console that was brought into a state. Its page's clock stands at `nowMs`, and so does its backend's. */
export type Stage = { readonly console: LaunchedConsole; readonly nowMs: number };

const NOW_MS = Date.UTC(2026, 10, 20, 10, 0);
/** Bundles of tests are of the day after the clock of these pictures. */
const CARRIED_MINUTES_AGO = 30 * 60;
const ROWS = 10_000;
/** So many rules need few hosts: what every one of ten thousand hosts has to enforce is another question. */
const MANY_RULES = { hosts: 200, rules: ROWS, flows: 2000, talk: 'with-anybody' } as const;
const MANY_HOSTS = { hosts: ROWS, rules: 200, flows: ROWS, talk: 'with-anybody' } as const;
const MINUTE_MS = 60_000;

/** Which workspace a screen is shown on: of ten thousand rows there are two, and hosts that no cable reaches are in a copy of the seeded one. */
export const workspaceOf = (state: State, screen: string): string => (state === 'rows' && screen === 'rules' ? 'rules' : state === 'seeded' && screen.startsWith('air-gapped') ? 'carried' : state);

/** Makes the workspace of a state in `folder`, each from its beginning, and opens the console on it. Nothing is connected to. */
export async function openStage(state: State, workspace: string, folder: string, seededPath: () => Promise<string>): Promise<Stage> {
  const path = join(folder, `${workspace}.firebreak`);
  const nowMs = state === 'rows' ? BENCH_NOW_MS : NOW_MS;
  if (state === 'sample') await createSample({ path, user: 'ann', nowMs });
  else if (state === 'empty') createWorkspace(path);
  else if (state === 'rows') makeRows(path, workspace === 'rules' ? MANY_RULES : MANY_HOSTS);
  else copyFileSync(await seededPath(), path);
  const obstruct = state === 'loading' ? { obstruct: holdCalls } : {};
  const console = await launchConsole({
    workspacePath: path,
    configDir: join(folder, `config-${workspace}`),
    nowMs: () => nowMs,
    sshPool: createMemoryPool([], noKey),
    ...obstruct,
  });
  if (workspace === 'carried') await carrySite(console.client, join(folder, 'carried'), CARRIED_MINUTES_AGO);
  if (state === 'error') damageFile(path);
  return { console, nowMs };
}

/** The seeded workspace, made when it is first needed. */
export function seedOnce(folder: string): () => Promise<string> {
  const path = join(folder, 'seed');
  let made: Promise<string> | undefined;
  return () => {
    made ??= seedWorkspace({ path, nowMs: NOW_MS }).then(() => path);
    return made;
  };
}

function makeRows(path: string, size: Parameters<typeof generateWorkspace>[1]): void {
  generateWorkspace(path, size);
  const workspace = openWorkspace(path);
  try {
    workspace.transaction((tx) => {
      for (let n = ROWS; n > 0; n -= 1)
        appendAudit(tx, {
          atMs: BENCH_NOW_MS - n * MINUTE_MS,
          actor: n % 3 === 0 ? 'ben' : 'ann',
          action: 'hosts.label',
          subject: `app${n % 40}-web-${n}`,
          detail: 'loc=fra',
        });
    });
  } finally {
    workspace.close();
  }
}

function noKey(): never {
  throw new Error('hosts of screenshots do not answer');
}
