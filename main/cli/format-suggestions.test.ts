import { expect, test } from 'vitest';
import type { Suggestion, SuggestionsView } from '../../shared/contract/suggest-views.ts';
import { aRule, peer } from '../../shared/policy/testing/builders.ts';
import { formatSuggestions } from './format-suggestions.ts';

const { id: _id, ...rule } = aRule();
const aSuggestion = (input: Partial<Suggestion> = {}): Suggestion => ({
  rule,
  explains: 2,
  seen: [],
  connections: 30,
  neverSeen: 1,
  neverSeenExamples: [],
  permittedBefore: 0,
  recognised: null,
  narrowed: null,
  evidence: '',
  ...input,
});
const anAnswer = (input: Partial<SuggestionsView> = {}): SuggestionsView => ({
  suggestions: [],
  totals: { explained: 2, connections: 30, neverSeen: 1, unexplainedConnections: 5, setAsideConnections: 41 },
  unexplained: [],
  setAside: [],
  imported: [],
  ...input,
});

test('rules come with what they permit too much, and shared services, narrowed rules, scans and the rest with why', () => {
  const lines = formatSuggestions(
    anAnswer({
      suggestions: [aSuggestion({ recognised: { kind: 'DNS', why: 'DNS: 4 hosts of 2 apps use 1 provider on udp/53' }, narrowed: 'role=web → role=db would newly permit 3 never seen' })],
      setAside: [{ peer: peer('10.0.0.66'), why: 'scan', text: '10.0.0.66 tried 41 ports on 1 host, 1 listened: h1 tcp/5432', exchanges: 41, connections: 41 }],
      unexplained: ['h1 → h2 gre: it has no ports (5 connections)'],
    }),
    ['r_1'],
  );
  expect(lines[0]?.split('\n')[1]).toMatch(/^r_1 +role=web +role=db +tcp\/5432 +2 +30 +1$/);
  expect(lines.slice(1)).toEqual([
    'Explained: 2 conversations with 30 connections. Newly permitted though never seen: 1. Left unexplained: 5 connections; set aside: 41.',
    'Shared services (1):',
    '  DNS, DNS: 4 hosts of 2 apps use 1 provider on udp/53 (role=web → role=db)',
    'Narrowed to what was seen; --whole-roles keeps roles whole (1):',
    '  role=web → role=db: role=web → role=db would newly permit 3 never seen',
    'Set aside; --keep-scanners takes scanners back in (1):',
    '  10.0.0.66 tried 41 ports on 1 host, 1 listened: h1 tcp/5432 (41 connections)',
    'Left unexplained (1):',
    '  h1 → h2 gre: it has no ports (5 connections)',
  ]);
});

test('nothing to suggest is said, and the rest after twenty lines is counted', () => {
  const lines = formatSuggestions(anAnswer({ unexplained: Array.from({ length: 22 }, (_, i) => `line ${i}`) }), []);
  expect([lines[0], lines.length, lines.at(-1)]).toEqual(['Nothing to suggest: every observed flow has a rule, or nothing was collected yet.', 23, '  and 2 more; --json has them all']);
});
