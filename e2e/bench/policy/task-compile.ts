import { toBundle } from '../../../main/services/plan-bundles.ts';
import { createFleetCompiler } from '../../../shared/policy/fleet-compiler.ts';
import type { FleetHost } from '../../../shared/model/host.ts';
import type { HostId } from '../../../shared/model/ids.ts';
import type { HostRuleset } from '../../../shared/policy/host-ruleset.ts';
import { BENCH_NOW_MS, syntheticSite } from './synthetic-site.ts';
import { peakMb, type Size, type TaskResult, timed } from './timing.ts';

/** A fleet compiled by a process that never compiled before; then every host's text printed and hashed, one after the other and kept nowhere. */
export function measureCompile(size: Size): TaskResult {
  const { policy, hosts } = syntheticSite(1, size);
  const compile = timed(() => createFleetCompiler().compile(policy, hosts, { nowMs: BENCH_NOW_MS }));
  const compilePeakMb = peakMb();
  const rows = [...compile.value.values()].reduce((sum, { denyIn, allowIn, denyOut, allowOut }) => sum + denyIn.length + allowIn.length + denyOut.length + allowOut.length, 0);
  const print = timed(() => hosts.reduce((sum, host) => sum + printedLength(host, compile.value), 0));
  return { times: { compile: compile.timing, print: print.timing }, counts: { compilePeakMb, rowsAHost: rows / compile.value.size, textMb: print.value / 2 ** 20 }, peakMb: peakMb() };
}

function printedLength(host: FleetHost, rulesets: ReadonlyMap<HostId, HostRuleset>): number {
  const ruleset = rulesets.get(host.id);
  return ruleset ? toBundle(host, ruleset, 1).text.length : 0;
}
