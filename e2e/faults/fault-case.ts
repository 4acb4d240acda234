import type { FaultWorld } from './fault-world.ts';

/** One thing that goes wrong on a host. `run` makes it happen and asserts what must hold then; it begins with `old` confirmed. */
export type FaultCase = {
  readonly name: string;
  /** Part of the short cut that runs with `npm test`. */
  readonly quick?: true;
  run(world: FaultWorld): Promise<void>;
};
