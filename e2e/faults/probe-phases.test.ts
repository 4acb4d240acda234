import { expect, test } from 'vitest';
import { judgePhases, type Phase, type Probe } from './probe-phases.ts';

const phase = (lets: Partial<Phase['lets']>): Phase => ({ name: 'x', fromNs: 10n, toNs: 20n, lets: { always: 'either', old: 'either', fresh: 'either', never: 'either', ...lets } });
const probe = (port: Probe['port'], sentNs: bigint, received: boolean): Probe => ({ port, sentNs, received });

test('one lost probe and one that came through are each told', () => {
  const probes = [probe('always', 10n, true), probe('always', 11n, false), probe('never', 12n, true), probe('never', 13n, false)];
  expect(judgePhases(probes, [phase({ always: 'all', never: 'none' })])).toEqual(['x: 1 of 2 probes to port “always” were lost', 'x: 1 of 2 probes to port “never” came through, from 0 to 0 ms of 0']);
});

test('what was sent outside of a phase, or may do either, is not judged', () => {
  expect(judgePhases([probe('old', 9n, false), probe('old', 15n, true), probe('old', 20n, false)], [phase({ old: 'all' })])).toEqual([]);
  expect(judgePhases([probe('old', 15n, true), probe('old', 16n, false)], [phase({})])).toEqual([]);
});

test('a phase without probes proves nothing', () => {
  expect(judgePhases([], [phase({ never: 'none' })])).toEqual(['x: no probe was sent to port “never”']);
});
