import { RuleId } from '../model/ids.ts';
import type { Cidr } from '../model/peer.ts';
import type { Policy, PolicyTest, Rule } from '../model/policy.ts';
import { parseCidr } from '../net/parse-cidr.ts';
import type { Parsed } from '../text/parsed.ts';
import { parseIdentity, parseUnitName, printIdentity } from '../text/identity-text.ts';
import { parsePeer, printPeer } from '../text/peer-text.ts';
import { parseSchedule, printSchedule } from '../text/schedule-text.ts';
import { parseSelectorSet, printSelectorSet } from '../text/selector-text.ts';
import { isReservedServiceName, parseServiceEntry, parseServiceRef, printServiceEntry, printServiceRef } from '../text/service-text.ts';
import { findDanglingReferences } from './check-references.ts';
import type { PolicyFile } from './policy-file.ts';

/** An issue with the place in the file's structure, to be turned into line and column. */
export type FileIssue = { readonly at: readonly (string | number)[]; readonly path: string; readonly message: string; readonly column: number };
type FromFile = { readonly ok: true; readonly value: Policy } | { readonly ok: false; readonly issues: readonly FileIssue[] };

/** Keys in a fixed order, empty metadata left out: what makes the export byte-stable. */
export function toPolicyFile(policy: Policy): object {
  const note = (text: string) => (text === '' ? {} : { note: text });
  return {
    firebreak: 1,
    zones: policy.zones.map((zone) => ({
      name: zone.name,
      select: printSelectorSet(zone.select),
      mode: zone.mode,
      outbound: zone.outbound,
      ...(zone.onlyServices ? { onlyServices: zone.onlyServices.map(printServiceRef) } : {}),
      ...note(zone.note),
    })),
    rules: policy.rules.map(toFileRule),
    services: policy.services.map((service) => ({ name: service.name, entries: service.entries.map(printServiceEntry), ...note(service.note) })),
    ipLists: policy.ipLists.map((list) => ({
      name: list.name,
      cidrs: list.cidrs,
      ...(list.except.length === 0 ? {} : { except: list.except }),
      ...note(list.note),
    })),
    tests: policy.tests.map((test) => ({ expect: test.expect, from: printPeer(test.from), to: printPeer(test.to), service: printServiceRef(test.service) })),
  };
}

function toFileRule(rule: Rule): object {
  const metadata = (['owner', 'reason', 'ticket', 'reviewOn', 'expiresOn'] as const).filter((key) => rule[key] !== '' && rule[key] !== null);
  return {
    id: rule.id,
    action: rule.action,
    from: printPeer(rule.from),
    to: printPeer(rule.to),
    services: rule.services.map(printServiceRef),
    ...(rule.as ? { as: printIdentity(rule.as) } : {}),
    ...(rule.servedBy === null ? {} : { servedBy: rule.servedBy }),
    ...(rule.schedule ? { schedule: printSchedule(rule.schedule) } : {}),
    ...Object.fromEntries(metadata.map((key) => [key, rule[key]])),
  };
}

/** Reads every text of the file; all issues at once. Names and ids that occur twice, and references to nothing, are issues too. */
export function fromPolicyFile(file: PolicyFile, newRuleId: () => RuleId): FromFile {
  const reader = createReader();
  const policy: Policy = {
    zones: file.zones.map((zone, i) => ({
      ...zone,
      select: reader.read(parseSelectorSet(zone.select), ['zones', i, 'select'], NOBODY),
      onlyServices: zone.onlyServices?.map((text, j) => reader.read(parseServiceRef(text), ['zones', i, 'onlyServices', j], SOME_SERVICE)) ?? null,
    })),
    rules: file.rules.map((rule, i) => readRule(rule, ['rules', i], reader, newRuleId)),
    services: file.services.map((service, i) => ({
      ...service,
      entries: service.entries.map((text, j) => reader.read(parseServiceEntry(text), ['services', i, 'entries', j], SOME_ENTRY)),
    })),
    ipLists: file.ipLists.map((list, i) => ({
      ...list,
      cidrs: reader.cidrs(list.cidrs, ['ipLists', i, 'cidrs']),
      except: reader.cidrs(list.except, ['ipLists', i, 'except']),
    })),
    tests: file.tests.map(
      (test, i): PolicyTest => ({
        expect: test.expect,
        from: reader.read(parsePeer(test.from), ['tests', i, 'from'], SOME_PEER),
        to: reader.read(parsePeer(test.to), ['tests', i, 'to'], SOME_PEER),
        service: reader.read(parseServiceRef(test.service), ['tests', i, 'service'], SOME_SERVICE),
      }),
    ),
  };
  checkTwice(policy, reader);
  for (const issue of findDanglingReferences(policy)) reader.add(placeOfReference(issue.path, policy), issue.message);
  return reader.issues.length > 0 ? { ok: false, issues: reader.issues } : { ok: true, value: policy };
}

/** Stand-ins for what could not be read, so that reading goes on to find the other issues; never returned. */
const NOBODY = { include: [{ terms: [{ key: 'none', op: '=' as const, values: ['none'] }] }], exclude: [] };
const SOME_PEER = { kind: 'selector' as const, select: NOBODY };
const SOME_SERVICE = { kind: 'any' as const };
const SOME_ENTRY = { kind: 'ports' as const, protocol: 'tcp' as const, from: 0, to: 0 };

type Reader = ReturnType<typeof createReader>;

function createReader() {
  const issues: FileIssue[] = [];
  const add = (at: readonly (string | number)[], message: string, column = 1) => issues.push({ at, path: at.join('.'), message, column });
  const read = <T>(result: Parsed<T>, at: readonly (string | number)[], standIn: T): T => {
    if (result.ok) return result.value;
    for (const issue of result.issues) add(at, issue.message, issue.column);
    return standIn;
  };
  const cidrs = (texts: readonly string[], at: readonly (string | number)[]): Cidr[] =>
    texts.flatMap((text, i) => {
      const cidr = read<Cidr | null>(parseCidr(text), [...at, i], null);
      return cidr === null ? [] : [cidr];
    });
  return { issues, add, read, cidrs };
}

function readRule(rule: PolicyFile['rules'][number], at: readonly (string | number)[], reader: Reader, newRuleId: () => RuleId): Rule {
  const id = rule.id === undefined ? null : RuleId.safeParse(rule.id);
  if (id && !id.success) reader.add([...at, 'id'], `“${rule.id}” is not the id of a rule (like r_0123456789ab); leave it out and the rule gets one`);
  return {
    ...rule,
    id: id?.success ? id.data : newRuleId(),
    from: reader.read(parsePeer(rule.from), [...at, 'from'], SOME_PEER),
    to: reader.read(parsePeer(rule.to), [...at, 'to'], SOME_PEER),
    services: rule.services.map((text, i) => reader.read(parseServiceRef(text), [...at, 'services', i], SOME_SERVICE)),
    as: rule.as === undefined ? null : reader.read(parseIdentity(rule.as), [...at, 'as'], null),
    servedBy: rule.servedBy === undefined ? null : reader.read(parseUnitName(rule.servedBy), [...at, 'servedBy'], null),
    schedule: rule.schedule === undefined ? null : reader.read(parseSchedule(rule.schedule), [...at, 'schedule'], null),
  };
}

function checkTwice(policy: Policy, reader: Reader): void {
  const check = (list: keyof Policy, what: string, names: readonly string[], key: string) => {
    names.forEach((name, i) => {
      if (names.indexOf(name) < i) reader.add([list, i, key], `there are two ${what} “${name}”; each is there once`);
    });
  };
  check(
    'zones',
    'zones',
    policy.zones.map((zone) => zone.name),
    'name',
  );
  check(
    'rules',
    'rules',
    policy.rules.map((rule) => rule.id),
    'id',
  );
  check(
    'services',
    'services',
    policy.services.map((service) => service.name),
    'name',
  );
  check(
    'ipLists',
    'IP lists',
    policy.ipLists.map((list) => list.name),
    'name',
  );
  policy.services.forEach((service, i) => {
    if (isReservedServiceName(service.name))
      reader.add(['services', i, 'name'], `“${service.name}” cannot be the name of a service, because rules use it for the protocol itself`);
  });
}

/** `rules.r_….from` names a rule by id; the file has it by position. */
function placeOfReference(path: string, policy: Policy): (string | number)[] {
  const [list = '', key = '', field = ''] = path.split('.');
  return [list, list === 'rules' ? policy.rules.findIndex((rule) => rule.id === key) : Number(key), field];
}
