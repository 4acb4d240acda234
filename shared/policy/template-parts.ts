import type { Peer } from '../model/peer.ts';
import type { Policy, PolicyTest, Rule, Zone } from '../model/policy.ts';
import type { SelectorSet } from '../model/selector.ts';
import type { Service, ServiceEntry, ServiceRef } from '../model/service.ts';
import { failed, type Parsed, parsed } from '../text/parsed.ts';
import { parsePeer } from '../text/peer-text.ts';
import { parseSelectorSet } from '../text/selector-text.ts';
import { parseServiceEntries, parseServiceEntry, parseServiceRef } from '../text/service-text.ts';
import type { Template } from './template.ts';
import type { TemplateValue, TemplateValues } from './template-values.ts';

type NewRule = Omit<Rule, 'id'>;
/** What a template adds to a policy. Services that nothing names are not among them. */
export type TemplateParts = Pick<Policy, 'services' | 'zones' | 'tests'> & { readonly rules: readonly NewRule[] };

/** An issue of the template's own text, with its place in the file's structure. */
export type TemplateIssue = { readonly at: readonly (string | number)[]; readonly message: string; readonly column: number };

/**
 * Reads every text of a template with the parameters as given; all issues at once. Which texts are wrong depends on the kinds of the
 * parameters and not on their values, so a template that was read once with any values has no issues with others. A parameter
 * that is `none` reads as nobody here: `leaveOut` takes away what names one.
 */
export function readTemplateParts(template: Template, values: TemplateValues): { readonly parts: TemplateParts; readonly issues: readonly TemplateIssue[] } {
  const reader = createReader(template, values);
  const zones = template.zones.map((zone, i) => reader.zone(zone, ['zones', i]));
  const rules = template.rules.map((rule, i) => reader.rule(rule, ['rules', i]));
  const tests = template.tests.map((test, i) => reader.test(test, ['tests', i]));
  const refs = [...zones.flatMap((zone) => zone.onlyServices ?? []), ...rules.flatMap((rule) => rule.services), ...tests.map((test) => test.service)];
  const services = template.services
    .map((service, i) => reader.service(service, ['services', i]))
    .filter(({ name }) => refs.some((ref) => ref.kind === 'named' && ref.name === name));
  return { parts: { services, zones, rules, tests }, issues: reader.issues };
}

const NOBODY: SelectorSet = { include: [{ terms: [{ key: 'none', op: '=', values: ['none'] }] }], exclude: [] };
const SOME_ENTRY: ServiceEntry = { kind: 'ports', protocol: 'tcp', from: 0, to: 0 };

function createReader(template: Template, values: TemplateValues) {
  const issues: TemplateIssue[] = [];
  const names = new Set<string>(template.services.map(({ name }) => name));
  /** The stand-in lets reading go on to find the other issues. */
  const read = <T>(result: Parsed<T>, at: TemplateIssue['at'], standIn: T): T => {
    if (result.ok) return result.value;
    issues.push(...result.issues.map(({ message, column }) => ({ at, message, column: column ?? 1 })));
    return standIn;
  };
  const end = (text: string, at: TemplateIssue['at']): Peer => read(readEnd(text, values), at, { kind: 'selector', select: NOBODY });
  const service = (text: string, at: TemplateIssue['at']): ServiceRef => read(readServiceRef(text, names), at, { kind: 'any' });
  return {
    issues,
    service: ({ name, entries, what, source }: Template['services'][number], at: TemplateIssue['at']): Service => ({
      name,
      entries:
        typeof entries === 'string'
          ? [...read(readEntries(entries, values), [...at, 'entries'], [SOME_ENTRY])]
          : entries.map((text, i) => read(parseServiceEntry(text), [...at, 'entries', i], SOME_ENTRY)),
      note: `${what} (${source})`,
    }),
    zone: ({ select, onlyServices, ...zone }: Template['zones'][number], at: TemplateIssue['at']): Zone => ({
      ...zone,
      select: read(readSelector(select, values), [...at, 'select'], NOBODY),
      mode: 'observe',
      onlyServices: onlyServices?.map((text, i) => service(text, [...at, 'onlyServices', i])) ?? null,
    }),
    rule: ({ from, to, services, action, reason }: Template['rules'][number], at: TemplateIssue['at']): NewRule => ({
      action,
      from: end(from, [...at, 'from']),
      to: end(to, [...at, 'to']),
      services: services.map((text, i) => service(text, [...at, 'services', i])),
      ...{ as: null, servedBy: null, schedule: null, owner: '', reason, ticket: '', reviewOn: null, expiresOn: null },
    }),
    test: (test: Template['tests'][number], at: TemplateIssue['at']): PolicyTest => ({
      expect: test.expect,
      from: end(test.from, [...at, 'from']),
      to: end(test.to, [...at, 'to']),
      service: service(test.service, [...at, 'service']),
    }),
  };
}

/** The value that `$name` stands for; null for a text that is no parameter. */
function findValue(text: string, values: TemplateValues): Parsed<TemplateValue | null> {
  if (!text.startsWith('$')) return parsed(null);
  const value = values.get(text.slice(1));
  return value === undefined ? failed(`there is no parameter “${text}”; known: ${[...values.keys()].map((name) => `$${name}`).join(', ')}`) : parsed(value);
}

function readEnd(text: string, values: TemplateValues): Parsed<Peer> {
  const value = findValue(text, values);
  if (!value.ok) return value;
  switch (value.value?.kind) {
    case undefined:
      return parsePeer(text);
    case 'none':
      return parsed({ kind: 'selector', select: NOBODY });
    case 'end':
      return parsed(value.value.peer);
    case 'hosts':
      return parsed({ kind: 'selector', select: value.value.select });
    case 'ports':
      return failed(`${text} stands for ports; an end of a rule needs a parameter of kind end or hosts`);
  }
}

function readSelector(text: string, values: TemplateValues): Parsed<SelectorSet> {
  const value = findValue(text, values);
  if (!value.ok) return value;
  if (value.value === null) return parseSelectorSet(text);
  if (value.value.kind === 'none') return parsed(NOBODY);
  return value.value.kind === 'hosts' ? parsed(value.value.select) : failed(`a zone selects by labels; ${text} needs to be of kind hosts`);
}

function readEntries(text: string, values: TemplateValues): Parsed<readonly ServiceEntry[]> {
  const value = findValue(text, values);
  if (!value.ok) return value;
  if (value.value === null) return parseServiceEntries(text);
  if (value.value.kind === 'none') return parsed([SOME_ENTRY]);
  return value.value.kind === 'ports' ? parsed(value.value.entries) : failed(`${text} stands for hosts; a service needs a parameter of kind ports`);
}

/** A template brings the services that it names, so that it never means another one of that name by accident. */
function readServiceRef(text: string, names: ReadonlySet<string>): Parsed<ServiceRef> {
  const ref = parseServiceRef(text);
  if (!ref.ok || ref.value.kind !== 'named' || names.has(ref.value.name)) return ref;
  return failed(`the template has no service “${text}”; it has ${[...names].join(', ') || 'none'}`);
}
