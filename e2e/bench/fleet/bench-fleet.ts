import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installMissingPrograms } from '../../../build/debian/install-packages.ts';
import { aRule, addHost, draftZone, makeWorkspace, moveZone, openConsole, overAll } from '../../main-job/lab-console.ts';
import { startLab } from '../../lab/lab.ts';
import { plainHosts } from '../../lab/plan.ts';
import type { BackendClient } from '../../../main/rpc/client.ts';
import type { Push } from '../../../shared/model/diff.ts';
import { median, printTable } from '../statistics.ts';
import { prepareRivals } from './rivals.ts';

/**
 * `npm run bench:fleet`: real hosts of the lab, onboarded, observed, enforced and taken back; and the same push beside Ansible and plain ssh, in turns. Needs root.
 * `--hosts N` (100), `--rounds N` (5), `--runs N` (pushes in all, 20). Exit 1 when a push left a host behind.
 */
const { values } = parseArgs({ options: { hosts: { type: 'string' }, rounds: { type: 'string' }, runs: { type: 'string' } } });
const [hostCount, rounds, runs] = [Number(values.hosts ?? 100), Number(values.rounds ?? 5), Number(values.runs ?? 20)];
if (![hostCount, rounds, runs].every((n) => Number.isInteger(n) && n >= 1)) {
  console.error('usage: bench-fleet.ts [--hosts N] [--rounds N] [--runs N]');
  process.exit(2);
}
/** As many as the console begins at once (push-start.ts). */
const PARALLEL = 16;
const CONFIRM_SECONDS = 120;

installMissingPrograms(['nft', 'ip', 'unshare', 'debootstrap', 'ssh-keygen', 'ansible-playbook'], (line) => console.error(`set-up: ${line}`));
const folder = mkdtempSync(join(tmpdir(), 'firebreak-bench-fleet-'));
const { workspacePath, remove } = makeWorkspace();
const residentMb = (): number => process.memoryUsage().rss / 2 ** 20;
let peakMb = 0;
const watching = setInterval(() => {
  peakMb = Math.max(peakMb, residentMb());
}, 50);
const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const sinceMs = performance.now();
  await work();
  return performance.now() - sinceMs;
};
const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
let leftBehind = 0;

function countMissed(push: Push | undefined): void {
  const missed = push?.hosts.filter(({ step }) => step !== 'confirmed') ?? [];
  for (const { hostName, step, detail } of missed) console.error(`bench: left behind: ${hostName}: ${step} (${detail})`);
  leftBehind += missed.length;
}

/** A push of what the draft says now, by a console of its own: its connections are cold. */
async function push(prepare: (client: BackendClient) => Promise<unknown>): Promise<{ ms: number; planMs: number; cpuMs: number }> {
  const { client, backend } = openConsole(workspacePath);
  try {
    await prepare(client);
    let plan = await client.pushes.plan({ zone: null });
    const planMs = await timed(async () => {
      plan = await client.pushes.plan({ zone: null });
    });
    let last: Push | undefined;
    const cpuBefore = process.cpuUsage();
    const ms = await timed(async () => {
      for await (const state of await client.pushes.start({ planHash: plan.hash, zone: null, note: 'bench', confirmWithinSeconds: CONFIRM_SECONDS })) last = state;
    });
    const { user, system } = process.cpuUsage(cpuBefore);
    countMissed(last);
    return { ms, planMs, cpuMs: (user + system) / 1000 };
  } finally {
    await backend.close();
  }
}

/** Another rule than before, so that every host's rules change. */
async function changeRule(client: BackendClient, n: number): Promise<void> {
  for (const { id } of (await client.policy.get({})).policy.rules) await client.policy.removeRule({ id });
  await client.policy.addRules({ rules: [aRule('allow', 'app=base', 'app=base', `tcp/${10_000 + n}`)] });
}

const lab = await startLab({ hosts: plainHosts(hostCount) });
try {
  // The lab keeps its hosts in this process, too.
  peakMb = residentMb();
  const labMb = peakMb;
  console.log(`${cpus().length} cores (${cpus()[0]?.model}), ${(totalmem() / 2 ** 30).toFixed(0)} GB, load ${loadavg()[0]?.toFixed(1)}; ${hostCount} hosts, ${PARALLEL} at once`);
  const { client, backend } = openConsole(workspacePath);
  const added = await timed(async () => {
    for (const host of lab.hosts) await addHost(client, host, lab.sshKeyPath);
  });
  const installed = await timed(() => overAll(client, 'install'));
  const observed = await timed(() => overAll(client, 'collect'));
  await draftZone(client, 'base', 'app=base', 'test');
  await backend.close();
  const tested = await push((each) => changeRule(each, 0));
  const enforced = await push((each) => moveZone(each, 'base', 'enforce'));
  console.log(`onboarding: keys compared ${seconds(added)}, agent installed ${seconds(installed)}, first facts and flows ${seconds(observed)}; to test ${seconds(tested.ms)}, to enforce ${seconds(enforced.ms)}`);

  const reader = openConsole(workspacePath);
  const texts = await Promise.all(lab.hosts.map(async ({ name, ipv4 }) => ({ name, address: ipv4, text: (await reader.client.pushes.text({ hostName: name })).after })));
  await reader.backend.close();
  const rivals = prepareRivals(folder, texts, lab.sshKeyPath, PARALLEL);
  // Everybody once before it counts: keys become known.
  await rivals.ssh();
  await rivals.ansible(false);
  const figures: Record<'push' | 'plan' | 'cpu' | 'ansible' | 'pipelined' | 'ssh' | 'logins', number[]> = { push: [], plan: [], cpu: [], ansible: [], pipelined: [], ssh: [], logins: [] };
  for (let round = 1; round <= rounds; round += 1) {
    const { ms, planMs, cpuMs } = await push((each) => changeRule(each, round));
    figures.push.push(ms);
    figures.plan.push(planMs);
    figures.cpu.push(cpuMs);
    figures.ansible.push(await rivals.ansible(false));
    figures.pipelined.push(await rivals.ansible(true));
    figures.ssh.push(await rivals.ssh());
    figures.logins.push(await rivals.logins());
  }
  const own = figures.push.slice(0, rounds);
  const row = (what: string, times: readonly number[]) => [what, seconds(median(times)), seconds(Math.min(...times)), seconds(Math.max(...times)), `${median(times.map((ms, index) => ms / (own[index] ?? Number.NaN))).toFixed(2)} ×`];
  console.log(
    `\n${printTable(
      [`${hostCount} hosts, medians of ${rounds}, in turns`, 'median', 'least', 'most', 'against our push'],
      [row('firebreak push: check, save, arm, load, prove, confirm', own), row('ansible: copy and nft -c', figures.ansible), row('ansible with pipelining: the same', figures.pipelined), row('parallel ssh: cat and nft -c', figures.ssh), row('parallel ssh: two logins and nothing else', figures.logins), row('of our push: CPU of the console', figures.cpu)],
    )}`,
  );
  for (let n = rounds + 1; n <= runs; n += 1) {
    const { ms } = await push((each) => changeRule(each, n));
    figures.push.push(ms);
    // The last ones may be an hour away.
    console.error(`bench: push ${n} of ${runs}: ${seconds(ms)}, ${leftBehind} left behind so far, ${residentMb().toFixed(0)} MB`);
  }
  const takenBack = await timed(async () => {
    const last = openConsole(workspacePath);
    let ended: Push | undefined;
    for await (const state of await last.client.pushes.rollback({ hosts: { kind: 'all' }, note: 'bench', confirmWithinSeconds: CONFIRM_SECONDS })) ended = state;
    countMissed(ended);
    await last.backend.close();
  });
  console.log(`\n${figures.push.length} pushes: median ${seconds(median(figures.push))}, ${leftBehind} hosts left behind; plan ${seconds(median(figures.plan))}; rollback of all ${seconds(takenBack)}; console at most ${peakMb.toFixed(0)} MB, of which the lab had ${labMb.toFixed(0)} MB before it began`);
  console.log(`aims: at least 5 times faster than ansible: ${(median(figures.ansible) / median(own)).toFixed(1)}; under 400 MB: ${peakMb < 400 ? 'met' : 'missed'}; no host left behind in ${figures.push.length} runs: ${leftBehind === 0 ? 'met' : 'missed'}`);
  process.exitCode = leftBehind === 0 ? 0 : 1;
} finally {
  clearInterval(watching);
  await lab.stop();
  remove();
  rmSync(folder, { recursive: true, force: true });
}
