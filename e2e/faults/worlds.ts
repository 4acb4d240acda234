import { type Lab, startLab } from '../lab/lab.ts';
import { plainHosts } from '../lab/plan.ts';
import type { FaultCase } from './fault-case.ts';
import { type FaultWorld, openFaultWorld, restoreOld } from './fault-world.ts';
import type { Way } from './foreign-rules.ts';

const PEER_NAME = 'peer';

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

  static async open(count: number, way: Way = 'nft'): Promise<Worlds> {
    const packages = way === 'iptables' ? ['iptables', 'ipset'] : [];
    const lab = await startLab({ hosts: [...plainHosts(count).map((spec) => ({ ...spec, packages, diskMegabytes: 192 })), { name: PEER_NAME, role: 'plain' }] });
    try {
      const peer = lab.host(PEER_NAME);
      return new Worlds(lab, await Promise.all(lab.hosts.filter((host) => host !== peer).map((host) => openFaultWorld(lab, host, peer, way))));
    } catch (error) {
      await lab.stop();
      throw error;
    }
  }

  /** Runs the case on the next host that is free, made as it expects it. Throws what the case throws. */
  async run(one: FaultCase): Promise<void> {
    const world = this.#free.pop() ?? (await new Promise<FaultWorld>((resolve) => this.#waiting.push(resolve)));
    try {
      await this.#makeReady(world);
      await one.run(world);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(world);
      else this.#free.push(world);
    }
  }

  /** A host that does not come up fails this case alone: it is switched off, so that the next case boots it anew. */
  async #makeReady(world: FaultWorld): Promise<void> {
    try {
      await restoreOld(world);
    } catch (error) {
      await world.host.powerCut().catch(() => undefined);
      throw error;
    }
  }

  async close(): Promise<void> {
    for (const world of this.#all) world.remove();
    await this.#lab.stop();
  }
}
