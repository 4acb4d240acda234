import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installMissingPrograms } from '../../build/debian/install-packages.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { printAims } from './aims.ts';
import { type CollectResult, measureCollect, printCollect } from './collect-cost.ts';
import { measureObservers } from './observers.ts';
import { captureFirewalld, type CapturedFirewall, captureUfw } from './other-firewalls.ts';
import { listRulesets } from './rulesets.ts';
import { measureThroughput, printThroughput, type ThroughputRow } from './throughput.ts';

/**
 * `npm run bench:agent`: what the agent costs on a host, beside what others cost. Needs root and a C compiler; about 5 minutes.
 * `--rounds N` (at least 5 count), `--seconds S` of each measurement, `--short` (2 rounds of 0.2 s: proves that it works and nothing else),
 * `--part throughput|observers|collect` (repeatable). Without them: throughput 60 rounds of 0.15 s, since what else the machine does changes within
 * seconds and short turns share it fairly; the others 7 rounds of 1 s.
 */
const PARTS = ['throughput', 'observers', 'collect'];
const { values } = parseArgs({
  options: { rounds: { type: 'string' }, seconds: { type: 'string' }, short: { type: 'boolean' }, part: { type: 'string', multiple: true } },
});
const rounds = Number(values.rounds ?? (values.short ? 2 : 7));
const seconds = Number(values.seconds ?? (values.short ? 0.2 : 1));
const turns = { rounds: Number(values.rounds ?? (values.short ? 2 : 60)), seconds: Number(values.seconds ?? (values.short ? 0.2 : 0.15)) };
const parts = values.part ?? PARTS;
if (!(rounds >= 1) || !(seconds > 0) || parts.some((part) => !PARTS.includes(part))) {
  console.error('usage: agent.ts [--rounds N] [--seconds S] [--short] [--part throughput|observers|collect]');
  process.exit(2);
}

const log = (line: string) => console.error(`bench: ${line}`);
installMissingPrograms(['nft', 'ip', 'unshare', 'debootstrap', 'ssh-keygen', 'cc', 'iptables-legacy-restore', 'conntrack', 'tcpdump'], log);
const folder = mkdtempSync(join(tmpdir(), 'firebreak-bench-'));
const trafficPath = join(folder, 'traffic');
const hosts = [{ name: 'agent', role: 'plain' } as const, { name: 'ufw', role: 'plain' } as const, { name: 'firewalld', role: 'plain' } as const];
let lab: Lab | undefined;
let throughput: ThroughputRow[] = [];
let collect: CollectResult | undefined;
try {
  execFileSync('cc', ['-O2', '-o', trafficPath, new URL('./traffic.c', import.meta.url).pathname]);
  console.log(`kernel ${release()}, ${cpus().length} cores (${cpus()[0]?.model}), load ${loadavg()[0]?.toFixed(1)}; throughput ${turns.rounds} rounds of ${turns.seconds} s, else ${rounds} of ${seconds} s; medians`);
  lab = await startLab({ hosts });
  if (parts.includes('throughput')) {
    const captured = await captureOthers(lab);
    throughput = await measureThroughput(listRulesets(captured), trafficPath, turns.rounds, turns.seconds, log);
    console.log(`\n${printThroughput(throughput)}`);
  }
  if (parts.includes('observers')) console.log(`\n${await measureObservers(trafficPath, rounds, seconds, log)}`);
  if (parts.includes('collect')) {
    collect = await measureCollect(lab.host('agent'), lab.sshKeyPath, rounds, log);
    console.log(`\n${printCollect(collect)}`);
  }
  console.log(`\n${printAims(throughput, collect?.rows ?? [])}`);
  if (rounds < 5) console.log('fewer than five rounds: these figures prove that the benchmark works, and nothing else');
} finally {
  await lab?.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** What cannot be had here is left out, and said. */
async function captureOthers(running: Lab): Promise<CapturedFirewall[]> {
  const captured: CapturedFirewall[] = [];
  for (const [name, capture] of [
    ['ufw', captureUfw],
    ['firewalld', captureFirewalld],
  ] as const) {
    try {
      captured.push(await capture(running.host(name)));
    } catch (error) {
      console.log(`${name} is left out: ${error instanceof Error ? error.message.slice(0, 500) : String(error)}`);
    }
  }
  return captured;
}
