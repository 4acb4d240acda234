import { networkInterfaces } from 'node:os';
import { setTimeout as waitFor } from 'node:timers/promises';
import { openWorkspace } from '../db/open-workspace.ts';
import { createSshPool, type SshPool } from '../ssh/ssh-pool.ts';
import type { BackendContext } from './backend-context.ts';
import { createChangeBus } from './change-bus.ts';
import { createNewId, type NewId } from './new-id.ts';
import { createSecretStore } from './secret-store.ts';

export type BackendOptions = {
  workspacePath: string;
  user: string;
  /** Defaults: this machine's clock, random ids, a pool of real SSH connections, the agent folder of this clone, its addresses. */
  nowMs?: () => number;
  newId?: NewId;
  wait?: (durationMs: number, signal?: AbortSignal) => Promise<void>;
  sshPool?: SshPool;
  acceptNewHostKeys?: boolean;
  agentDir?: string;
  localAddresses?: () => readonly string[];
};

export type Backend = BackendContext & { close(): Promise<void> };

/**
 * Opens the workspace and gives what the router needs. Connects to nothing by itself; `close` ends the SSH connections first.
 * @throws the WORKSPACE_… codes of openWorkspace
 */
export function createBackend(options: BackendOptions): Backend {
  const workspace = openWorkspace(options.workspacePath);
  const sshPool = options.sshPool ?? createSshPool({ maxConnections: 64 });
  const changes = createChangeBus(() => workspace.dataVersion());
  const secrets = createSecretStore();
  return {
    workspace,
    sshPool,
    changes,
    secrets,
    newId: options.newId ?? createNewId(),
    nowMs: options.nowMs ?? Date.now,
    wait: options.wait ?? (async (durationMs, signal) => waitFor(durationMs, undefined, signal === undefined ? {} : { signal })),
    user: options.user,
    acceptNewHostKeys: options.acceptNewHostKeys ?? false,
    agentDir: options.agentDir ?? new URL('../../agent/', import.meta.url).pathname,
    localAddresses: options.localAddresses ?? (() => Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address))),
    close: async () => {
      changes.close();
      secrets.clear();
      await sshPool.close();
      workspace.close();
    },
  };
}
