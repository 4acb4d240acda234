import { afterAll, beforeAll, describe, test } from 'vitest';
import { allCases } from './all-cases.ts';
import { Worlds } from './worlds.ts';

/** The short cut of `npm run test:faults`: the quick cases, once each. */
const HOSTS = 4;
let worlds: Worlds;
beforeAll(async () => {
  worlds = await Worlds.open(HOSTS);
});
afterAll(() => worlds?.close());

describe.concurrent('a host survives', () => {
  for (const one of allCases.filter((candidate) => candidate.quick)) {
    test(one.name, () => worlds.run(one));
  }
});
