import { expect, test } from 'vitest';
import { aClosure, aPolicy, aQuarantine, aZone } from '../../shared/policy/testing/builders.ts';
import { keepContainments, withContainmentsOf } from './containment-draft.ts';

const draft = aPolicy({ zones: [aZone()], containments: [aQuarantine(), aClosure({ n: 2 })] });

test('a file without containments leaves those of the draft, but for one whose zone it does not have', () => {
  expect(keepContainments(aPolicy({ zones: [aZone()] }), draft).containments).toEqual(draft.containments);
  expect(keepContainments(aPolicy(), draft).containments).toEqual([aQuarantine()]);
});

test('a file that names any is taken at its word; a restored version never is', () => {
  const other = aPolicy({ zones: [aZone()], containments: [aQuarantine({ n: 3 })] });
  expect(keepContainments(other, draft)).toBe(other);
  expect(withContainmentsOf(draft, other).containments).toEqual(draft.containments);
});
