import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasProgram } from '../../../build/debian/programs.ts';
import { toBundle } from '../../../main/services/plan-bundles.ts';
import type { FleetHost } from '../../../shared/model/host.ts';
import type { HostId } from '../../../shared/model/ids.ts';
import { Policy } from '../../../shared/model/policy.ts';
import { createFleetCompiler } from '../../../shared/policy/fleet-compiler.ts';
import type { HostRuleset } from '../../../shared/policy/host-ruleset.ts';
import { median } from '../statistics.ts';
import { BENCH_NOW_MS, syntheticSite } from './synthetic-site.ts';
import { addTiming, peakMb, type Size, type TaskResult, timed } from './timing.ts';

const CHECKED = 40;
const CHECK_EACH = 'TIMEFORMAT="%U %S %R"; for file; do time nft -c -f "$file" || exit 1; done';

/**
 * What Aerleon and Capirca were measured with: the stored policy read and validated, compiled, and printed for each host, one text after the other. Applications are small
 * here (10 hosts), because a term of theirs names few addresses. Some of the texts are then given to `nft -c`.
 */
export function measureTerms(size: Size): TaskResult {
  const { policy, hosts } = syntheticSite(1, { ...size, hostsAnApp: 10 });
  const json = JSON.stringify(policy);
  const validate = timed(() => Policy.parse(JSON.parse(json)));
  const compile = timed(() => createFleetCompiler().compile(validate.value, hosts, { nowMs: BENCH_NOW_MS }));
  const print = timed(() => printAll(hosts, compile.value));
  const peak = peakMb();
  const checks = canCheck() ? checkTexts(print.value.kept) : null;
  const nft = checks === null ? {} : { nftMedianMs: median(checks.map((one) => one.cpuMs)), nftWorstMs: Math.max(...checks.map((one) => one.cpuMs)), nftWorstWallMs: Math.max(...checks.map((one) => one.wallMs)) };
  const all = addTiming(validate.timing, addTiming(compile.timing, print.timing));
  return { times: { validate: validate.timing, compile: compile.timing, print: print.timing, all }, counts: { textMb: print.value.length / 2 ** 20, rowsAHost: print.value.rules / compile.value.size, ...nft }, peakMb: peak };
}

/** `rules` counts the hosts' rows; `kept` are the texts to check. */
function printAll(hosts: readonly FleetHost[], rulesets: ReadonlyMap<HostId, HostRuleset>): { length: number; rules: number; kept: string[] } {
  const printed: ReturnType<typeof printAll> = { length: 0, rules: 0, kept: [] };
  const step = Math.ceil(hosts.length / CHECKED);
  hosts.forEach((host, i) => {
    const ruleset = rulesets.get(host.id);
    if (!ruleset) return;
    const { text } = toBundle(host, ruleset, 1);
    printed.length += text.length;
    printed.rules += ruleset.denyIn.length + ruleset.allowIn.length + ruleset.denyOut.length + ruleset.allowOut.length;
    if (i % step === 0) printed.kept.push(text);
  });
  return printed;
}

/** A check needs a network namespace of its own, and that needs root. */
const canCheck = (): boolean => process.getuid?.() === 0 && hasProgram('nft') && hasProgram('unshare') && hasProgram('bash');

/** Times of nft itself: without its start in the namespace, with that of its process. */
function checkTexts(texts: readonly string[]): { cpuMs: number; wallMs: number }[] {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-bench-'));
  try {
    const paths = texts.map((text, i) => {
      const path = join(folder, `${i}.nft`);
      writeFileSync(path, text);
      return path;
    });
    const { status, stderr } = spawnSync('unshare', ['-n', 'bash', '-c', CHECK_EACH, 'bash', ...paths], { encoding: 'utf8', env: { ...process.env, TZ: 'UTC', LC_ALL: 'C' } });
    if (status !== 0) throw new Error(`nft -c refused a file: ${stderr.slice(0, 500)}`);
    return stderr.trim().split('\n').map((line) => {
      const [user = 0, system = 0, wall = 0] = line.split(' ').map(Number);
      return { cpuMs: (user + system) * 1000, wallMs: wall * 1000 };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
