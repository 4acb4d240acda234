import { describe, expect, test } from 'vitest';
import type { AgentPosture } from '../contract/agent-replies.ts';
import { UNKNOWN_POSTURE } from '../model/posture.ts';
import { listPostureParts, postureAt, readPosture, sayPosture } from './say-posture.ts';

const DAY_MS = 86_400_000;
const NOW_MS = Date.UTC(2027, 0, 20, 9);
/** The host's clock is wrong by an hour: only what it says of itself is compared by it. */
const CLOCK_S = NOW_MS / 1000 + 3600;
const GOOD: AgentPosture = { secureBoot: true, securityUpdates: 0, updateListsAt: CLOCK_S - 86_400, rebootRequired: false, diskEncryption: [{ mount: '/', encrypted: true }], edr: ['falcon-sensor'] };
const say = (posture: AgentPosture | undefined, former: ReturnType<typeof sayPosture> = null, atMs = NOW_MS) => sayPosture({ posture, clock: CLOCK_S + (atMs - NOW_MS) / 1000 }, former, atMs);
const partOf = (said: ReturnType<typeof sayPosture>, fact: string, nowMs: number) => listPostureParts(said, nowMs).find((part) => part.fact === fact);

describe('what a host says comes to', () => {
  test('what is good only where the host said so in full', () => {
    expect(readPosture(GOOD)).toEqual({ 'secure-boot': 'on', disk: 'encrypted', updates: 'current', edr: 'present' });
    expect(readPosture({ ...GOOD, secureBoot: false, securityUpdates: 3, diskEncryption: [{ mount: '/', encrypted: true }, { mount: '/home', encrypted: false }], edr: [] })).toEqual({ 'secure-boot': 'off', disk: 'plain', updates: 'pending', edr: 'absent' });
    expect(readPosture({ secureBoot: null, securityUpdates: null, updateListsAt: null, rebootRequired: null, diskEncryption: [], edr: null })).toEqual(UNKNOWN_POSTURE);
  });

  test.each<[string, Partial<AgentPosture>, object]>([
    ['a disk of which one part is not known', { diskEncryption: [{ mount: '/', encrypted: true }, { mount: '/var', encrypted: null }] }, { disk: 'unknown' }],
    ['an encrypted /home without a word on /', { diskEncryption: [{ mount: '/home', encrypted: true }] }, { disk: 'unknown' }],
    ['no pending updates by lists without a time', { updateListsAt: null }, { updates: 'unknown' }],
    ['pending updates by lists without a time', { updateListsAt: null, securityUpdates: 1 }, { updates: 'pending' }],
  ])('%s', (_, change, values) => {
    expect(readPosture({ ...GOOD, ...change })).toMatchObject(values);
  });
});

describe('what was said grows old', () => {
  test('an agent of before says nothing, and nothing is unknown in all parts', () => {
    expect(say(undefined)).toBeNull();
    expect(postureAt(null, NOW_MS)).toEqual(UNKNOWN_POSTURE);
  });

  test('all of it is unknown once the host has been silent for seven whole days, with what it was before', () => {
    const said = say({ ...GOOD, updateListsAt: CLOCK_S, securityUpdates: 2 });
    expect(postureAt(said, NOW_MS + 7 * DAY_MS)).toEqual({ 'secure-boot': 'on', disk: 'encrypted', updates: 'pending', edr: 'present' });
    expect(postureAt(said, NOW_MS + 8 * DAY_MS)).toEqual(UNKNOWN_POSTURE);
    expect(partOf(said, 'edr', NOW_MS + 8 * DAY_MS)).toEqual({ fact: 'edr', value: 'unknown', sinceMs: NOW_MS + 7 * DAY_MS, before: 'present' });
  });

  test('no pending updates hold as long as their lists are younger than seven days, by the host’s own clock', () => {
    const fresh = say({ ...GOOD, updateListsAt: CLOCK_S - 3 * 86_400 });
    expect(fresh?.listsAtMs).toBe(NOW_MS - 3 * DAY_MS);
    expect([0, 4, 5].map((days) => postureAt(fresh, NOW_MS + days * DAY_MS).updates)).toEqual(['current', 'current', 'unknown']);
    expect(postureAt(say({ ...GOOD, updateListsAt: CLOCK_S - 365 * 86_400 }), NOW_MS).updates).toBe('unknown');
  });

  test('lists that are dated after now hold no longer than what the host said', () => {
    expect(postureAt(say({ ...GOOD, updateListsAt: CLOCK_S + 365 * 86_400 }), NOW_MS + 8 * DAY_MS).updates).toBe('unknown');
  });

  test('it is the same all day (UTC), so that what is planned in the morning is pushed in the evening', () => {
    const said = say({ ...GOOD, updateListsAt: CLOCK_S - 7 * 86_400 + 3600 });
    expect([0, 14].map((hours) => postureAt(said, NOW_MS + hours * 3_600_000).updates)).toEqual(['current', 'current']);
  });
});

describe('since when', () => {
  test('each part keeps when it was first said as it is, and what it was before', () => {
    const first = say(GOOD);
    const second = say(GOOD, first, NOW_MS + DAY_MS);
    const third = say({ ...GOOD, edr: [], updateListsAt: CLOCK_S + DAY_MS / 1000 }, second, NOW_MS + 2 * DAY_MS);
    expect(partOf(second, 'edr', NOW_MS + DAY_MS)).toEqual({ fact: 'edr', value: 'present', sinceMs: NOW_MS, before: null });
    expect(partOf(third, 'edr', NOW_MS + 2 * DAY_MS)).toEqual({ fact: 'edr', value: 'absent', sinceMs: NOW_MS + 2 * DAY_MS, before: 'present' });
    expect(partOf(third, 'disk', NOW_MS + 2 * DAY_MS)).toMatchObject({ value: 'encrypted', sinceMs: NOW_MS });
  });
});
