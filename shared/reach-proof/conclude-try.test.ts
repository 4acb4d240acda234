import { describe, expect, test } from 'vitest';
import type { ReachTry } from '../model/reach-proof.ts';
import { concludeTry } from './conclude-try.ts';

/** web1 connects to db1, both ends saw it pass, and it must. */
const aTry = (given: Partial<ReachTry> = {}): ReachTry => ({
  test: '', from: 'web1', fromZone: 'web', source: '10.0.0.1', to: 'db1', toZone: 'db', destination: '10.0.0.2', port: 5432, expect: 'allow', untried: '', user: 'root', tool: 'python3',
  answer: 'connected', sent: 'yes', left: 'yes', arrived: 'yes', entered: 'yes', sourceSilent: '', destinationSilent: '', ...given,
});
const dropped = { answer: 'timed-out', entered: 'no' } as const;
const rejected = { answer: 'unreachable', left: 'no', arrived: 'no', entered: 'no' } as const;
const lost = { answer: 'timed-out', arrived: 'no', entered: 'no' } as const;
const away = { arrived: 'unknown', entered: 'unknown', destinationSilent: 'db1 could not be reached' } as const;
const blind = { sent: 'unknown', left: 'unknown', sourceSilent: 'its nft is too old' } as const;
const concluded = (given: Partial<ReachTry>) => {
  const { conclusion, cause } = concludeTry(aTry(given));
  return `${conclusion}: ${cause}`;
};

describe('what must get through', () => {
  test.each([
    ['a listener took it', {}, 'allowed: db1 let it in and took the connection'],
    ['a reset of a host past whose rules it came', { answer: 'refused' }, 'allowed: db1 let it in; nothing listens there'],
    ['dropped on its way in', dropped, 'contradicts: refused by db1 on its way in'],
    ['a reset that rules sent', { answer: 'refused', entered: 'no' }, 'contradicts: refused by db1 on its way in'],
    ['rejected on its way out', rejected, 'contradicts: refused by web1 on its way out'],
    ['gone between the two', lost, 'not-proven: it left web1 and never came to db1 (no answer came): something between them refuses or translates it'],
    ['let in, and the answer lost', { answer: 'timed-out' }, 'not-proven: db1 let it in, and no answer came back to web1 (no answer came)'],
    ['connected, and the destination is away', away, 'not-proven: it connected; db1 did not witness: db1 could not be reached'],
    ['connected to somebody else', { arrived: 'no', entered: 'no' }, 'not-proven: it left web1 and never came to db1 (it connected): something between them refuses or translates it'],
    ['no way there', { answer: 'unreachable', sent: 'no', left: 'no', arrived: 'no', entered: 'no' }, 'not-proven: web1 sent nothing (it was told that nobody is to be reached): it has no way there'],
    ['connected past a destination that only the input of its rules did not see', { entered: 'no' }, 'not-proven: it connected, and what the two ends saw does not fit together: it may be translated on db1'],
  ] satisfies [string, Partial<ReachTry>, string][])('%s', (_what, given, expected) => expect(concluded(given)).toBe(expected));
});

describe('what must not', () => {
  test.each([
    ['dropped on its way in', dropped, 'blocked: refused by db1 on its way in'],
    ['rejected on its way out', rejected, 'blocked: refused by web1 on its way out'],
    ['rejected on its way out, and the destination is away', { ...rejected, ...away }, 'blocked: refused by web1 on its way out'],
    ['a time-out alone, with the destination away', { answer: 'timed-out', ...away }, 'not-proven: no answer came; db1 did not witness: db1 could not be reached'],
    ['a time-out alone, with nobody who witnesses', { answer: 'timed-out', ...away, ...blind }, 'not-proven: no answer came; web1 did not witness: its nft is too old; db1 did not witness: db1 could not be reached'],
    ['a time-out, gone between the two', lost, 'not-proven: it left web1 and never came to db1 (no answer came): something between them refuses or translates it'],
    ['connected', {}, 'contradicts: db1 let it in and took the connection'],
    ['connected, whatever anybody witnessed', { ...away, ...blind }, 'contradicts: it connected, though it must not'],
    ['a reset of a host past whose rules it came', { answer: 'refused' }, 'contradicts: db1 let it in; only nothing listens there'],
    ['let in, and the answer lost', { answer: 'timed-out' }, 'contradicts: db1 let it in, although no answer came back'],
    ['several at once that went different ways', { answer: 'timed-out', entered: 'mixed' }, 'not-proven: other connections of the same two ends at the same moment went different ways, and it is not known which of them was this one'],
  ] satisfies [string, Partial<ReachTry>, string][])('%s', (_what, given, expected) => expect(concluded({ ...given, expect: 'deny' })).toBe(expected));
});

test.each([
  ['no tool', { answer: 'no-tool' }, 'not-proven: web1: cannot try, there is no tool (python3, perl, nc of OpenBSD or bash)'],
  ['a tool that cannot choose its address', { answer: 'no-address' }, 'not-proven: web1: its tool cannot connect from this address'],
  ['not tried', { untried: 'web1 is not managed over SSH', answer: '' }, 'not-proven: web1 is not managed over SSH'],
] satisfies [string, Partial<ReachTry>, string][])('nothing follows from %s, whatever was seen', (_what, given, expected) => {
  expect(concluded(given)).toBe(expected);
  expect(concluded({ ...given, expect: 'deny' })).toBe(expected);
});

test('without sight of its two halves nothing is ever proven, and proof is never had from a time-out alone', () => {
  const sightings = ['yes', 'no', 'mixed', 'unknown'] as const;
  const answers = ['connected', 'refused', 'timed-out', 'unreachable'] as const;
  for (const expected of ['allow', 'deny'] as const) for (const answer of answers) for (const sent of sightings) for (const left of sightings) for (const arrived of sightings) for (const entered of sightings) {
    const { conclusion } = concludeTry(aTry({ expect: expected, answer, sent, left, arrived, entered }));
    const seen = JSON.stringify({ expected, answer, sent, left, arrived, entered });
    if (conclusion === 'allowed') expect(entered, seen).toBe('yes');
    if (conclusion === 'blocked') expect((sent === 'yes' && left === 'no') || (arrived === 'yes' && entered === 'no'), seen).toBe(true);
    if (answer === 'connected' && expected === 'deny') expect(conclusion, seen).toBe('contradicts');
    if (expected === 'allow') expect(conclusion, seen).not.toBe('blocked');
    if (expected === 'deny') expect(conclusion, seen).not.toBe('allowed');
  }
});
