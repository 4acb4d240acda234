import { expect, test } from 'vitest';
import { diffPolicy } from './diff-policy.ts';
import { mergePolicies } from './merge-policy.ts';
import { exportPolicyYaml } from './policy-yaml.ts';
import { readPolicyFile } from './read-policy-file.ts';
import { aClosure, aPolicy, aQuarantine, aService, aZone, expectParsed, ruleId } from './testing/builders.ts';
import { listUses } from './where-used.ts';

const POLICY = aPolicy({
  zones: [aZone()],
  services: [aService('smb', 'tcp/445')],
  containments: [aQuarantine(), aClosure({ n: 2, services: 'smb,udp/137', except: ['host:h2 to h1', '10.0.0.9,10.1.0.0/16 to h1'] })],
});
const read = (text: string) => readPolicyFile(text, () => ruleId(9));

test('containments survive export and import to the byte, with the comments that people wrote', () => {
  const text = exportPolicyYaml(POLICY).replace('    kind: close', '    kind: close # until Monday');
  const file = expectParsed(read(text));
  expect(file.policy).toEqual(POLICY);
  expect(exportPolicyYaml(file.policy, { comments: file.comments })).toBe(text);
  expect(text).toContain('    except: [host:h2 to h1, "10.0.0.9, 10.1.0.0/16 to h1"]\n');
});

test('a policy without containments is exported as before there were any', () => {
  expect(exportPolicyYaml(aPolicy())).not.toContain('containments');
});

test('every mistake is told with its line and column and what to write', () => {
  const text = [
    'firebreak: 1',
    'containments:',
    '  - { id: q1, kind: quarantine, host: h1, startsAt: 2026-01-15T00:00:00Z, endsAt: 2026-01-15T04:00:00Z, reason: odd }',
    '  - { id: c_000000000001, kind: quarantine, zone: shop, startsAt: 2026-01-15T00:00:00Z, endsAt: tomorrow, reason: odd }',
    '  - { id: c_000000000004, kind: close, zone: gone, except: [db1, role=web to db1], startsAt: 2026-01-15T00:00:00Z, endsAt: 2026-13-15T04:00:00Z, reason: odd }',
    '  - { id: c_000000000002, kind: shut, host: h1, startsAt: 2026-01-15T00:00:00Z, endsAt: 2026-01-15T04:00:00Z, reason: odd }',
    '  - { id: c_000000000001, kind: quarantine, host: h1, startsAt: 2026-01-15T00:00:00Z, endsAt: 2026-01-15T04:00:00Z }',
    '  - { id: c_000000000005, kind: quarantine, host: h1, startsAt: 2026-02-28T24:00:00Z, endsAt: 2026-02-30T04:00:00Z, reason: odd }',
    '  - { id: c_000000000006, kind: quarantine, host: h1, startsAt: 2026-01-15T04:00:00Z, endsAt: 2026-01-15T04:00:00Z, reason: odd }',
    '  - { id: c_000000000007, kind: quarantine, host: h1, startsAt: 2026-01-15T00:00:00Z, endsAt: 2026-02-14T00:00:01Z, reason: odd }',
    '',
  ].join('\n');
  const result = read(text);
  expect(result.ok ? [] : result.issues.map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual([
    '3:11 “q1” is not the id of a containment (like c_0123456789ab); firebreak quarantine and firebreak close make them',
    '4:5 a quarantine needs “host”; write the name of the host',
    '4:51 “zone” is no key of a containment of the kind quarantine; a quarantine has a host',
    '4:97 “tomorrow”: an instant is written 2027-01-31T18:30:00Z, in UTC',
    '5:5 a closed service needs “services”; write a list such as [tcp/445]',
    '5:46 there is no zone “gone”; known: none',
    '5:61 “db1” is no pair; write who may go on, such as host:web1 to db1, or 10.0.0.5 to db1',
    '5:66 “role=web” is neither one host nor addresses; write who may go on, such as host:web1 to db1, or 10.0.0.5 to db1',
    '5:124 “2026-13-15T04:00:00Z”: there is no such day or time',
    '6:33 “shut” is no kind; write quarantine or close',
    '7:5 a containment needs “reason”; write why',
    '7:11 there are two containments “c_000000000001”; remove one of them',
    '8:65 “2026-02-28T24:00:00Z”: there is no such day or time',
    '8:95 “2026-02-30T04:00:00Z”: there is no such day or time',
    '9:95 “2026-01-15T04:00:00Z” is not after startsAt; write a later time',
    '10:95 “2026-02-14T00:00:01Z” is more than 30 days after startsAt; what is to last longer is a rule that denies',
  ]);
});

test('merging keeps a quarantine that the draft got after the file was exported', () => {
  const base = aPolicy({ zones: [aZone()] });
  const draft = { ...base, containments: [aQuarantine()] };
  const file = { ...base, zones: [aZone({ note: 'edited' })] };
  expect(mergePolicies({ base, draft, file }, 'none')).toEqual({ policy: { ...file, containments: [aQuarantine()] }, conflicts: [] });
  const longer = { ...base, containments: [aQuarantine({ endsAt: '2026-01-16T00:00:00Z' })] };
  expect(mergePolicies({ base: draft, draft: longer, file: base }, 'none').conflicts).toMatchObject([{ what: 'containment', name: 'c_000000000001', file: null }]);
});

test('a diff has one row a containment, and where-used names what it is about', () => {
  const extended = { ...POLICY, containments: [aQuarantine({ endsAt: '2026-01-15T08:00:00Z' })] };
  expect(diffPolicy(POLICY, extended).map(({ change, what, name }) => `${change} ${what} ${name}`)).toEqual(['changed containment c_000000000001', 'removed containment c_000000000002']);
  const uses = (kind: 'host' | 'zone' | 'service', name: string) => listUses(POLICY, { kind, name }).map((use) => `${use.label} as ${use.as}`);
  expect([uses('host', 'h1'), uses('host', 'h2'), uses('zone', 'shop'), uses('service', 'smb')]).toEqual([
    ['containment c_000000000001 as quarantined', 'containment c_000000000002 as exempted provider and exempted provider'],
    ['containment c_000000000002 as exempted consumer'],
    ['containment c_000000000002 as closed in'],
    ['containment c_000000000002 as closed service'],
  ]);
});
