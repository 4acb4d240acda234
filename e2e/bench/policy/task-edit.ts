import { createBundleMaker, type HostBundle } from '../../../main/services/plan-bundles.ts';
import { FleetHost } from '../../../shared/model/host.ts';
import type { HostId } from '../../../shared/model/ids.ts';
import { Policy, type Rule } from '../../../shared/model/policy.ts';
import { diffHostRulesets } from '../../../shared/policy/diff-host.ts';
import { median } from '../statistics.ts';
import { BENCH_NOW_MS, syntheticSite } from './synthetic-site.ts';
import { peakMb, type Size, type TaskResult, timed, type Timing } from './timing.ts';

const EDITS = 9;
const OPTIONS = { policyVersion: 0, nowMs: BENCH_NOW_MS };

/**
 * One rule edited, from the new policy to the new text of every host and the diff of those that change. Each time all objects are new, as they are when a
 * workspace's draft is read again. Rules from all over the list are changed, removed and added in turn. `full` is the same by a fresh compiler.
 */
export function measureEdit(size: Size): TaskResult {
  const { policy, hosts } = syntheticSite(1, size);
  const make = createBundleMaker();
  let policyJson = JSON.stringify(policy);
  const hostsJson = JSON.stringify(hosts);
  let before = make(policy, hosts, OPTIONS);
  const timings: Timing[] = [];
  let changed = 0;
  for (let n = 0; n < EDITS; n++) {
    const edited = { ...Policy.parse(JSON.parse(policyJson)) };
    edited.rules = editRules(edited.rules, n);
    policyJson = JSON.stringify(edited);
    const fleet = FleetHost.array().parse(JSON.parse(hostsJson));
    const { value, timing } = timed(() => diffAll(before, make(edited, fleet, OPTIONS)));
    timings.push(timing);
    before = value.after;
    changed += value.changed;
  }
  const last = Policy.parse(JSON.parse(policyJson));
  const full = timed(() => createBundleMaker()(last, FleetHost.array().parse(JSON.parse(hostsJson)), OPTIONS));
  const edit = { cpuMs: median(timings.map((one) => one.cpuMs)), wallMs: median(timings.map((one) => one.wallMs)) };
  const worst = { cpuMs: Math.max(...timings.map((one) => one.cpuMs)), wallMs: Math.max(...timings.map((one) => one.wallMs)) };
  return { times: { edit, worst, full: full.timing }, counts: { hostsChanged: changed / EDITS }, peakMb: peakMb() };
}

/** The n-th edit: another port, one rule less, one rule more. */
function editRules(rules: readonly Rule[], n: number): Rule[] {
  const at = Math.floor(((n + 0.5) / EDITS) * rules.length);
  const chosen = rules[at];
  if (!chosen || n % 3 === 1) return rules.filter((_, i) => i !== at);
  const other: Rule = { ...chosen, services: [{ kind: 'inline', entry: { kind: 'ports', protocol: 'tcp', from: 7000 + n, to: 7000 + n } }] };
  return n % 3 === 0 ? rules.map((rule, i) => (i === at ? other : rule)) : [...rules.slice(0, at), { ...other, id: newId(chosen, n) }, ...rules.slice(at)];
}

const newId = ({ id }: Rule, n: number): Rule['id'] => Policy.shape.rules.element.shape.id.parse(`${id.slice(0, -2)}z${n}`);

function diffAll(before: ReadonlyMap<HostId, HostBundle>, after: Map<HostId, HostBundle>): { after: Map<HostId, HostBundle>; changed: number } {
  let changed = 0;
  for (const [id, { hash, ruleset }] of after) {
    const was = before.get(id);
    if (was && was.hash !== hash && diffHostRulesets(was.ruleset, ruleset).length > 0) changed++;
  }
  return { after, changed };
}
