import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Policy } from '../model/policy.ts';
import type { Comment } from './policy-comments.ts';
import { exportPolicyYaml } from './policy-yaml.ts';
import { readPolicyFile } from './read-policy-file.ts';
import { arbitraryPolicy } from './testing/arbitrary-policy.ts';
import { aPolicy, aRule, aZone, expectParsed, ruleId } from './testing/builders.ts';

const read = (text: string) => expectParsed(readPolicyFile(text, () => ruleId(999)));
const exportOf = ({ policy, comments }: { policy: Policy; comments: ReturnType<typeof read>['comments'] }, base: string | null = null) => exportPolicyYaml(policy, { comments, base });

/** What somebody may write behind a `#`, with a word in it by which it is found again. */
const words = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 20 }), fc.constantFrom('', ' ', '  two', ' # again', '- a', ' key: value', '\t', ' base: 12', '\u2028x', '"', "'", ' …')).map((text) => text.replaceAll(/[\n\r\uFFFD]|\p{Cc}/gu, '.'));
type Edit = { readonly at: number; readonly text: string; readonly indent: number; readonly behind: boolean; readonly blank: boolean };
const edits = fc.array(fc.record({ at: fc.nat(), text: words, indent: fc.constantFrom(0, 0, 2, 4, 6), behind: fc.boolean(), blank: fc.boolean() }), { maxLength: 12 });

/** Comments written into an export by hand: above a line, or behind it, wherever YAML has one and not inside of a text of several lines. */
function writeIn(yaml: string, hand: readonly Edit[]): { text: string; marks: string[] } {
  const lines = yaml.trimEnd().split('\n');
  const marks: string[] = [];
  for (const [i, { at, text, indent, behind, blank }] of hand.entries()) {
    const line = at % lines.length;
    const mark = `<${i}>`;
    const here = lines[line] ?? '';
    if (behind && !here.includes('#') && here !== '') lines[line] = `${here} #${text}${mark}`;
    else lines.splice(line, 0, ...(blank ? [''] : []), `${' '.repeat(indent)}#${text}${mark}`);
    marks.push(mark);
  }
  return { text: `${lines.join('\n')}\n`, marks };
}

it('comments written by hand survive an import, and the file then goes round without changing a byte', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), edits, (seed, hand) => {
      const { policy } = arbitraryPolicy(seed);
      const { text, marks } = writeIn(exportPolicyYaml(policy), hand);
      const first = read(text);
      expect(first.policy).toEqual(policy);
      const exported = exportOf(first, '0123456789abcdef');
      for (const mark of marks) expect(exported).toContain(mark);
      const second = read(exported);
      expect([second.policy, second.base]).toEqual([policy, '0123456789abcdef']);
      expect(exportOf(second, second.base)).toBe(exported);
    }),
    { numRuns: 30 },
  );
}, 60_000);

it('an edit leaves the comments of everything that it does not touch, in their places', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), edits, fc.nat(), (seed, hand, chosen) => {
      const { policy } = arbitraryPolicy(seed);
      fc.pre(policy.rules.length > 1);
      const before = read(writeIn(exportPolicyYaml(policy), hand).text);
      const gone = policy.rules[chosen % policy.rules.length];
      const edited = { ...policy, rules: policy.rules.filter((rule) => rule !== gone) };
      const after = read(exportOf({ policy: edited, comments: before.comments })).comments;
      // Empty lines may go with what stood above them, and what stood at the end of a list that is empty now stands above it.
      const said = (entries: [string, Comment][]) =>
        entries.flatMap(([address, { before = [], after, end = [] }]) => [...before.map((line) => [address, line]), ...(after === undefined ? [] : [[address, after]]), ...end.map((line) => [address, line])]).filter(([, line]) => line !== '').map((pair) => pair.join(': ')).sort();
      const untouched = Object.entries(before.comments).filter(([address]) => !address.startsWith(`rules > ${gone?.id ?? ''}`));
      expect(said(Object.entries(after))).toEqual(said(untouched));
    }),
    { numRuns: 30 },
  );
}, 60_000);

it('what is written about one entry of a list stays with it, and the list is then written one entry a line', () => {
  const text = [
    'firebreak: 1',
    '# who may reach the shop',
    'zones:',
    '  # the front, ask Ada',
    '  - {name: front, select: role=web, mode: test} # since May',
    'rules:',
    '  - id: r_000000000001',
    '    action: allow',
    '    from: any # the internet',
    '    to: zone:front',
    '    services:',
    '      - tcp/80   # redirects only',
    '      # and the real one',
    '      - tcp/443',
    '    # keep until the proxy is gone',
    '# the end',
    '',
  ].join('\r\n');
  expect(exportOf(read(text))).toBe(
    [
      '# Firebreak policy. Rules keep their id; leave it out of a new one and it gets one when imported.',
      '',
      'firebreak: 1',
      '# who may reach the shop',
      'zones:',
      '  # the front, ask Ada',
      '  # since May',
      '  - name: front',
      '    select: role=web',
      '    mode: test',
      '    outbound: open',
      'rules:',
      '  - id: r_000000000001',
      '    action: allow',
      '    from: any # the internet',
      '    to: zone:front',
      '    services:',
      '      - tcp/80 # redirects only',
      '      # and the real one',
      '      - tcp/443',
      '    # keep until the proxy is gone',
      'services: []',
      'ipLists: []',
      'tests: []',
      '',
      '# the end',
      '',
    ].join('\n'),
  );
});

it('comments of an object that is gone are gone with it, and do not move to another', () => {
  const { comments } = read('firebreak: 1\nzones:\n  # about a\n  - {name: a, select: role=a, mode: test}\n  # about b\n  - {name: b, select: role=b, mode: test}\n');
  const text = exportPolicyYaml(aPolicy({ zones: [aZone({ name: 'b' })], rules: [aRule()] }), { comments });
  expect([text.includes('about a'), text.includes('about b')]).toEqual([false, true]);
});
