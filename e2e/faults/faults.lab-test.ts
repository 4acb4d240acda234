import { afterAll, beforeAll, describe, test } from 'vitest';
import { groupsOver } from './all-cases.ts';
import type { FaultCase } from './fault-case.ts';
import type { Way } from './foreign-rules.ts';
import { Worlds } from './worlds.ts';

/** Which of the cases over iptables are here: one of each kind that needs the host's disk, timer or kernel. */
const QUICK_OVER_IPTABLES: readonly string[] = ['apply killed (kill-tree) at point 14 of 20', 'power lost in the confirm window', 'disk full in the confirm window: the timer still puts back'];

/** The short cut of `npm run test:faults`: the quick cases, once each. */
const cuts: readonly { readonly way: Way; readonly hosts: number; readonly isQuick: (one: FaultCase) => boolean }[] = [
  { way: 'nft', hosts: 4, isQuick: (one) => one.quick === true },
  { way: 'iptables', hosts: 3, isQuick: ({ name }) => QUICK_OVER_IPTABLES.includes(name) },
];

describe.each(cuts)('over $way', ({ way, hosts, isQuick }) => {
  let worlds: Worlds;
  beforeAll(async () => {
    worlds = await Worlds.open(hosts, way);
  });
  afterAll(() => worlds?.close());

  describe.concurrent('a host survives', () => {
    const quick = groupsOver(way).flatMap(({ cases }) => cases).filter(isQuick);
    if (quick.length < QUICK_OVER_IPTABLES.length) throw new Error('a quick case was renamed: name it here as it is called now');
    for (const one of quick) test(one.name, () => worlds.run(one));
  });
});
