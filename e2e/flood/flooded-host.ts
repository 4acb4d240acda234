import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { compileHost } from '../../shared/policy/compile.ts';
import { printBundle } from '../../shared/policy/print.ts';
import { aHost, aPolicy, aRule, aZone, hostId } from '../../shared/policy/testing/builders.ts';
import { AgentShell } from '../kernel/agent-shell.ts';
import { getCgroup2Dir } from '../lab/paths.ts';
import { type FloodWorld, openFloodWorld, startRole } from './flood-world.ts';

export type FloodMode = 'no rules' | 'observe' | 'enforce';
const AGENT = new URL('../../agent/firebreak-agent', import.meta.url).pathname;

/** Lets the peers of the flood world connect to what the host serves, and in enforce nobody else. */
function bundleFor(mode: 'observe' | 'enforce'): string {
  const host = aHost({ n: 1, labels: 'role=db', addresses: ['10.210.0.1', 'fd00:210::1'], consoles: ['203.0.113.9'] });
  const policy = aPolicy({
    zones: [aZone({ name: 'data', select: 'role=db', mode })],
    rules: [
      aRule({ n: 1, from: '10.210.1.0/24', to: 'role=db', services: 'tcp/7000' }),
      aRule({ n: 2, from: 'fd00:210::1:0/112', to: 'role=db', services: 'tcp/7000' }),
    ],
  });
  return printBundle(compileHost(policy, [host], hostId(1), { nowMs: Date.UTC(2026, 10, 21) }), { policyVersion: 1 }).text;
}

const Element = z.object({
  elem: z.object({ val: z.object({ concat: z.array(z.union([z.string(), z.number()])) }), counter: z.object({ packets: z.number() }) }),
});
const Drained = z.object({ counters: z.record(z.string(), z.number()), sets: z.record(z.string(), z.array(Element)) });
/** What the host says of itself: `line` as the console gets it, and how many keys and packets each set has. */
export type Recorded = {
  readonly line: string;
  readonly collectMs: number;
  readonly lost: number;
  readonly sizes: Readonly<Record<string, number>>;
  readonly packets: Readonly<Record<string, number>>;
  /** Which of these peers `in4` and `in6` know with the service that they came for. */
  knowsExactly(peer: string): boolean;
};

/** A host in a flood world that serves port 7000 in a cgroup as deep as systemd's services have, with the real agent. */
export class FloodedHost {
  readonly world: FloodWorld;
  readonly #shell: AgentShell;
  readonly #server: ReturnType<typeof startRole>;
  readonly #folder: string;
  readonly #cgroup: string;

  private constructor(world: FloodWorld, shell: AgentShell, server: ReturnType<typeof startRole>, folder: string, cgroup: string) {
    this.world = world;
    this.#shell = shell;
    this.#server = server;
    this.#folder = folder;
    this.#cgroup = cgroup;
  }

  static async start(mode: FloodMode): Promise<FloodedHost> {
    const world = openFloodWorld(mode.slice(0, 2));
    const folder = mkdtempSync(join(tmpdir(), 'firebreak-flood-'));
    const cgroup = join(getCgroup2Dir(), `fbf-${process.pid}.slice/served.service`);
    mkdirSync(cgroup, { recursive: true });
    const server = startRole(world.host, 'serve', '10.210.0.1', 'fd00:210::1');
    const host = new FloodedHost(world, new AgentShell(world.host), server, folder, cgroup);
    try {
      await server.nextLine();
      writeFileSync(join(cgroup, 'cgroup.procs'), String(server.pid));
      await server.ask('listen');
      if (mode !== 'no rules') await host.#load(bundleFor(mode));
      return host;
    } catch (error) {
      await host.stop();
      throw error;
    }
  }

  async #load(bundle: string): Promise<void> {
    const path = join(this.#folder, 'bundle.nft');
    writeFileSync(path, bundle);
    await this.#shell.run('echo h_000000000001 >/etc/firebreak/host-id');
    await this.#shell.run(`cp ${path} /var/lib/firebreak/confirmed.nft`);
    await this.#shell.agent('rollback');
  }

  /** `collect`, then the newest line of `drain`. */
  async record(): Promise<Recorded> {
    const startMs = performance.now();
    await this.#shell.agent('collect');
    const collectMs = performance.now() - startMs;
    const path = join(this.#folder, 'drained');
    await this.#shell.run(`${AGENT} drain --after 0 </dev/null >${path}`);
    const line = readFileSync(path, 'utf8').trim().split('\n').at(-1) ?? '';
    const { counters, sets } = Drained.parse(JSON.parse(line));
    const of = (count: (elements: z.infer<typeof Element>[]) => number) =>
      Object.fromEntries(Object.entries(sets).map(([name, elements]) => [name, count(elements)]));
    const exact = new Set(['in4', 'in6'].flatMap((name) => (sets[name] ?? []).map(({ elem }) => elem.val.concat[0])));
    return {
      line,
      collectMs,
      lost: counters['lost_in'] ?? Number.NaN,
      sizes: of((elements) => elements.length),
      packets: of((elements) => elements.reduce((sum, { elem }) => sum + elem.counter.packets, 0)),
      knowsExactly: (peer) => exact.has(peer),
    };
  }

  /** The sets and all that they hold go; what else the kernel keeps for this namespace stays. */
  dropTable(): Promise<string> {
    return this.#shell.run('nft delete table inet firebreak');
  }

  async stop(): Promise<void> {
    await this.#shell.stop();
    await this.#server.stop();
    this.world.remove();
    rmSync(this.#folder, { recursive: true, force: true });
    for (const dir of [this.#cgroup, join(this.#cgroup, '..')]) if (existsSync(dir)) rmdirSync(dir);
  }
}
