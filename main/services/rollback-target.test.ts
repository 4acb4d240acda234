import { expect, test } from 'vitest';
import { type Deployment, findRollbackTarget } from './rollback-target.ts';

const push = (bundle: string, formerBundle: string | null, settled = true): Deployment => ({ kind: 'push', bundle, formerBundle, settled });
const back = (bundle: string, formerBundle: string, settled = true): Deployment => ({ kind: 'rollback', bundle, formerBundle, settled });

const histories: { what: string; history: Deployment[]; running: string; steps?: number; target: string | null }[] = [
  { what: 'without any push there is nothing to go back to', history: [], running: 'a', target: null },
  { what: 'after one push it is what the agent began with', history: [push('b', 'a')], running: 'b', target: 'a' },
  { what: 'after two pushes it is the first', history: [push('b', 'a'), push('c', 'b')], running: 'c', target: 'b' },
  { what: 'a push that did not settle counts for nothing', history: [push('b', 'a'), push('c', 'b', false)], running: 'b', target: 'a' },
  { what: 'after a rollback it is one step further back, not forward', history: [push('b', 'a'), push('c', 'b'), back('b', 'c')], running: 'b', target: 'a' },
  { what: 'after a rollback that was compiled anew it is one step further back too', history: [push('b', 'a'), push('c', 'b'), back('b2', 'c')], running: 'b2', target: 'a' },
  { what: 'a rollback that did not settle changes nothing', history: [push('b', 'a'), push('c', 'b'), back('b', 'c', false)], running: 'c', target: 'b' },
  { what: 'a push after a rollback goes back to what the rollback brought', history: [push('b', 'a'), push('c', 'b'), back('b', 'c'), push('d', 'b')], running: 'd', target: 'b' },
  { what: 'a push that left the host unchanged is undone by changing nothing', history: [push('b', 'a'), push('b', 'b')], running: 'b', target: 'b' },
  { what: 'and the rollback after that goes back to what was before', history: [push('b', 'a'), push('b', 'b'), back('b', 'b')], running: 'b', target: 'a' },
  { what: 'two steps back pass over a push that left the host unchanged', history: [push('b', 'a'), push('b', 'b')], running: 'b', steps: 2, target: 'a' },
  { what: 'and after that there is nothing left, not even forward', history: [push('b', 'a'), push('b', 'b'), back('a', 'b')], running: 'a', target: null },
  { what: 'more steps than there were lead nowhere', history: [push('b', 'a')], running: 'b', steps: 2, target: null },
  { what: 'all the way back there is nothing left', history: [push('b', 'a'), back('a', 'b')], running: 'a', target: null },
  { what: 'a host that runs what was never pushed has no way back by history', history: [push('b', 'a')], running: 'x', target: null },
];
test.each(histories)('$what', ({ history, running, steps, target }) => {
  expect(findRollbackTarget(history, running, steps)).toBe(target);
});
