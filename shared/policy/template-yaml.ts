import { LineCounter, parseDocument } from 'yaml';
import type { Issue } from '../errors.ts';
import { failedWith, type Parsed, parsed } from '../text/parsed.ts';
import { isReservedServiceName } from '../text/service-text.ts';
import { Template } from './template.ts';
import { readTemplateParts, type TemplateIssue } from './template-parts.ts';
import { parseTemplateValue, type TemplateValues } from './template-values.ts';
import { offsetOf, placeOf, readPlain } from './yaml-places.ts';

/** The template of a file, or every issue with line and column: its form, its defaults, and whatever names what it does not have. */
export function parseTemplate(text: string): Parsed<Template> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) return failedWith(document.errors.map((error) => ({ path: '', message: error.message, ...placeOf(text, lines, error.pos[0]) })));
  const locate = (at: readonly PropertyKey[], message: string, column = 1): Issue => ({ path: at.join('.'), message, ...placeOf(text, lines, offsetOf(document, at, column)) });
  const plain = readPlain(document, (offset, message) => ({ path: '', message, ...placeOf(text, lines, offset) }));
  if (!plain.ok) return plain;
  const template = Template.safeParse(plain.value);
  if (!template.success) return failedWith(template.error.issues.map((issue) => locate(issue.path, issue.message)));
  const issues = checkTemplate(template.data).map(({ at, message, column }) => locate(at, message, column));
  return issues.length > 0 ? failedWith(issues) : parsed(template.data);
}

function checkTemplate(template: Template): TemplateIssue[] {
  const issues: TemplateIssue[] = [];
  const values: TemplateValues = new Map(
    template.parameters.map(({ name, kind, default: text }, i) => {
      const value = parseTemplateValue(kind, text);
      if (!value.ok) issues.push(...value.issues.map(({ message, column }) => ({ at: ['parameters', i, 'default'], message, column: column ?? 1 })));
      // Of a default that is none, or wrong, the kind still says where it may stand.
      return [name, value.ok && value.value.kind !== 'none' ? value.value : ANY_OF_KIND[kind]];
    }),
  );
  issues.push(...readTemplateParts(template, values).issues, ...findUnused(template));
  const repeated = (list: 'parameters' | 'services' | 'zones') =>
    template[list].forEach(({ name }, i) => {
      if (template[list].findIndex((other) => other.name === name) < i) issues.push({ at: [list, i, 'name'], message: `“${name}” is there more than once`, column: 1 });
    });
  (['parameters', 'services', 'zones'] as const).forEach(repeated);
  template.services.forEach(({ name }, i) => {
    if (isReservedServiceName(name)) issues.push({ at: ['services', i, 'name'], message: `“${name}” cannot be the name of a service, because rules use it for the protocol itself`, column: 1 });
  });
  return issues;
}

const NONE = { include: [{ terms: [{ key: 'none', op: '=' as const, values: ['none'] }] }], exclude: [] };
const ANY_OF_KIND = {
  end: { kind: 'end', peer: { kind: 'any' } },
  hosts: { kind: 'hosts', select: NONE },
  ports: { kind: 'ports', entries: [{ kind: 'ports', protocol: 'tcp', from: 0, to: 0 }] },
} as const;

/** A parameter that does nothing would be a promise that is not kept. */
function findUnused(template: Template): TemplateIssue[] {
  const used = new Set([
    ...template.services.map(({ entries }) => (typeof entries === 'string' ? entries : '')),
    ...template.zones.map(({ select }) => select),
    ...[...template.rules, ...template.tests].flatMap(({ from, to }) => [from, to]),
  ]);
  return template.parameters.flatMap(({ name }, i) => (used.has(`$${name}`) ? [] : [{ at: ['parameters', i, 'name'], message: `nothing in the template uses $${name}`, column: 1 }]));
}
