import { expect, it } from 'vitest';
import { parseTemplate } from './template-yaml.ts';
import { expectParsed } from './testing/builders.ts';

const GOOD = `firebreakTemplate: 1
name: cache
title: Cache
purpose: The application uses its cache.
parameters:
  - {name: app, what: applications, default: role=app}
  - {name: cache, what: caches, kind: hosts, default: role=cache}
  - {name: port, what: the port, kind: ports, default: none}
services:
  - {name: redis, entries: $port, what: Redis, source: IANA redis}
zones:
  - {name: caches, select: $cache, onlyServices: [redis]}
rules:
  - {from: $app, to: $cache, services: [redis], reason: the application uses its cache}
tests:
  - {expect: allow, from: $app, to: $cache, service: redis}
limits: [One cache.]
`;

/** The issues of the good file with one text replaced, as a person sees them. */
function issuesWith(from: string, to: string): string[] {
  if (!GOOD.includes(from)) throw new Error(`the file has no “${from}”`);
  const parsed = parseTemplate(GOOD.replace(from, to));
  return parsed.ok ? [] : parsed.issues.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

it('a good file reads; a default of none is checked by its kind all the same', () => {
  expect(expectParsed(parseTemplate(GOOD)).rules).toEqual([{ action: 'allow', from: '$app', to: '$cache', services: ['redis'], reason: 'the application uses its cache' }]);
});

it.each([
  ['another format', 'firebreakTemplate: 1', 'firebreakTemplate: 2', ['1:20 a template begins with “firebreakTemplate: 1”']],
  ['a parameter that there is not', 'from: $app', 'from: $ap', ['14:12 there is no parameter “$ap”; known: $app, $cache, $port']],
  ['ports as an end', 'to: $cache, services', 'to: $port, services', ['14:22 $port stands for ports; an end of a rule needs a parameter of kind end or hosts']],
  ['hosts as ports', 'entries: $port', 'entries: $app', ['10:28 $app stands for hosts; a service needs a parameter of kind ports', '8:12 nothing in the template uses $port']],
  ['an end as a zone’s selector', 'select: $cache', 'select: $app', ['12:28 a zone selects by labels; $app needs to be of kind hosts']],
  ['a service that it does not bring', 'services: [redis], reason', 'services: [reds], reason', ['14:41 the template has no service “reds”; it has redis']],
  ['a wrong default', 'default: role=app', 'default: role', [expect.stringMatching(/^6:46 “role” is not an end of a rule/)]],
  ['ports that are none', 'entries: $port', 'entries: [tcp/99999]', ['10:33 port 99999 does not exist; ports run from 0 to 65535', '8:12 nothing in the template uses $port']],
  ['a service named like a protocol', 'name: redis', 'name: tcp', [expect.stringContaining('12:'), expect.stringContaining('14:'), expect.stringContaining('16:'), '10:12 “tcp” cannot be the name of a service, because rules use it for the protocol itself']],
  ['a parameter twice', 'name: cache, what: caches', 'name: app, what: caches', expect.arrayContaining(['7:12 “app” is there more than once'])],
  ['no tests', '  - {expect: allow, from: $app, to: $cache, service: redis}', '  []', [expect.stringContaining('16:')]],
  ['no source of the ports', ', source: IANA redis', '', [expect.stringContaining('10:')]],
  ['a key that nobody knows', 'limits:', 'limit: 1\nlimits:', [expect.stringContaining('limit')]],
  ['text that is not YAML', 'parameters:', 'parameters: [', ['6:3 Block collections are not allowed within flow collections', expect.stringContaining('9:1 ')]],
])('%s is said with its place', (_what, from, to, expected) => {
  expect(issuesWith(from, to)).toEqual(expected);
});
