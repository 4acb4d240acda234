import { expect, test } from 'vitest';
import { PushStep } from '../../shared/model/diff.ts';
import { canMove, isUntouched, needsReadBack, outcomeOf } from './push-steps.ts';

test('a host cannot skip a step on the way to confirmed', () => {
  const order: PushStep[] = ['planned', 'checking', 'checked', 'applying', 'applied', 'proving', 'proved', 'confirming', 'confirmed'];
  for (const [index, step] of order.entries()) {
    expect(order.filter((next) => next !== 'confirmed' && canMove(step, next)), step).toEqual(step === 'confirming' || step === 'confirmed' ? [] : order.slice(index + 1, index + 2).filter((next) => next !== 'confirmed'));
  }
});

test('what is final stays as it is', () => {
  for (const final of ['confirmed', 'rolled-back', 'skipped'] as const) expect(PushStep.options.filter((next) => canMove(final, next)), final).toEqual([]);
});

test('a host that is away is left out, or skipped when the push did not get through', () => {
  expect(PushStep.options.filter((next) => canMove('away', next))).toEqual(['skipped']);
  expect(PushStep.options.filter((from) => canMove(from, 'away'))).toEqual(['checking']);
});

test('an untouched host never becomes confirmed, rolled back or unknown, and a loaded one is never called skipped', () => {
  for (const step of PushStep.options.filter(isUntouched)) expect(['confirmed', 'rolled-back', 'unknown'].some((next) => canMove(step, PushStep.parse(next))), step).toBe(false);
  for (const step of PushStep.options.filter(needsReadBack)) expect(canMove(step, 'skipped'), step).toBe(false);
});

const outcomes: { steps: PushStep[]; stopped: boolean; outcome: string }[] = [
  { steps: ['confirmed'], stopped: false, outcome: 'confirmed' },
  { steps: ['confirmed', 'skipped'], stopped: false, outcome: 'confirmed' },
  { steps: ['confirmed', 'skipped'], stopped: true, outcome: 'partly' },
  { steps: ['confirmed', 'rolled-back'], stopped: false, outcome: 'partly' },
  { steps: ['confirmed', 'unknown'], stopped: false, outcome: 'partly' },
  { steps: ['failed', 'skipped'], stopped: true, outcome: 'failed' },
  { steps: ['rolled-back'], stopped: false, outcome: 'failed' },
  { steps: ['skipped', 'skipped'], stopped: true, outcome: 'failed' },
  { steps: ['confirmed', 'away'], stopped: false, outcome: 'confirmed' },
  { steps: ['away', 'away'], stopped: true, outcome: 'failed' },
  { steps: ['failed', 'away'], stopped: true, outcome: 'failed' },
];
test.each(outcomes)('$steps (stopped: $stopped) is $outcome', ({ steps, stopped, outcome }) => {
  expect(outcomeOf(steps, stopped)).toBe(outcome);
});
