import { type Lab, startLab } from '../lab/lab.ts';
import { plainHosts } from '../lab/plan.ts';
import type { FaultCase } from './fault-case.ts';
import { type FaultWorld, openFaultWorld, restoreOld } from './fault-world.ts';

/** Hosts on which cases run side by side, each case alone on its host. */
export class Worlds {
  readonly #lab: Lab;
  readonly #all: readonly FaultWorld[];
  readonly #free: FaultWorld[];
  readonly #waiting: ((world: FaultWorld) => void)[] = [];

  private constructor(lab: Lab, all: readonly FaultWorld[]) {
    this.#lab = lab;
    this.#all = all;
    this.#free = [...all];
  }

  static async open(count: number): Promise<Worlds> {
    const lab = await startLab({ hosts: plainHosts(count).map((spec) => ({ ...spec, diskMegabytes: 192 })) });
    try {
      return new Worlds(lab, await Promise.all(lab.hosts.map((host) => openFaultWorld(lab, host))));
    } catch (error) {
      await lab.stop();
      throw error;
    }
  }

  /** Runs the case on the next host that is free, made as it expects it. Throws what the case throws. */
  async run(one: FaultCase): Promise<void> {
    const world = this.#free.pop() ?? (await new Promise<FaultWorld>((resolve) => this.#waiting.push(resolve)));
    try {
      await restoreOld(world);
      await one.run(world);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(world);
      else this.#free.push(world);
    }
  }

  async close(): Promise<void> {
    for (const world of this.#all) world.remove();
    await this.#lab.stop();
  }
}
