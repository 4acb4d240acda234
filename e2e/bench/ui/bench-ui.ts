import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildPage } from './bench-window.ts';
import { generateWorkspace, type WorkspaceSize } from './generate-workspace.ts';
import { measureFlows } from './measure-flows.ts';
import { measureMap } from './measure-map.ts';
import { measureStart } from './measure-start.ts';
import { printSamples, type Sample } from './samples.ts';
import { printUiAims } from './ui-aims.ts';

/**
 * `npm run bench:ui`: what a person waits for in the window, in a real browser on generated workspaces. Needs Chromium and about 4 GB of disk.
 * `--rounds N` (5 count), `--part start|map|flows` (repeatable), `--keep DIR` (keeps the workspaces there and takes those that are there already), `--short` (one round over small ones: proves that it works and nothing else).
 */
const { values } = parseArgs({
  options: { rounds: { type: 'string' }, short: { type: 'boolean' }, part: { type: 'string', multiple: true }, keep: { type: 'string' } },
});
const PARTS = ['start', 'map', 'flows'] as const;
type Part = (typeof PARTS)[number];
const rounds = Number(values.rounds ?? (values.short ? 1 : 5));
if (!Number.isInteger(rounds) || rounds < 1 || values.part?.some((part) => !PARTS.some((one) => one === part))) {
  console.error('usage: bench-ui.ts [--rounds N] [--part start|map|flows]… [--keep DIR] [--short]');
  process.exit(2);
}

const SIZES: Readonly<Record<'everyday' | 'large' | 'flows', WorkspaceSize>> = {
  everyday: { hosts: 500, rules: 200, flows: 10_000, talk: 'within-apps' },
  large: { hosts: 5000, rules: 1000, flows: 50_000, talk: 'within-apps' },
  flows: { hosts: 500, rules: 200, flows: 5_000_000, talk: 'with-anybody' },
};
const small = (size: WorkspaceSize): WorkspaceSize => ({ ...size, hosts: 50, rules: 20, flows: 5000 });
const isChosen = (part: Part): boolean => values.part?.includes(part) ?? true;

const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'firebreak-bench-ui-'));
mkdirSync(folder, { recursive: true });

function workspace(size: WorkspaceSize): string {
  const path = join(folder, `${size.talk}-${size.hosts}-${size.flows}.firebreak`);
  if (existsSync(path)) return path;
  console.error(`bench: making a workspace of ${size.hosts} hosts and ${size.flows} flows`);
  // Another name until it is whole, so that one that was left half made is never measured.
  const aside = join(mkdtempSync(join(folder, 'half-made-')), 'new.firebreak');
  generateWorkspace(aside, size);
  renameSync(aside, path);
  rmSync(join(aside, '..'), { recursive: true });
  return path;
}

const nameOf = ({ hosts, flows }: WorkspaceSize): string => `${hosts.toLocaleString('en')} hosts, ${flows.toLocaleString('en')} flow keys`;

async function measureAll(): Promise<Sample[]> {
  const rendererDir = await buildPage();
  // Small ones would be alike.
  const sites = values.short ? [small(SIZES.everyday)] : [SIZES.everyday, SIZES.large];
  const samples: Sample[] = [];
  const step = async (part: Part, size: WorkspaceSize, measure: (name: string, path: string) => Promise<Sample[]>) => {
    if (!isChosen(part)) return;
    const path = workspace(size);
    console.error(`bench: ${part}, ${nameOf(size)}`);
    samples.push(...(await measure(`${part}, ${nameOf(size)}`, path)));
  };
  for (const size of sites) await step('start', size, (name, path) => measureStart(name, rendererDir, path, rounds));
  for (const size of sites) await step('map', size, (name, path) => measureMap(name, rendererDir, path, rounds));
  await step('flows', values.short ? small(SIZES.flows) : SIZES.flows, (_, path) => measureFlows(rendererDir, path, rounds));
  return samples;
}

// Chromium's sandbox refuses root; the page is our own, over data that we made.
if (process.getuid?.() === 0) process.env.FIREBREAK_TEST_NO_SANDBOX = '1';
try {
  console.log(`${cpus().length} cores (${cpus()[0]?.model}), ${(totalmem() / 2 ** 30).toFixed(0)} GB, load ${loadavg()[0]?.toFixed(1)}; medians of ${rounds}`);
  const samples = await measureAll();
  console.log(`\n${printSamples(samples)}`);
  console.log(values.short ? '\nsmall workspaces: these figures prove that the benchmark works, and nothing else' : `\n${printUiAims(samples)}`);
} finally {
  if (values.keep === undefined) rmSync(folder, { recursive: true, force: true });
}
