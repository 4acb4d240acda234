import type { Issue } from '../errors.ts';
import { RuleId } from '../model/ids.ts';
import { type IpList, MAX_NAMES, type Policy, type PolicyTest, type Rule } from '../model/policy.ts';
import { parseDnsName } from '../net/parse-dns-name.ts';
import { parseDate } from '../text/date-text.ts';
import { parseIdentity, parseUnitName, printIdentity } from '../text/identity-text.ts';
import { parsePeer, printPeer } from '../text/peer-text.ts';
import { parseSchedule, printSchedule } from '../text/schedule-text.ts';
import { parseSelectorSet, printSelectorSet } from '../text/selector-text.ts';
import { isReservedServiceName, parseServiceEntry, parseServiceRef, printServiceEntry, printServiceRef } from '../text/service-text.ts';
import { findDanglingReferences } from './check-references.ts';
import { readContainment, toFileContainment } from './containment-file.ts';
import { formOf } from './file-words.ts';
import type { PolicyFile } from './policy-file.ts';
import { createReader, type FileIssue, type FileReader } from './policy-file-reader.ts';

type FromFile = { readonly ok: true; readonly value: Policy } | { readonly ok: false; readonly issues: readonly FileIssue[] };

/** Asked for each rule without an id. */
export type NewRuleId = (rule: Omit<Rule, 'id'>) => RuleId;

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
      ...(list.cidrs.length === 0 ? {} : { cidrs: list.cidrs }),
      ...(list.names ? { names: list.names } : {}),
      ...(list.nameDays === undefined ? {} : { nameDays: list.nameDays }),
      ...(list.nameNetworks ? { nameNetworks: list.nameNetworks } : {}),
      ...(list.except.length === 0 ? {} : { except: list.except }),
      ...note(list.note),
    })),
    tests: policy.tests.map((test) => ({ expect: test.expect, from: printPeer(test.from), to: printPeer(test.to), service: printServiceRef(test.service) })),
    // Left out where there is none: what was exported before there were containments stays the same to the byte.
    ...(policy.containments.length === 0 ? {} : { containments: policy.containments.map(toFileContainment) }),
  };
}

function toFileRule(rule: Rule): object {
  const metadata = (['owner', 'reason', 'ticket', 'reviewOn', 'expiresOn'] as const).filter((key) => rule[key] !== '' && rule[key] !== null);
  return {
    id: rule.id,
    action: rule.action,
    ...(rule.disabled === true ? { disabled: true } : {}),
    from: printPeer(rule.from),
    to: printPeer(rule.to),
    services: rule.services.map(printServiceRef),
    ...(rule.as ? { as: printIdentity(rule.as) } : {}),
    ...(rule.servedBy === null ? {} : { servedBy: rule.servedBy }),
    ...(rule.schedule ? { schedule: printSchedule(rule.schedule) } : {}),
    ...Object.fromEntries(metadata.map((key) => [key, rule[key]])),
  };
}

/** Reads every text of the file; all issues at once. Names and ids that occur twice, and references to nothing (unless told not to), are issues too. */
export function fromPolicyFile(file: PolicyFile, newRuleId: NewRuleId, check: { readonly references: boolean } = { references: true }): FromFile {
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
    ipLists: file.ipLists.map((list, i) => readIpList(list, ['ipLists', i], reader)),
    tests: file.tests.map(
      (test, i): PolicyTest => ({
        expect: test.expect,
        from: reader.read(parsePeer(test.from), ['tests', i, 'from'], SOME_PEER),
        to: reader.read(parsePeer(test.to), ['tests', i, 'to'], SOME_PEER),
        service: reader.read(parseServiceRef(test.service), ['tests', i, 'service'], SOME_SERVICE),
      }),
    ),
    containments: file.containments.map((containment, i) => readContainment(containment, ['containments', i], reader)),
  };
  checkTwice(policy, reader);
  for (const issue of check.references ? findDanglingReferences(policy) : []) reader.add(placeOfReference(issue, policy), issue.message);
  return reader.issues.length > 0 ? { ok: false, issues: reader.issues } : { ok: true, value: policy };
}

/** Stand-ins for what could not be read, so that reading goes on to find the other issues; never returned. */
const NOBODY = { include: [{ terms: [{ key: 'none', op: '=' as const, values: ['none'] }] }], exclude: [] };
const SOME_PEER = { kind: 'selector' as const, select: NOBODY };
const SOME_SERVICE = { kind: 'any' as const };
const SOME_ENTRY = { kind: 'ports' as const, protocol: 'tcp' as const, from: 0, to: 0 };

function readIpList({ cidrs, names, nameNetworks, except, ...list }: PolicyFile['ipLists'][number], at: readonly (string | number)[], reader: FileReader): IpList {
  if (cidrs === undefined && names === undefined) reader.add([...at, 'cidrs'], `an IP list needs “cidrs” or “names”; ${formOf('cidrs')}`);
  if (names === undefined) {
    for (const key of ['nameDays', 'nameNetworks'] as const)
      if ({ ...list, nameNetworks }[key] !== undefined) reader.add([...at, key], `“${key}” is about answers to names, and this list has none; ${formOf('names')}`);
  }
  if (names !== undefined && names.length > MAX_NAMES) reader.add([...at, 'names'], `the list has ${names.length} names, and ${MAX_NAMES} are the most; make several lists`);
  return {
    ...list,
    cidrs: reader.cidrs(cidrs ?? [], [...at, 'cidrs']),
    ...(names === undefined ? {} : { names: [...new Set(reader.each(names, [...at, 'names'], parseDnsName))] }),
    ...(nameNetworks === undefined ? {} : { nameNetworks: reader.cidrs(nameNetworks, [...at, 'nameNetworks']) }),
    except: reader.cidrs(except, [...at, 'except']),
  };
}

function readRule({ disabled, ...rule }: PolicyFile['rules'][number], at: readonly (string | number)[], reader: FileReader, newRuleId: NewRuleId): Rule {
  const id = rule.id === undefined ? null : RuleId.safeParse(rule.id);
  if (id && !id.success) reader.add([...at, 'id'], `“${rule.id}” is not the id of a rule (like r_0123456789ab); leave it out and the rule gets one`);
  const read = {
    ...rule,
    ...(disabled === true ? { disabled } : {}),
    from: reader.read(parsePeer(rule.from), [...at, 'from'], SOME_PEER),
    to: reader.read(parsePeer(rule.to), [...at, 'to'], SOME_PEER),
    services: rule.services.map((text, i) => reader.read(parseServiceRef(text), [...at, 'services', i], SOME_SERVICE)),
    as: rule.as === undefined ? null : reader.read(parseIdentity(rule.as), [...at, 'as'], null),
    servedBy: rule.servedBy === undefined ? null : reader.read(parseUnitName(rule.servedBy), [...at, 'servedBy'], null),
    schedule: rule.schedule === undefined ? null : reader.read(parseSchedule(rule.schedule), [...at, 'schedule'], null),
    reviewOn: rule.reviewOn === null ? null : reader.read<string | null>(parseDate(rule.reviewOn), [...at, 'reviewOn'], null),
    expiresOn: rule.expiresOn === null ? null : reader.read<string | null>(parseDate(rule.expiresOn), [...at, 'expiresOn'], null),
  };
  return { ...read, id: id?.success ? id.data : newRuleId(read) };
}

function checkTwice(policy: Policy, reader: FileReader): void {
  const check = (list: keyof Policy, what: string, names: readonly string[], key: string) => {
    names.forEach((name, i) => {
      if (names.indexOf(name) < i) reader.add([list, i, key], `there are two ${what} “${name}”; ${list === 'rules' ? 'leave the id out of the copy and it gets one' : list === 'containments' ? 'remove one of them' : 'rename or remove one of them'}`);
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
  check(
    'containments',
    'containments',
    policy.containments.map((containment) => containment.id),
    'id',
  );
  policy.services.forEach((service, i) => {
    if (isReservedServiceName(service.name))
      reader.add(['services', i, 'name'], `“${service.name}” cannot be the name of a service, because rules use it for the protocol itself; choose another name`);
  });
}

/** `rules.r_….from` names a rule by id, and a list of services as a whole; the file has both by position. */
function placeOfReference({ path, message }: Issue, policy: Policy): (string | number)[] {
  const [list = '', key = '', field = ''] = path.split('.');
  const index = list === 'rules' ? policy.rules.findIndex((rule) => rule.id === key) : list === 'containments' ? policy.containments.findIndex((one) => one.id === key) : Number(key);
  const closure = list === 'containments' ? policy.containments[index] : undefined;
  const refs = closure?.kind === 'close' && field === 'services' ? closure.services : field === 'services' ? policy.rules[index]?.services : field === 'onlyServices' ? policy.zones[index]?.onlyServices : null;
  const entry = refs?.findIndex((ref) => ref.kind === 'named' && message.includes(`“${ref.name}”`)) ?? -1;
  return entry < 0 ? [list, index, field] : [list, index, field, entry];
}
