import { expect, test } from 'vitest';
import { getAddress } from '../../net/address.ts';
import { singleRange } from '../../net/range-set.ts';
import { commented, headerLines } from './export-header.ts';

test('no name can end its comment line, whatever is in it', () => {
  const lines = headerLines(
    {
      stamp: { atMs: 0, policyText: 'a draft', policyHash: 'abc' },
      groups: [],
      meanings: [{ text: 'role=web\nrm -rf /\u2028\u001b[2J', addresses: [singleRange(getAddress('10.0.0.1'))] }],
      refusals: [{ rule: null, hosts: ['h\r1'], direction: null, effect: 'opens', why: 'x\ny' }],
      notes: ['a\nb'],
    },
    { target: 'nftables-gateway', use: [] },
  );
  expect(lines.filter((line) => /[\u0000-\u001f\u2028]/.test(line))).toEqual([]);
  expect(commented(lines).split('\n').slice(0, -1).filter((line) => !line.startsWith('#'))).toEqual([]);
  expect(lines).toContain('  role=web\\x0arm -rf /\\u2028\\x1b[2J = 10.0.0.1');
});
