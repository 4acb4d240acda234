import { FirebreakError } from '../errors.ts';
import type { FleetHost } from '../model/host.ts';
import type { HostId, RuleId } from '../model/ids.ts';
import type { Policy, Zone } from '../model/policy.ts';
import { printServiceRefs } from '../text/service-text.ts';
import { yearsAround } from '../time/schedule-windows.ts';
import { assembleRuleset, isSameRuleset, toEssential } from './assemble-ruleset.ts';
import { findDanglingReferences } from './check-references.ts';
import { createFleetIndex } from './fleet-index.ts';
import type { ContainmentRow, Essential, HostRuleset } from './host-ruleset.ts';
import { createContainmentLister } from './list-containments.ts';
import { listRows } from './list-rows.ts';
import { type PreparedRule, prepareRules } from './prepare-rules.ts';
import { createResolver, type Resolver } from './resolve.ts';
import { toServiceMatch } from './service-match.ts';

/** Rules and containments that have expired at `nowMs` compile to nothing; schedules are compiled for its year and the next two. */
export type CompileOptions = { readonly nowMs: number };

export type FleetCompiler = {
  /** One ruleset for each managed host, in the order of `hosts`. Throws INPUT_INVALID when the policy names what it does not have. */
  readonly compile: (policy: Policy, hosts: readonly FleetHost[], options: CompileOptions) => Map<HostId, HostRuleset>;
};

/**
 * Compiles again and again what changes little between. Each answer is deep-equal to a fresh compiler's; and what came out as it did the last time is
 * the same object again, down to a row, so that whoever printed or compared a ruleset can keep what came of it. Keeps its last answer and what that was made of.
 */
export function createFleetCompiler(): FleetCompiler {
  let read: ReadInput | undefined;
  let rules: readonly PreparedRule[] = [];
  let rulesets: ReadonlyMap<HostId, HostRuleset> = new Map();
  const compile = (policy: Policy, hosts: readonly FleetHost[], { nowMs }: CompileOptions): Map<HostId, HostRuleset> => {
    const issues = findDanglingReferences(policy);
    if (issues.length > 0) throw new FirebreakError('INPUT_INVALID', { issues });
    read = readInput(policy, hosts, read);
    rules = prepareRules(policy, read.resolver, nowMs, new Map<RuleId, PreparedRule>(rules.map((prepared) => [prepared.rule.id, prepared])));
    rulesets = assembleAll(read, listRows(read.resolver.fleet, read.resolver.zones, rules), { onlyOf: rememberOnly(policy), containmentsOf: createContainmentLister(policy, read.resolver, nowMs), years: yearsAround(nowMs) }, rulesets);
    return new Map(rulesets);
  };
  return { compile };
}

/** The fleet and what the resolver was made from. `given` is the caller's list of hosts, which is compared by its content. */
type ReadInput = { readonly given: readonly FleetHost[]; readonly fleetKey: () => string; readonly policyKey: string; readonly resolver: Resolver; readonly essentialOf: (host: FleetHost) => Essential };

/** Hosts, zones and lists change seldom, rules often: peers are resolved anew only with the former. */
function readInput(policy: Policy, hosts: readonly FleetHost[], former: ReadInput | undefined): ReadInput {
  const policyKey = JSON.stringify([policy.zones, policy.ipLists]);
  const fleetKey = remember(() => JSON.stringify(hosts));
  const isSameFleet = former !== undefined && (former.given === hosts || former.fleetKey() === fleetKey());
  // Peers of rules that are gone are kept until there are many of them.
  const isSmall = former !== undefined && former.resolver.known.size <= 4 * policy.rules.length + 1000;
  if (isSameFleet && isSmall && former.policyKey === policyKey) return { ...former, given: hosts };
  const resolver = createResolver(policy, hosts, isSameFleet ? former.resolver.fleet : createFleetIndex(hosts), former?.resolver.known);
  return { given: hosts, fleetKey, policyKey, resolver, essentialOf: isSameFleet ? former.essentialOf : rememberEssential() };
}

type Common = { readonly onlyOf: (zone: Zone) => HostRuleset['only']; readonly containmentsOf: (host: FleetHost) => readonly ContainmentRow[]; readonly years: ReturnType<typeof yearsAround> };

function assembleAll({ resolver, essentialOf }: ReadInput, rows: ReturnType<typeof listRows>, { onlyOf, containmentsOf, years }: Common, former: ReadonlyMap<HostId, HostRuleset>): Map<HostId, HostRuleset> {
  const all = new Map<HostId, HostRuleset>();
  resolver.fleet.hosts.forEach((host, i) => {
    if (!host.managed) return;
    const zone = resolver.zones.get(host.id)?.zone ?? null;
    const made = assembleRuleset(host, rows[i] ?? null, { zone, only: zone && onlyOf(zone), essential: essentialOf(host), containments: containmentsOf(host), years });
    const before = former.get(host.id);
    all.set(host.id, before && isSameRuleset(before, made) ? before : Object.freeze(made));
  });
  return all;
}

/** The services to which a zone's default applies, read once a zone. */
function rememberOnly({ services }: Policy): Common['onlyOf'] {
  const known = new Map<string, HostRuleset['only']>();
  return ({ name, onlyServices }) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const only = onlyServices && { services: toServiceMatch(onlyServices, services), text: printServiceRefs(onlyServices) };
    known.set(name, only);
    return only;
  };
}

/** Most hosts have the same consoles, resolvers and time servers. */
function rememberEssential(): (host: FleetHost) => Essential {
  const known = new Map<string, Essential>();
  return (host) => {
    const key = JSON.stringify([host.management, host.resolvers, host.timeServers]);
    const essential = known.get(key) ?? toEssential(host);
    known.set(key, essential);
    return essential;
  };
}

function remember(make: () => string): () => string {
  let made: string | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
