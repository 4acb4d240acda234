import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWorkspace } from '../../main/db/create-workspace.ts';
import { type BackendClient, createClient } from '../../main/rpc/client.ts';
import { type Backend, createBackend } from '../../main/services/backend.ts';
import { getHost } from '../../main/services/find-host.ts';
import { addHost } from '../../main/services/inventory.ts';
import { createNewId } from '../../main/services/new-id.ts';
import { createSshPool, type SshPool } from '../../main/ssh/ssh-pool.ts';
import { type FakeFleet, type FakeFleetHost, startFakeFleet } from './fake-fleet.ts';

/** Simulated hosts that a workspace knows and that nothing was done with yet: `host-01` … */
export type OnboardKit = {
  readonly path: string;
  readonly backend: Backend;
  readonly client: BackendClient;
  readonly fleet: FakeFleet;
  host(name: string): FakeFleetHost;
  /** Lines of known_hosts for these hosts; of all, unless some are named. */
  knownHosts(names?: readonly string[]): Promise<string>;
  close(): Promise<void>;
};

/** Each takes any password; every host has been given one. */
export async function startOnboardKit(count: number): Promise<OnboardKit> {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-onboard-'));
  const path = join(folder, 'test.firebreak');
  createWorkspace(path);
  const digits = Math.max(2, String(count).length);
  const specs = Array.from({ length: count }, (_, index) => ({
    name: `host-${String(index + 1).padStart(digits, '0')}`,
    addresses: [`10.77.${Math.floor(index / 250)}.${1 + (index % 250)}`],
    listens: [{ protocol: 'tcp' as const, port: 8080, process: 'nginx', user: 'www-data', unit: 'nginx.service' }],
  }));
  const fleet = await startFakeFleet({ hosts: specs, judge: () => true });
  const backend = createBackend({ workspacePath: path, user: 'ada', newId: createNewId(), sshPool: createPatientPool() });
  const client = createClient(backend);
  for (const { name, address, port } of fleet.hosts) {
    addHost(backend, { name, ssh: { address, port, user: 'ops', identity: { kind: 'password' }, sudo: 'none', jump: null }, addresses: [], labels: {}, note: '' });
    backend.secrets.set(getHost(backend, name).id, { sshPassword: 'let me in', sudoPassword: null });
  }
  const portOf = (name: string): number => fleet.hosts.find((host) => host.name === name)?.port ?? 0;
  return {
    path,
    backend,
    client,
    fleet,
    host: (name) => {
      const found = fleet.hosts.find((host) => host.name === name);
      if (found === undefined) throw new Error(`the kit has no host ${name}`);
      return found;
    },
    knownHosts: async (names = fleet.hosts.map(({ name }) => name)) => {
      for await (const event of await client.hostKeys.compare({ hosts: { kind: 'names', names: [...names] }, pin: false })) {
        if (event.type !== 'done') continue;
        return event.result.hosts.map(({ hostName, presented }) => `[127.0.0.1]:${portOf(hostName)} ${presented?.algorithm ?? ''} ${presented?.publicKey ?? ''}\n`).join('');
      }
      throw new Error('the stream ended without a result');
    },
    close: async () => {
      await backend.close();
      await fleet.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** All hosts and the console share one process, so that on a loaded machine an answer takes as long as all of them together. */
const PATIENCE = 20;

function createPatientPool(): SshPool {
  const pool = createSshPool({ maxConnections: 64, connectTimeoutMs: 15_000 * PATIENCE, keepaliveIntervalMs: 3_000 * PATIENCE });
  return {
    run: (target, request, options) => pool.run(target, { ...request, timeoutMs: request.timeoutMs * PATIENCE }, options),
    showKey: (target, options) => pool.showKey(target, { ...options, timeoutMs: options.timeoutMs * PATIENCE }),
    close: () => pool.close(),
  };
}
