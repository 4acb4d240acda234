import type { ConsoleLock } from '../db/console-lock-store.ts';
import type { Workspace } from '../db/open-workspace.ts';
import type { SshPool } from '../ssh/ssh-pool.ts';
import type { ChangeBus } from './change-bus.ts';
import type { Log } from '../log/open-log.ts';
import type { Keychain } from './keychain.ts';
import type { LookUp } from './look-up.ts';
import type { NewId } from './new-id.ts';
import type { SecretStore } from './secret-store.ts';
import type { WorkspaceSwitch } from './workspace-switch.ts';

/** What every service function gets as its first argument, and every router procedure as its context. */
export type BackendContext = {
  readonly workspace: Workspace;
  readonly sshPool: SshPool;
  readonly changes: ChangeBus;
  readonly secrets: SecretStore;
  /** Of the operating system. */
  readonly keychain: Keychain;
  readonly newId: NewId;
  /** Epoch ms, UTC. */
  readonly nowMs: () => number;
  readonly wait: (durationMs: number, signal?: AbortSignal) => Promise<void>;
  /** Who acts, for the audit log, versions and pushes. */
  readonly user: string;
  /** Pin the first key that a host shows without asking: for labs and tests only. */
  readonly acceptNewHostKeys: boolean;
  /** This machine's own addresses, as its interfaces have them now: a console can itself be one of the hosts. */
  readonly localAddresses: () => readonly string[];
  /** Asks the console's DNS. */
  readonly lookUp: LookUp;
  /** The folder with firebreak-agent, install.sh and lib/. */
  readonly agentDir: string;
  /** The other console that writes this workspace; null: we may write. */
  readonly heldBy: ConsoleLock | null;
  /** Of the window; null on the command line, which takes one workspace and no lock. */
  readonly console: WorkspaceSwitch | null;
  /** Of what failed in this process, and why. */
  readonly log: Log;
  /** Where the log is; null where none is kept. */
  readonly logDir: string | null;
  /** Where what belongs to the user, and to no workspace, is kept: the list of recent workspaces. */
  readonly configDir: string;
};
