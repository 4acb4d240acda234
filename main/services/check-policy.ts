import { FirebreakError, type Issue } from '../../shared/errors.ts';
import type { DnsName } from '../../shared/model/dns-name.ts';
import type { Cidr, Peer } from '../../shared/model/peer.ts';
import type { IpList, Policy, Rule } from '../../shared/model/policy.ts';
import type { ServiceRef } from '../../shared/model/service.ts';
import { parseCidr } from '../../shared/net/parse-cidr.ts';
import { parseDnsName } from '../../shared/net/parse-dns-name.ts';

type Known = { hosts: ReadonlySet<string>; policy: Policy };

/** @throws INPUT_INVALID when there is an issue; does nothing otherwise */
export function assertNoIssues(issues: readonly Issue[]): void {
  if (issues.length > 0) throw new FirebreakError('INPUT_INVALID', { issues: [...issues] });
}

/** CIDRs in canonical text, or the issues with their place. What comes over the wire is only typed as a CIDR: nobody has read it yet. */
export function canonicalCidrs(cidrs: readonly string[], path: string): { cidrs: Cidr[]; issues: Issue[] } {
  const issues: Issue[] = [];
  const good = cidrs.flatMap((text, i) => {
    const parsed = parseCidr(text);
    if (parsed.ok) return [parsed.value];
    issues.push(...parsed.issues.map((issue) => ({ ...issue, path: `${path}.${i}` })));
    return [];
  });
  return { cidrs: [...new Set(good)], issues };
}

/** The peer with canonical CIDRs, and every issue: bad CIDRs, and names of zones, hosts and IP lists that do not exist. */
export function checkPeer(peer: Peer, path: string, known: Known): { peer: Peer; issues: Issue[] } {
  const missing = (what: string, name: string, names: readonly string[]): Issue[] =>
    names.includes(name) ? [] : [{ path, message: `there is no ${what} “${name}” (known: ${names.length === 0 ? 'none' : names.slice(0, 8).join(', ')})` }];
  switch (peer.kind) {
    case 'any':
    case 'selector':
      return { peer, issues: [] };
    case 'zone':
      return {
        peer,
        issues: missing(
          'zone',
          peer.zone,
          known.policy.zones.map((z) => z.name),
        ),
      };
    case 'iplist':
      return {
        peer,
        issues: missing(
          'IP list',
          peer.ipList,
          known.policy.ipLists.map((l) => l.name),
        ),
      };
    case 'host':
      return { peer, issues: missing('host', peer.host, [...known.hosts]) };
    case 'cidr': {
      const { cidrs, issues } = canonicalCidrs(peer.cidrs, `${path}.cidrs`);
      return { peer: { kind: 'cidr', cidrs }, issues };
    }
  }
}

export function checkServiceRef(ref: ServiceRef, path: string, known: Known): Issue[] {
  if (ref.kind !== 'named' || known.policy.services.some((s) => s.name === ref.name)) return [];
  return [{ path, message: `there is no service “${ref.name}”; add it first, or write tcp/443` }];
}

export function checkRule(rule: Omit<Rule, 'id'>, path: string, known: Known): { rule: Omit<Rule, 'id'>; issues: Issue[] } {
  const from = checkPeer(rule.from, `${path}from`, known);
  const to = checkPeer(rule.to, `${path}to`, known);
  const services = rule.services.flatMap((s, i) => checkServiceRef(s, `${path}services.${i}`, known));
  const dates = (['reviewOn', 'expiresOn'] as const).flatMap((field) => checkDate(rule[field], `${path}${field}`));
  return { rule: { ...rule, from: from.peer, to: to.peer }, issues: [...from.issues, ...to.issues, ...services, ...dates, ...checkIdentities(rule, path)] };
}

/** Each end sees its own processes only, and a deny rule must be certain at the end that enforces it. */
function checkIdentities({ action, as, servedBy }: Omit<Rule, 'id'>, path: string): Issue[] {
  if (action === 'allow' || as === null || servedBy === null) return [];
  return [{ path: `${path}servedBy`, message: 'a deny rule names who sends or what listens, not both: neither end sees the other’s, so nobody could enforce it' }];
}

/** The schema knows the form only; 2026-02-31 has it. */
function checkDate(date: string | null, path: string): Issue[] {
  if (date === null) return [];
  const parsed = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(date) ? [] : [{ path, message: `${date} is not a day of the calendar` }];
}

/** As canonicalCidrs. */
function canonicalNames(texts: readonly string[]): { names: DnsName[]; issues: Issue[] } {
  const read = texts.map((text, i) => ({ parsed: parseDnsName(text), path: `names.${i}` }));
  return {
    names: [...new Set(read.flatMap(({ parsed }) => (parsed.ok ? [parsed.value] : [])))],
    issues: read.flatMap(({ parsed, path }) => (parsed.ok ? [] : parsed.issues.map((issue) => ({ ...issue, path })))),
  };
}

export function checkIpList(list: IpList): { list: IpList; issues: Issue[] } {
  const cidrs = canonicalCidrs(list.cidrs, 'cidrs');
  const except = canonicalCidrs(list.except, 'except');
  const names = canonicalNames(list.names ?? []);
  const networks = canonicalCidrs(list.nameNetworks ?? [], 'nameNetworks');
  const aboutNames = list.names === undefined && (list.nameDays !== undefined || list.nameNetworks !== undefined) ? [{ path: 'names', message: 'nameDays and nameNetworks are about answers to names, and this list has none' }] : [];
  return {
    list: { ...list, cidrs: cidrs.cidrs, except: except.cidrs, ...(list.names === undefined ? {} : { names: names.names }), ...(list.nameNetworks === undefined ? {} : { nameNetworks: networks.cidrs }) },
    issues: [...cidrs.issues, ...names.issues, ...networks.issues, ...aboutNames, ...except.issues],
  };
}

/** Everything in a whole policy: references, CIDRs, dates, and names that occur twice. Gives the policy in canonical form. */
export function checkPolicy(policy: Policy, hosts: ReadonlySet<string>): { policy: Policy; issues: Issue[] } {
  const known = { hosts, policy };
  const rules = policy.rules.map(({ id, ...rule }, i) => ({ id, ...checkRule(rule, `rules.${i}.`, known) }));
  const lists = policy.ipLists.map(checkIpList);
  const tests = policy.tests.map((t, i) => {
    const from = checkPeer(t.from, `tests.${i}.from`, known);
    const to = checkPeer(t.to, `tests.${i}.to`, known);
    return { test: { ...t, from: from.peer, to: to.peer }, issues: [...from.issues, ...to.issues, ...checkServiceRef(t.service, `tests.${i}.service`, known)] };
  });
  const services = policy.zones.flatMap((z, i) => (z.onlyServices ?? []).flatMap((ref, j) => checkServiceRef(ref, `zones.${i}.onlyServices.${j}`, known)));
  const closed = policy.containments.flatMap((one, i) =>
    one.kind === 'close'
      ? [...checkPeer({ kind: 'zone', zone: one.zone }, `containments.${i}.zone`, known).issues, ...one.services.flatMap((ref, j) => checkServiceRef(ref, `containments.${i}.services.${j}`, known))]
      : [],
  );
  const issues = [
    ...services,
    ...closed,
    ...repeated(
      'zones',
      policy.zones.map((z) => z.name),
    ),
    ...repeated(
      'rules',
      policy.rules.map((r) => r.id),
    ),
    ...repeated(
      'services',
      policy.services.map((s) => s.name),
    ),
    ...repeated(
      'ipLists',
      policy.ipLists.map((l) => l.name),
    ),
    ...repeated(
      'containments',
      policy.containments.map((c) => c.id),
    ),
    ...[...rules, ...lists, ...tests].flatMap((checked) => checked.issues),
  ];
  return {
    policy: { ...policy, rules: rules.map(({ id, rule }) => ({ id, ...rule })), ipLists: lists.map((l) => l.list), tests: tests.map((t) => t.test) },
    issues,
  };
}

const repeated = (path: string, names: readonly string[]): Issue[] =>
  [...new Set(names.filter((name, i) => names.indexOf(name) !== i))].map((name) => ({ path, message: `“${name}” is there more than once` }));
