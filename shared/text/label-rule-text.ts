import { type FactCondition, FactGlob, type LabelRule, LabelTemplate, NamePattern, PortFact, TextFact } from '../model/label-rule.ts';
import type { PublishedPort } from '../model/host.ts';
import type { Cidr } from '../model/peer.ts';
import { parseCidr } from '../net/parse-cidr.ts';
import { findNearest } from './did-you-mean.ts';
import { parseKeyValues, printLabels } from './label-text.ts';
import { collectParsed, failed, failedWith, type Parsed, parsed, type Piece, splitPieces, trimPiece } from './parsed.ts';
import { parseServiceEntry, printServiceEntry } from './service-text.ts';

const FACTS: readonly string[] = [...TextFact.options, ...PortFact.options];
const EXAMPLE = 'write for instance os=debian|ubuntu, listens=tcp/5432';

type Conditions = Pick<LabelRule, 'names' | 'networks' | 'facts'>;

/** Reads `db-*, pg-*`: alternatives, with commas or white space between. No text is no condition. */
export const parseNamePatterns = (text: string): Parsed<LabelRule['names']> => parseWords(text, (word) => {
  const pattern = NamePattern.safeParse(word);
  return pattern.success ? parsed(pattern.data) : failed(`“${word}”: ${pattern.error.issues[0]?.message ?? 'not a name pattern'}`);
});

/** Reads `10.0.0.0/8, fd00::/8` in the same way. */
export const parseLabelNetworks = (text: string): Parsed<Cidr[] | null> => parseWords(text, parseCidr);

/** Reads `os=debian|ubuntu, listens=tcp/5432`: conditions by commas, alternatives by `|`. */
export function parseFacts(text: string): Parsed<LabelRule['facts']> {
  if (text.trim() === '') return parsed(null);
  return collectParsed(splitPieces({ text, offset: 0 }, ',').map(parseFact));
}

/** Reads `env={env} role=db`. */
export const parseTemplates = (text: string): Parsed<LabelRule['labels']> => parseKeyValues(text, LabelTemplate);
export const printTemplates = (labels: LabelRule['labels']): string => printLabels(labels);

export const printNamePatterns = (names: LabelRule['names']): string => (names ?? []).join(', ');
export const printNetworks = (networks: LabelRule['networks']): string => (networks ?? []).join(', ');
export const printFacts = (facts: LabelRule['facts']): string => (facts ?? []).map(printFact).join(', ');

/** All conditions in one line: `name db-* or pg-*, address in 10.0.0.0/8, listens=tcp/5432`. */
export function describeConditions({ names, networks, facts }: Conditions): string {
  const parts = [names === null ? '' : `name ${names.join(' or ')}`, networks === null ? '' : `address in ${networks.join(' or ')}`, printFacts(facts)];
  return parts.filter((part) => part !== '').join(', ');
}

function printFact(condition: FactCondition): string {
  const values = condition.kind === 'text' ? condition.values : condition.ports.map((port) => printServiceEntry({ kind: 'ports', ...port }));
  return `${condition.fact}=${values.join('|')}`;
}

function parseWords<T>(text: string, parse: (word: string) => Parsed<T>): Parsed<T[] | null> {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  return words.length === 0 ? parsed(null) : collectParsed(words.map(parse));
}

function parseFact(piece: Piece): Parsed<FactCondition> {
  const at = piece.text.indexOf('=');
  if (at < 0) return failed(piece.text === '' ? `a condition is missing here; ${EXAMPLE}` : `“${piece.text}” is not a fact like os=debian; ${EXAMPLE}`, piece.offset + 1);
  const name = piece.text.slice(0, at).trim().toLowerCase();
  const values = splitPieces(trimPiece({ text: piece.text.slice(at + 1), offset: piece.offset + at + 1 }), '|');
  const text = TextFact.safeParse(name);
  if (text.success) {
    const globs = collectParsed(values.map(parseGlob));
    return globs.ok ? parsed({ kind: 'text', fact: text.data, values: globs.value }) : globs;
  }
  const port = PortFact.safeParse(name);
  if (!port.success) return failed(aboutFact(name), piece.offset + 1);
  const ports = collectParsed(values.map(parsePort));
  return ports.ok ? parsed({ kind: 'ports', fact: port.data, ports: ports.value }) : ports;
}

function aboutFact(name: string): string {
  const near = findNearest(name, FACTS);
  return `“${name}” is no fact that hosts report; ${near === null ? `the facts are ${FACTS.join(', ')}` : `did you mean ${near}?`}`;
}

function parseGlob(piece: Piece): Parsed<string> {
  if (piece.text === '') return failed('a value is missing here; for any value write *', piece.offset + 1);
  const glob = FactGlob.safeParse(piece.text);
  return glob.success ? parsed(glob.data) : failed(`“${piece.text}”: ${glob.error.issues[0]?.message ?? 'not a value'}`, piece.offset + 1);
}

function parsePort(piece: Piece): Parsed<PublishedPort> {
  const entry = parseServiceEntry(piece.text);
  if (!entry.ok) return failedWith(entry.issues.map((issue) => ({ ...issue, column: piece.offset + (issue.column ?? 1) })));
  if (entry.value.kind !== 'ports') return failed(`“${piece.text}” has no ports; write tcp/5432 or udp/5000-5010`, piece.offset + 1);
  const { protocol, from, to } = entry.value;
  return parsed({ protocol, from, to });
}
