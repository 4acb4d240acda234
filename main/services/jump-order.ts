import type { HostRecord } from '../db/host-store.ts';

/** Lets work on a host wait until that on the hosts through which it is reached has come far enough. */
export type JumpOrder = {
  /** Jump hosts before those behind them: whoever begins in this order, a bounded number at a time, never waits for one that cannot begin. */
  readonly hosts: readonly HostRecord[];
  /** Resolves when every jump host of it that is among `hosts` has passed; at once where there is none. */
  before(host: HostRecord): Promise<void>;
  /** Whoever waits for it goes on, however it ended. Idempotent. */
  pass(host: HostRecord): void;
};

export function orderByJumps(hosts: readonly HostRecord[]): JumpOrder {
  const byName = new Map(hosts.map((host) => [host.name, host]));
  const jumpOf = (host: HostRecord): HostRecord | undefined => (host.ssh?.jump == null ? undefined : byName.get(host.ssh.jump));
  /** How many of `hosts` are passed on the way; a circle, which no workspace has, ends it. */
  const depthOf = (host: HostRecord): number => {
    let depth = 0;
    for (let jump = jumpOf(host); jump !== undefined && depth < hosts.length; jump = jumpOf(jump)) depth += 1;
    return depth;
  };
  const gates = new Map(hosts.map((host) => [host.name, Promise.withResolvers<void>()]));
  const depths = new Map(hosts.map((host) => [host.name, depthOf(host)]));
  return {
    hosts: hosts.toSorted((a, b) => (depths.get(a.name) ?? 0) - (depths.get(b.name) ?? 0)),
    before: async (host) => {
      const jump = jumpOf(host);
      if (jump !== undefined) await gates.get(jump.name)?.promise;
    },
    pass: (host) => gates.get(host.name)?.resolve(),
  };
}
