import { describe, expect, it } from 'vitest';
import { diffPolicy } from './diff-policy.ts';
import { mergePolicies } from './merge-policy.ts';
import { exportPolicyYaml, importPolicyYaml } from './policy-yaml.ts';
import { aNamedList, dnsName } from './testing/a-ledger.ts';
import { anIpList, aPolicy, expectParsed, ruleId } from './testing/builders.ts';

const noId = () => ruleId(999);
const file = (...keys: string[]) => ['firebreak: 1', 'ipLists:', '  - name: mirrors', ...keys.map((key) => `    ${key}`)].join('\n');
const issuesOf = (text: string) => {
  const result = importPolicyYaml(text, noId);
  return result.ok ? [] : result.issues.map(({ line, column, message }) => `${line}:${column} ${message}`);
};

describe('names in a policy file', () => {
  it('go round without changing a byte, and a list without names is written as it was before there were any', () => {
    const policy = aPolicy({ ipLists: [anIpList('office', ['10.0.0.0/8']), aNamedList({ names: ['deb.example.org', 'security.example.org'], nameDays: 14, nameNetworks: anIpList('x', ['10.2.0.0/16']).cidrs, note: 'apt' }), aNamedList({ name: 'mixed', cidrs: ['192.0.2.7'] })] });
    const text = exportPolicyYaml(policy);
    expect(text.slice(text.indexOf('ipLists:'), text.indexOf('tests:'))).toBe(
      [
        'ipLists:',
        '  - name: office',
        '    cidrs: [10.0.0.0/8]',
        '  - name: mirrors',
        '    names: [deb.example.org, security.example.org]',
        '    nameDays: 14',
        '    nameNetworks: [10.2.0.0/16]',
        '    note: apt',
        '  - name: mixed',
        '    cidrs: [192.0.2.7]',
        '    names: [deb.example.org]',
        '',
      ].join('\n'),
    );
    const back = expectParsed(importPolicyYaml(text, noId));
    expect([back, exportPolicyYaml(back)]).toEqual([policy, text]);
  });

  it('are read in any case, with a dot at the end, and once each', () => {
    expect(expectParsed(importPolicyYaml(file('names: [Deb.Example.org., deb.example.org]'), noId)).ipLists[0]?.names).toEqual([dnsName('deb.example.org')]);
  });

  it('are said to be wrong with line and column, all at once', () => {
    expect(issuesOf(file('names: [deb.example.org, "*.example.org", repo]', 'nameDays: 900', 'nameNetworks: [10.0.0.5/8]'))).toEqual([
      expect.stringMatching(/^4:30 “\*\.example\.org” is a wildcard/),
      expect.stringMatching(/^4:47 “repo” has no dot/),
      '5:15 “nameDays” is a number (900) here; write how many days an answer counts, from 1 to 90, or leave the key out for 7',
      '6:20 10.0.0.5/8 has host bits set; did you mean 10.0.0.0/8?',
    ]);
  });

  it('cannot be left out together with networks, and their settings mean nothing without them', () => {
    expect(issuesOf(file('note: nothing'))).toEqual([expect.stringContaining('an IP list needs “cidrs” or “names”; write a list of networks')]);
    expect(issuesOf(file('names: []'))).toEqual(['4:12 “names” is an empty list, which would match nothing; write a list of host names, such as [deb.debian.org]']);
    expect(issuesOf(file('cidrs: [10.0.0.0/8]', 'nameDays: 3', 'nameNetworks: [10.1.0.0/16]'))).toEqual([expect.stringContaining('5:15 “nameDays” is about answers to names, and this list has none'), expect.stringContaining('“nameNetworks” is about answers to names')]);
    expect(issuesOf(file(`names: [${Array.from({ length: 101 }, (_, i) => `n${i}.example.org`).join(', ')}]`))).toEqual(['4:12 the list has 101 names, and 100 are the most; make several lists']);
  });

  it('are merged with their list as a whole, and show in a difference', () => {
    const base = aPolicy({ ipLists: [aNamedList()] });
    const file = aPolicy({ ipLists: [aNamedList({ names: ['deb.example.org', 'ntp.example.org'] })] });
    expect(mergePolicies({ base, draft: base, file }, 'none')).toEqual({ policy: file, conflicts: [] });
    const draft = aPolicy({ ipLists: [aNamedList({ nameDays: 3 })] });
    expect(mergePolicies({ base, draft, file }, 'none').conflicts.map(({ name, draft: ours, file: theirs }) => [name, ours, theirs])).toEqual([['mirrors', 'deb.example.org; answers count 3 days', 'deb.example.org, ntp.example.org']]);
    expect(diffPolicy(base, file).map(({ before, after }) => [before, after])).toEqual([['deb.example.org', 'deb.example.org, ntp.example.org']]);
  });
});
