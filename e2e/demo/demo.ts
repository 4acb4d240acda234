import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { installMissingPrograms } from '../../build/debian/install-packages.ts';
import { Cli } from './cli.ts';
import { Proofs } from './proofs.ts';
import type { Site } from './site.ts';
import { runStory } from './story.ts';

/** Chromium refuses its sandbox to root. The demo opens nothing but our own page and report in it, so root goes without. */
if (process.getuid?.() === 0) process.env['FIREBREAK_TEST_NO_SANDBOX'] = '1';

const OUT_DIR = new URL('../../out/', import.meta.url).pathname;

/** Real hosts where that can be had; otherwise the same story on in-process SSH hosts, said in one line. */
async function startSite(workspacePath: string, log: (line: string) => void): Promise<Site> {
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    const { startLabSite } = await import('./lab-site.ts');
    return startLabSite(log);
  }
  log('not root on Linux: in-process SSH hosts instead of the lab. NOTHING IS ENFORCED FOR REAL; verdicts come from the simulator.');
  const [{ startFakeSite }, { createDraftJudge }] = await Promise.all([import('./fake-site.ts'), import('./judge-draft.ts')]);
  return startFakeSite(createDraftJudge(workspacePath));
}

async function main(): Promise<number> {
  const startedMs = performance.now();
  const log = (line: string) => console.log(`demo: ${line}`);
  const workspacePath = join(OUT_DIR, 'demo.firebreak');
  mkdirSync(OUT_DIR, { recursive: true });
  for (const suffix of ['', '-wal', '-shm']) rmSync(workspacePath + suffix, { force: true });
  installMissingPrograms(['ip', 'nft', 'unshare', 'ssh-keygen', 'debootstrap', 'chromium'], log);
  const site = await startSite(workspacePath, log);
  const proofs = new Proofs();
  let stopping: Promise<void> | undefined;
  const stop = () => (stopping ??= site.stop());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop().finally(() => process.exit(1)));
  try {
    await runStory({ site, cli: new Cli(workspacePath), proofs, outDir: OUT_DIR, workspacePath, log });
  } catch (error) {
    proofs.record('the demo ran to its end', false, error instanceof Error ? error.message : String(error));
  } finally {
    await stop();
  }
  proofs.print();
  log(`took ${Math.round((performance.now() - startedMs) / 1000)} s; left in ${OUT_DIR}: demo.firebreak, flows.csv, report.pdf, map.png`);
  return proofs.allProven ? 0 : 1;
}

process.exitCode = await main();
