import { afterAll, beforeAll, describe, test } from 'vitest';
import { groupsOver } from './all-cases.ts';
import type { FaultCase } from './fault-case.ts';
import { Worlds } from './worlds.ts';

const HOSTS = 4;

/** The short cut of `npm run test:faults`: of the quick cases of each kind over nft those that `choose` says, once each. */
export function describeFaults(choose: (quick: readonly FaultCase[]) => readonly FaultCase[]): void {
  let worlds: Worlds;
  beforeAll(async () => {
    worlds = await Worlds.open(HOSTS);
  });
  afterAll(() => worlds?.close());

  describe.concurrent('a host survives', () => {
    for (const one of groupsOver('nft').flatMap(({ cases }) => choose(cases.filter(({ quick }) => quick)))) {
      test(one.name, () => worlds.run(one));
    }
  });
}
