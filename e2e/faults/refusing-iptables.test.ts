import { expect, test } from 'vitest';
import { listRefusing } from './refusing-iptables.ts';

const DECLARED = '-N FB-IN\n-N FB-MISS-IN\n-A INPUT -j FB-IN\n-A FB-MISS-IN -m limit --limit 30/minute -j LOG --log-prefix "firebreak deny in "\n-A FB-MISS-IN -j DROP\n';

test('what nothing leads into refuses nothing', () => {
  expect(listRefusing(`${DECLARED}-A FB-IN -j RETURN\n`)).toEqual([]);
});

test('what a jump or a goto leads into does, over any number of chains', () => {
  expect(listRefusing(`${DECLARED}-A FB-IN -p tcp -g FB-ON\n-A FB-ON -m comment --comment x -j FB-MISS-IN\n`)).toEqual(['-A FB-MISS-IN -j DROP']);
  expect(listRefusing('-A OUTPUT -p tcp -j REJECT --reject-with icmp-port-unreachable\n')).toHaveLength(1);
});
