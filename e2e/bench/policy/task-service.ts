import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { saveBundle, setAppliedBundle } from '../../../main/db/bundle-store.ts';
import { createWorkspace } from '../../../main/db/create-workspace.ts';
import { saveDraft } from '../../../main/db/draft-store.ts';
import { insertHost, recordConsoleAddress } from '../../../main/db/host-store.ts';
import type { WriteDb } from '../../../main/db/sql.ts';
import { type Backend, createBackend } from '../../../main/services/backend.ts';
import { readDraft } from '../../../main/services/draft.ts';
import { updateRules } from '../../../main/services/draft-rules.ts';
import { listFleet } from '../../../main/services/fleet.ts';
import { makeDraftBundles } from '../../../main/services/plan-bundles.ts';
import { printRulesetJson } from '../../../main/services/plan-ruleset-json.ts';
import { preparePlan } from '../../../main/services/plan-service.ts';
import type { FleetHost } from '../../../shared/model/host.ts';
import { median } from '../statistics.ts';
import { BENCH_NOW_MS, type SyntheticSite, syntheticSite } from './synthetic-site.ts';
import { peakMb, type Size, type TaskResult, timed, type Timing } from './timing.ts';

const EDITS = 9;

/** A rule edited in a real workspace, and the plan made again: what a person waits for. Every host runs what the draft was before; no flows are stored. */
export async function measureService(size: Size): Promise<TaskResult> {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-bench-'));
  const workspacePath = join(folder, 'bench.firebreak');
  createWorkspace(workspacePath);
  const backend = createBackend({ workspacePath, user: 'bench', nowMs: () => BENCH_NOW_MS });
  try {
    fillWorkspace(backend, syntheticSite(1, size));
    const first = timed(() => preparePlan(backend, null));
    const edits: Timing[] = [];
    const plans: Timing[] = [];
    let changed = 0;
    for (let n = 0; n < EDITS; n++) {
      const { rules } = readDraft(backend).policy;
      const rule = rules[Math.floor(((n + 0.5) / EDITS) * rules.length)];
      if (!rule) throw new Error('the site has no rules');
      edits.push(timed(() => updateRules(backend, [{ ...rule, services: [{ kind: 'inline', entry: { kind: 'ports', protocol: 'tcp', from: 7000 + n, to: 7000 + n } }] }])).timing);
      const plan = timed(() => preparePlan(backend, null));
      plans.push(plan.timing);
      changed = plan.value.plan.hosts.filter((host) => host.rows.length > 0).length;
    }
    return { times: { firstPlan: first.timing, edit: medianOf(edits), plan: medianOf(plans) }, counts: { hostsChanged: changed }, peakMb: peakMb() };
  } finally {
    await backend.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const medianOf = (timings: readonly Timing[]): Timing => ({ cpuMs: median(timings.map((one) => one.cpuMs)), wallMs: median(timings.map((one) => one.wallMs)) });

/** Written past the commands, which would take minutes for hundreds of hosts; the files' form is the stores' own. */
function fillWorkspace(backend: Backend, { policy, hosts }: SyntheticSite): void {
  backend.workspace.transaction((tx) => {
    for (const host of hosts) addHost(tx, host);
    saveDraft(tx, policy, BENCH_NOW_MS);
  });
  const bundles = makeDraftBundles(backend, readDraft(backend).policy, listFleet(backend));
  backend.workspace.transaction((tx) => {
    for (const { host, hash, mode, zone, text, ruleset } of bundles.values()) {
      saveBundle(tx, { host: host.id, hash, version: null, mode, zone, text, rulesetJson: printRulesetJson(ruleset), createdAtMs: BENCH_NOW_MS });
      setAppliedBundle(tx, host.id, hash, BENCH_NOW_MS);
    }
  });
}

function addHost(tx: WriteDb, { id, name, labels, addresses, managed, management }: FleetHost): void {
  const ssh = managed ? { address: addresses[0] ?? '192.0.2.1', port: management.sshPort, user: 'root', identity: { kind: 'agent' as const }, sudo: 'none' as const, jump: null } : null;
  insertHost(tx, { id, name, ssh, note: '', createdAtMs: BENCH_NOW_MS, handLabels: labels, addresses: addresses.map((address) => ({ address, source: 'manual' as const })) });
  for (const address of management.consoleAddresses) recordConsoleAddress(tx, id, address, BENCH_NOW_MS);
}
