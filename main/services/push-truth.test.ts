import { expect, test } from 'vitest';
import type { AgentStatus } from '../../shared/contract/agent-replies.ts';
import { findDisproof, judgeStatus } from './push-truth.ts';

const load = { pushId: 'p_1', bundle: 'new', formerBundle: 'old' };
const pending = { id: 'p_1', by: 'ada', bundle: 'new', deadline: 160, secondsLeft: 42.4 };
const aStatus = (change: Partial<AgentStatus>): AgentStatus => ({
  v: 1, agentVersion: '0.1.0', hostId: 'h_000000000001', bootId: 'b', clock: 100, loaded: true, runningBundle: 'new', runningMode: 'enforce', runningSeq: 2, confirmedBundle: 'old', confirmedSeq: 1,
  kernelHash: 'k', expectedKernelHash: 'k', pending, last: null, timerEnabled: true, bootUnitEnabled: true, spoolBytes: 0, spoolFiles: 0, ...change,
});

const truths: { what: string; change: Partial<AgentStatus>; kind: string }[] = [
  { what: 'our push waits', change: {}, kind: 'pending' },
  { what: 'our push waits although its time is over', change: { pending: { ...pending, secondsLeft: -3 } }, kind: 'pending' },
  { what: 'the new bundle is confirmed', change: { pending: null, confirmedBundle: 'new' }, kind: 'confirmed' },
  { what: 'the former bundle runs again', change: { pending: null, runningBundle: 'old' }, kind: 'rolled-back' },
  { what: 'the new bundle runs, but neither waits nor is confirmed', change: { pending: null }, kind: 'other' },
  { what: 'somebody else’s push waits', change: { pending: { ...pending, id: 'p_2' }, runningBundle: 'old' }, kind: 'other' },
  { what: 'a third bundle runs', change: { pending: null, runningBundle: 'third', confirmedBundle: 'third' }, kind: 'other' },
  { what: 'nothing is loaded', change: { pending: null, loaded: false, runningBundle: null }, kind: 'other' },
];
test.each(truths)('$what: $kind', ({ change, kind }) => {
  expect(judgeStatus(aStatus(change), load).kind).toBe(kind);
});

test('nothing loaded is never taken for having gone back, even when nothing was known to run before', () => {
  expect(judgeStatus(aStatus({ pending: null, loaded: false, runningBundle: null }), { ...load, formerBundle: null }).kind).toBe('other');
});

test('a status that shows our bundle, waiting, in the kernel as it was loaded, is a proof', () => {
  expect(findDisproof(aStatus({}), load)).toBeNull();
});

const disproofs: { what: string; change: Partial<AgentStatus> }[] = [
  { what: 'no table', change: { loaded: false } },
  { what: 'nothing pending', change: { pending: null } },
  { what: 'another push', change: { pending: { ...pending, id: 'p_2' } } },
  { what: 'another bundle pending', change: { pending: { ...pending, bundle: 'third' } } },
  { what: 'another bundle running', change: { runningBundle: 'old' } },
  { what: 'no kernel hash', change: { kernelHash: null } },
  { what: 'no expected kernel hash', change: { expectedKernelHash: null } },
  { what: 'rules that were changed', change: { kernelHash: 'x' } },
];
test.each(disproofs)('a status with $what is no proof', ({ change }) => {
  expect(findDisproof(aStatus(change), load)).toEqual(expect.any(String));
});
