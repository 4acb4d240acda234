import fc from 'fast-check';
import { expect, it } from 'vitest';
import { exportPolicyYaml, importPolicyYaml } from './policy-yaml.ts';
import { arbitraryPolicy } from './testing/arbitrary-policy.ts';
import { aPolicy, aRule, aZone, expectParsed, ruleId } from './testing/builders.ts';

const noId = () => ruleId(999);
const issuesOf = (text: string) => {
  const result = importPolicyYaml(text, noId);
  return result.ok ? [] : result.issues.map(({ line, column, message }) => `${line}:${column} ${message}`);
};

it('every policy comes back equal, and exports to the same bytes again', () => {
  for (let seed = 1; seed <= 150; seed++) {
    const { policy } = arbitraryPolicy(seed);
    const text = exportPolicyYaml(policy);
    const back = expectParsed(importPolicyYaml(text, noId));
    expect(back).toEqual(policy);
    expect(exportPolicyYaml(back)).toBe(text);
  }
});

it('what people write into notes and reasons comes back as it was, whatever it looks like', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.constantFrom(
      'yes',
      'caf\ufffd "x" \\',
      'null',
      '1e3',
      '2026-01-01',
      '- a',
      '# b',
      'a: b',
      '"',
      "'",
      '  x\n\ty\n',
      '\n',
      '&a',
      '*a',
      '!x',
      '%x',
      '| a',
      '> b',
      '\u0085',
      '\u2028',
    ),
  );
  fc.assert(
    fc.property(text, text, (reason, note) => {
      const policy = aPolicy({ zones: [aZone({ note })], rules: [aRule({ reason })] });
      const yaml = exportPolicyYaml(policy);
      const back = expectParsed(importPolicyYaml(yaml, noId));
      expect(back).toEqual(policy);
      expect(exportPolicyYaml(back)).toBe(yaml);
    }),
  );
});

it('gives every issue with the line and column at which it is', () => {
  const text = [
    'firebreak: 1',
    'zones:',
    '  - {name: a, select: role=, mode: test}',
    '  - {name: a, select: role=x, mode: test}',
    'rules:',
    '  - action: allow',
    '    from: "10.0.0.5/8"',
    '    to: zone:gone',
    '    services: [tcp/1, tcp/70000]',
  ].join('\n');
  expect(issuesOf(text)).toEqual([
    '3:28 a value is missing here; a label value is never empty',
    '4:12 there are two zones “a”; rename or remove one of them',
    '7:11 10.0.0.5/8 has host bits set; did you mean 10.0.0.0/8?',
    '8:9 there is no zone “gone”; known: a',
    '9:27 port 70000 does not exist; ports run from 0 to 65535',
  ]);
});

it('says which key is unknown or wrong, and where', () => {
  expect(issuesOf('firebreak: 1\nzones:\n  - name: a\n    select: a=b\n    mode: on\n')).toEqual([
    '5:11 “on” is no mode; write observe, test or enforce',
  ]);
  expect(issuesOf('zones: []')).toEqual(['1:1 a policy file begins with “firebreak: 1”; write that as its first line']);
  expect(issuesOf('firebreak: 1\nzone: []')).toEqual(['2:1 “zone” is no key of a policy file; did you mean “zones”?']);
  expect(issuesOf('firebreak: 1\nrules: [')[0]).toMatch(/^2:/);
});

it('gives a rule without id a new one', () => {
  const back = importPolicyYaml('firebreak: 1\nrules:\n  - {action: allow, from: any, to: any, services: tcp/1}\n', noId);
  expect(back.ok && back.value.rules.map((rule) => rule.id)).toEqual([ruleId(999)]);
});

it('is not blown up by aliases', () => {
  const bomb = [
    'firebreak: 1',
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdefghi'.split('').map((key, i) => `${key}: &${key} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]`),
  ].join('\n');
  expect(issuesOf(bomb)[0]).toMatch(/alias/i);
});
