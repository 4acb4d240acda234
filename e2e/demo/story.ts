import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { FlowRow } from '../../shared/contract/views.ts';
import type { Proofs } from './proofs.ts';
import { saveMap } from './save-map.ts';
import type { Attempt } from './site.ts';
import type { Story } from './story-parts.ts';

/** Lateral movement: what an intruder on the edge, or on the cache, would try next. Nothing in the shop does this. */
const INTRUSIONS: readonly (Attempt & { zone: string })[] = [
  { from: 'lb1', to: 'cache1', port: 6379, family: 4, user: 'www-data', unit: 'intruder-edge', zone: 'shop-edge' },
  { from: 'lb1', to: 'cache1', port: 6379, family: 6, user: 'www-data', unit: 'intruder-edge6', zone: 'shop-edge' },
  { from: 'cache1', to: 'db1', port: 5432, family: 4, user: 'redis', unit: 'intruder-cache', zone: 'shop-data' },
];

const ZONES = [
  ['shop-edge', 'app=shop,role=lb', 'restricted'],
  ['shop-web', 'app=shop,role=web', 'restricted'],
  ['shop-data', 'app=shop,role=db|cache', 'open'],
  ['shop-ops', 'app=shop,role=ops', 'open'],
] as const;

/** The main job from an empty workspace to a rollback; records every claim in `proofs`. */
export async function runStory(story: Story): Promise<void> {
  await enrol(story);
  await observe(story);
  await draftPolicy(story);
  await proveObserve(story);
  await proveTest(story);
  await proveEnforce(story);
  await proveRollback(story);
  await leaveEvidence(story);
}

async function enrol({ site, cli }: Story): Promise<void> {
  await cli.show('init');
  for (const host of site.hosts) {
    await cli.show('host', 'add', host.name, '--address', `root@${host.address}:${host.port}`, '--identity', site.sshKeyPath, '--label', ...host.labels.split(','));
    await cli.show('host', 'trust', host.name, '--fingerprint', host.fingerprint);
  }
  await cli.show('agent', 'install', '--all');
  await cli.show('host', 'list');
}

async function observe({ site, cli, proofs, log }: Story): Promise<void> {
  log('a normal day: customers order, the backup runs, the monitoring scrapes');
  const failures = await site.workday();
  proofs.record('with agents installed, everything works as before', failures.length === 0, failures.join('; ') || 'shop, backup and monitoring passed');
  await cli.show('collect', '--all');
  const { stdout } = await cli.show('flows', 'list', '--limit', '40');
  proofs.record('the kernels saw the application’s flows', /postgresql|5432/.test(stdout) && /6379/.test(stdout), `${stdout.split('\n').length - 2} flows listed`);
}

async function draftPolicy({ cli, proofs }: Story): Promise<void> {
  for (const [name, select, outbound] of ZONES) await cli.show('zone', 'add', name, '--select', select, '--outbound', outbound);
  await cli.show('suggest', '--apply');
  await cli.show('rule', 'add', '--from', 'any', '--to', 'app=shop,role=lb', '--service', 'tcp/80', '--reason', 'customers come from anywhere', '--owner', 'shop team');
  const { stdout } = await cli.show('rule', 'list');
  proofs.record('rules were drafted from what was seen', stdout.includes('tcp/5432') && stdout.includes('tcp/6379'), `${stdout.split('\n').filter((line) => line.startsWith('r_')).length} rules`);
}

/** Real attempts by real processes; `expected` says which outcomes hold the claim. */
async function tryIntrusions({ site, proofs }: Story, claim: string, holds: (outcome: string) => boolean): Promise<void> {
  for (const intrusion of INTRUSIONS) {
    const startedMs = performance.now();
    const outcome = await site.attempt(intrusion);
    const how = `${intrusion.from} → ${intrusion.to} tcp/${intrusion.port} IPv${intrusion.family} as ${intrusion.user}`;
    proofs.record(`${claim} (${how})`, holds(outcome), `${outcome} after ${Math.round(performance.now() - startedMs)} ms`);
  }
}

async function proveWorkday({ site, proofs }: Story, claim: string): Promise<void> {
  const failures = await site.workday();
  proofs.record(claim, failures.length === 0, failures.join('; ') || 'shop requests, backup and monitoring passed');
}

async function proveObserve(story: Story): Promise<void> {
  await story.cli.show('plan');
  await story.cli.show('push', '--yes', '--note', 'zones in observe');
  await tryIntrusions(story, 'observe: nothing is blocked', (outcome) => outcome === 'connected');
  await proveWorkday(story, 'observe: the application works');
  await saveMap(story, 'map.png');
}

/** The demo waits neither days nor weeks: what it skips is waived by name, with a reason that the report prints. */
async function moveZones({ cli }: Story, mode: string): Promise<void> {
  for (const [name] of ZONES) {
    const readiness = z.array(z.object({ check: z.string(), state: z.string() })).parse(await cli.json('zone', 'readiness', name, mode));
    const blocked = readiness.filter((item) => item.state === 'blocker').map((item) => item.check);
    await cli.show('zone', 'mode', name, mode, ...(blocked.length === 0 ? [] : ['--waive', ...blocked, '--reason', 'demo: minutes instead of days']));
  }
}

async function proveTest(story: Story): Promise<void> {
  const { cli, proofs } = story;
  await moveZones(story, 'test');
  await cli.show('plan');
  await cli.show('push', '--yes', '--note', 'test mode');
  await tryIntrusions(story, 'test: the forbidden connection still succeeds', (outcome) => outcome === 'connected');
  await proveWorkday(story, 'test: the application works');
  await cli.show('collect', '--all');
  await cli.show('flows', 'list', '--verdict', 'would-block');
  const { rows } = z.object({ rows: z.array(FlowRow) }).parse(await cli.json('flows', 'list', '--verdict', 'would-block', '--limit', '5000'));
  for (const intrusion of INTRUSIONS) proveCounted(proofs, rows, intrusion);
  const wrongly = rows.filter((row) => !INTRUSIONS.some((intrusion) => isReportOf(row, intrusion)));
  proofs.record('test: nothing that belongs to the application would be blocked', wrongly.length === 0, wrongly.map((row) => `${row.reporterName} ${row.direction} ${row.peerName} ${row.protocol}/${row.port} ${row.unit ?? ''}`).join('; ') || `${rows.length} would-block reports, all of the intrusions`);
}

const isReportOf = (row: FlowRow, intrusion: Attempt) =>
  row.port === intrusion.port && ((row.reporterName === intrusion.from && row.peerName === intrusion.to) || (row.reporterName === intrusion.to && row.peerName === intrusion.from));

/** In a zone whose outbound is restricted the consumer itself reports, with its user and unit; otherwise the provider does, with its own. */
function proveCounted(proofs: Proofs, rows: readonly FlowRow[], intrusion: (typeof INTRUSIONS)[number]): void {
  const restricted = ZONES.some(([name, , outbound]) => name === intrusion.zone && outbound === 'restricted');
  const family = (row: FlowRow) => (row.peerAddress.includes(':') ? 6 : 4);
  const report = restricted
    ? rows.find((row) => row.direction === 'out' && isReportOf(row, intrusion) && row.reporterName === intrusion.from && family(row) === intrusion.family && row.unit === `${intrusion.unit}.service`)
    : rows.find((row) => row.direction === 'in' && isReportOf(row, intrusion) && row.reporterName === intrusion.to && family(row) === intrusion.family);
  const right = report !== undefined && report.connections > 0 && report.zone === (restricted ? intrusion.zone : 'shop-data') && (restricted ? report.user === intrusion.user : report.unit !== null && report.user !== null);
  const seen = report === undefined ? 'no such would-block flow' : `zone ${report.zone ?? '-'}, user ${report.user ?? '-'}, unit ${report.unit ?? '-'}, ${report.connections} connections`;
  proofs.record(`test: counted as would-block (${intrusion.from} → ${intrusion.to} tcp/${intrusion.port} IPv${intrusion.family})`, right, seen);
}

async function proveEnforce(story: Story): Promise<void> {
  await moveZones(story, 'enforce');
  await story.cli.show('plan');
  await story.cli.show('push', '--yes', '--note', 'enforce');
  await tryIntrusions(story, 'enforce: the forbidden connection fails', (outcome) => outcome === 'timeout' || outcome === 'refused' || outcome === 'unreachable');
  await proveWorkday(story, 'enforce: everything allowed passes');
  await story.cli.show('collect', '--all');
  const { rows } = z.object({ rows: z.array(FlowRow) }).parse(await story.cli.json('flows', 'list', '--verdict', 'blocked', '--limit', '5000'));
  story.proofs.record('enforce: what was blocked is recorded', rows.some((row) => row.port === 6379) && rows.some((row) => row.port === 5432), `${rows.length} blocked flows`);
}

async function proveRollback(story: Story): Promise<void> {
  await story.cli.show('rollback', '--all', '--note', 'the demo ends');
  await tryIntrusions(story, 'rollback: the connection succeeds again', (outcome) => outcome === 'connected');
  await proveWorkday(story, 'rollback: the application works');
}

async function leaveEvidence({ cli, proofs, outDir, workspacePath }: Story): Promise<void> {
  await cli.show('collect', '--all');
  await cli.show('flows', 'list', '--csv', join(outDir, 'flows.csv'));
  await cli.show('report', 'summary', '--out', join(outDir, 'report.pdf'));
  await cli.show('audit', 'verify');
  await cli.show('version', 'list');
  for (const [path, leastBytes] of [[workspacePath, 50_000], [join(outDir, 'flows.csv'), 1000], [join(outDir, 'report.pdf'), 5000], [join(outDir, 'map.png'), 10_000]] as const) {
    const bytes = existsSync(path) ? statSync(path).size : 0;
    proofs.record(`left behind: ${path.slice(outDir.length)}`, bytes >= leastBytes, `${bytes} bytes`);
  }
}
