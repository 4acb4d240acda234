import { afterAll, beforeAll, describe, test } from 'vitest';
import { groupsOver } from './all-cases.ts';
import { Worlds } from './worlds.ts';

/** The short cut of `npm run test:faults`: the quick cases, once each, over nft. */
const HOSTS = 4;
let worlds: Worlds;
beforeAll(async () => {
  worlds = await Worlds.open(HOSTS);
});
afterAll(() => worlds?.close());

describe.concurrent('a host survives', () => {
  for (const one of groupsOver('nft').flatMap(({ cases }) => cases).filter(({ quick }) => quick)) {
    test(one.name, () => worlds.run(one));
  }
});
