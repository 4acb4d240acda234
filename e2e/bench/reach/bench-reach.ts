import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { FleetHost } from '../../../shared/model/host.ts';
import { findPath } from '../../../shared/policy/reach/find-path.ts';
import { createReachIndex, type ReachIndex } from '../../../shared/policy/reach/reach-index.ts';
import { asEnforced, type Listener } from '../../../shared/policy/reach/reach-world.ts';
import { spread } from '../../../shared/policy/reach/spread.ts';
import { readPermit, tallyPassages } from '../../../shared/policy/reach/zone-permits.ts';
import { zoneOfHosts } from '../../../shared/policy/zones.ts';
import { BENCH_NOW_MS, type SyntheticSite, syntheticSite } from '../policy/synthetic-site.ts';
import { timed } from '../policy/timing.ts';
import { printTable } from '../statistics.ts';

/**
 * What questions of reach cost, cold (everything is made for the first one) and warm; wall and processor time. `--hosts N` and `--rules N`; 500 and 2,000 unless told, for
 * which the aim is an answer in two seconds. Live: every zone in its own mode, two versions of the policy in the fleet.
 */
const AIM_MS = 2000;
const { values } = parseArgs({ options: { hosts: { type: 'string', default: '500' }, rules: { type: 'string', default: '2000' } } });
const size = { hosts: Number(values.hosts), rules: Number(values.rules) };
const site = syntheticSite(1, size);

const PORTS: Record<string, readonly number[]> = { lb: [80, 443], web: [80, 8443], app: [8080, 8081], db: [5432], cache: [6379], worker: [5671, 15_672], dns: [53], directory: [88, 389, 636] };

/** What its role listens on, SSH and an exporter on each, and one port of its own on every tenth: no two fleets are quite uniform. */
function listenersOf(host: FleetHost): readonly Listener[] | null {
  if (!host.managed) return null;
  const own = Number(host.id.slice(-1)) === 0 ? [20_000 + (Number(host.id.slice(2)) % 1000)] : [];
  return [22, 9100, ...(PORTS[host.labels.role ?? ''] ?? []), ...own].map((port) => ({ protocol: 'tcp', port, families: [4, 6], address: null, process: null, unit: null }));
}

function makeIndexes({ policy, hosts }: SyntheticSite): { live: ReachIndex; draft: ReachIndex } {
  const older = { ...policy, rules: policy.rules.slice(0, Math.floor(policy.rules.length * 0.9)) };
  const zones = zoneOfHosts(policy, hosts);
  const draft = asEnforced(policy);
  const live = { hosts, nowMs: BENCH_NOW_MS, listenersOf, runsOn: (host: FleetHost) => ({ policy: Number(host.id.slice(-1)) < 5 ? policy : older, mode: zones.get(host.id)?.zone?.mode ?? ('observe' as const) }) };
  return { live: createReachIndex(live), draft: createReachIndex({ ...live, runsOn: () => ({ policy: draft, mode: 'enforce' }) }) };
}

const startOf = (index: ReachIndex) => index.parties.filter(({ host }) => host?.labels.role === 'web').slice(0, 1);
const reachBoth = (indexes: readonly ReachIndex[], direction: 'out' | 'in', maxHops: number) => indexes.map((index) => spread(index, startOf(index), { direction, maxHops }).filter(({ isCertain }) => isCertain).length);

function tallyAll(index: ReachIndex): number {
  const zones = zoneOfHosts(site.policy, site.hosts);
  const groups = [...Map.groupBy(index.parties, ({ host }) => (host === null ? 'outside' : (zones.get(host.id)?.zone?.name ?? 'unzoned')))].map(([key, members]) => ({ key, members }));
  return groups.flatMap((from) => groups.map((to) => readPermit(tallyPassages(index, from, to)))).length;
}

const steps: { name: string; wallMs: number; cpuMs: number; found: string }[] = [];
function measure<T>(name: string, work: () => T, tell: (value: T) => string): T {
  const { value, timing } = timed(work);
  steps.push({ name, ...timing, found: tell(value) });
  console.error(`${name}: ${timing.wallMs.toFixed(0)} ms, CPU ${timing.cpuMs.toFixed(0)} ms`);
  return value;
}

const { live, draft } = measure('indexes, live and draft', () => makeIndexes(site), ({ live: one }) => `${new Set(one.parties.map(({ kind }) => kind)).size} kinds`);
const both = [live, draft];
const tellReach = ([inLive, inDraft]: readonly number[]) => `live ${inLive}, draft ${inDraft} of ${site.hosts.length - 1}`;
measure('out, 3 hops, both, cold', () => reachBoth(both, 'out', 3), tellReach);
measure('out, all hops, both', () => reachBoth(both, 'out', size.hosts), tellReach);
measure('in, 3 hops, both', () => reachBoth(both, 'in', 3), tellReach);
measure('in, all hops, both', () => reachBoth(both, 'in', size.hosts), tellReach);
measure('path across the fleet', () => draft.parties.slice(site.hosts.length - 20, site.hosts.length).map((to) => startOf(draft).map((from) => findPath(draft, from, to))), (paths) => `${paths.length} asked`);
measure('matrix of all zones, both', () => both.map(tallyAll), ([cells]) => `${cells} cells`);
measure('the same, warm', () => both.map(tallyAll), ([cells]) => `${cells} cells`);

console.log(`${size.hosts} hosts × ${size.rules} rules, load ${loadavg()[0]?.toFixed(1)}\n${printTable(['step', 'wall ms', 'CPU ms', 'found'], steps.map(({ name, wallMs, cpuMs, found }) => [name, wallMs.toFixed(0), cpuMs.toFixed(0), found]))}`);
const firstAnswerMs = steps.slice(0, 2).reduce((sum, { wallMs }) => sum + wallMs, 0);
console.log(`first answer, everything cold: ${firstAnswerMs.toFixed(0)} ms (aim: below ${AIM_MS})`);
