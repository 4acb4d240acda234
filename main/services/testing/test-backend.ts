import { makeFolder } from '../../db/testing/temporary-workspace.ts';
import { createWorkspace } from '../../db/create-workspace.ts';
import { join } from 'node:path';
import { type BackendClient, createClient } from '../../rpc/client.ts';
import type { SshPool } from '../../ssh/ssh-pool.ts';
import type { HostId } from '../../../shared/model/ids.ts';
import { type Backend, createBackend } from '../backend.ts';
import { createNewId, type NewId } from '../new-id.ts';
import { getHost } from '../find-host.ts';

/** A backend over a real workspace file, with a clock that stands still and ids that are always the same. Nothing can be connected to. */
export type TestBackend = {
  backend: Backend;
  client: BackendClient;
  clock: { nowMs: number };
  path: string;
  /** Its log is here. */
  logDir: string;
  hostId(name: string): HostId;
  close(): Promise<void>;
};

export const TEST_NOW_MS = Date.UTC(2026, 10, 21, 12);

const NO_SSH: SshPool = {
  run: (target) => Promise.reject(new Error(`the test did not expect a connection to ${target.hostName}`)),
  showKey: (target) => Promise.reject(new Error(`the test did not expect a connection to ${target.hostName}`)),
  close: () => Promise.resolve(),
};

/** The same ids each time; after a few of a kind they come again. */
function createSameIds(): NewId {
  let drawn = 0;
  return createNewId((below) => {
    drawn += 7;
    return drawn % below;
  });
}

/** `sshPool` is for tests in which a host answers, `newId` for those that need more ids than three of a kind. */
export function makeBackend(sshPool: SshPool = NO_SSH, newId: NewId = createSameIds()): TestBackend {
  const { folder, remove } = makeFolder();
  const path = join(folder, 'test.firebreak');
  createWorkspace(path);
  const logDir = join(folder, 'console-log');
  const clock = { nowMs: TEST_NOW_MS };
  const backend = createBackend({ workspacePath: path, user: 'ada', configDir: join(folder, 'config', 'firebreak'), nowMs: () => clock.nowMs, newId, sshPool, log: { dir: logDir, from: 'backend' }, lookUp: (name) => Promise.reject(new Error(`the test did not expect a question for ${name}`)) });
  return {
    backend,
    client: createClient(backend),
    clock,
    path,
    logDir,
    hostId: (name) => getHost(backend, name).id,
    close: async () => {
      await backend.close();
      remove();
    },
  };
}

/** A managed host at 10.0.0.`n` (and fd00::`n`), with the labels given as `k=v k=v`. */
export async function addTestHost(client: BackendClient, n: number, name: string, labels = ''): Promise<void> {
  const pairs = labels
    .split(' ')
    .filter((pair) => pair !== '')
    .map((pair) => pair.split('='));
  const ssh = { address: `10.0.0.${n}`, port: 22, user: 'root', identity: { kind: 'agent' as const }, sudo: 'none' as const, jump: null };
  await client.hosts.add({
    name,
    ssh,
    addresses: [`fd00::${n.toString(16)}`],
    labels: Object.fromEntries(pairs.map(([key = '', value = '']) => [key, value])),
    note: '',
  });
}
