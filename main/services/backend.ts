import { homedir, networkInterfaces } from 'node:os';
import { setTimeout as waitFor } from 'node:timers/promises';
import type { ConsoleLock } from '../db/console-lock-store.ts';
import { openWorkspace, type Workspace } from '../db/open-workspace.ts';
import { isSample } from '../db/sample-mark.ts';
import { type LogOrder, noLog, openLog } from '../log/open-log.ts';
import { createSshPool, type SshPool } from '../ssh/ssh-pool.ts';
import { FirebreakError } from '../../shared/errors.ts';
import { defaultConfigDir } from '../../shared/window/default-workspace.ts';
import type { BackendContext } from './backend-context.ts';
import { createChangeBus } from './change-bus.ts';
import { createClosedPool } from './closed-pool.ts';
import { startCollecting } from './collect-loop.ts';
import { heldBy, takeConsoleLock, withoutWriting } from './console-lock.ts';
import { startDelivering } from './delivery-loop.ts';
import { startForwarding } from './forward-loop.ts';
import { giveKeptLogins } from './kept-logins.ts';
import { type Keychain, noKeychain, WINDOW_HAS_NONE } from './keychain.ts';
import { createLookUp, type LookUp } from './look-up.ts';
import { createNewId, type NewId } from './new-id.ts';
import { createSecretStore } from './secret-store.ts';
import type { WorkspaceSwitch } from './workspace-switch.ts';

export type BackendOptions = {
  workspacePath: string;
  user: string;
  /** Defaults: this machine's clock, random ids, a pool of real SSH connections, the agent folder of this clone, its addresses, its DNS servers. */
  nowMs?: () => number;
  newId?: NewId;
  wait?: (durationMs: number, signal?: AbortSignal) => Promise<void>;
  sshPool?: SshPool;
  acceptNewHostKeys?: boolean;
  agentDir?: string;
  localAddresses?: () => readonly string[];
  lookUp?: LookUp;
  configDir?: string;
  /** Default: none. */
  keychain?: Keychain;
  /** Without it nothing is logged. */
  log?: Pick<LogOrder, 'dir' | 'from'>;
  /** Given by the desk of a window: the workspace is locked for it then, or only looked at while another window has it. */
  console?: WorkspaceSwitch;
};

export type Backend = BackendContext & { close(): Promise<void> };

/**
 * Opens the workspace and gives what the router needs. Connects to nothing by itself but, while a window is open, to where the admin has events sent, to hosts that wait for a push that they missed, and to all hosts where the workspace has flows collected regularly; `close` ends connections first.
 * @throws the WORKSPACE_… codes of openWorkspace
 */
export function createBackend(options: BackendOptions): Backend {
  const { workspace, lock, release } = openFor(options);
  const refusal = whyNothingIsConnected(workspace, lock);
  const sshPool = refusal === null ? (options.sshPool ?? createSshPool({ maxConnections: 64 })) : createClosedPool(refusal);
  const changes = createChangeBus(() => workspace.dataVersion());
  const secrets = createSecretStore();
  const context: BackendContext = {
    workspace,
    sshPool,
    changes,
    secrets,
    keychain: options.keychain ?? noKeychain(WINDOW_HAS_NONE),
    newId: options.newId ?? createNewId(),
    nowMs: options.nowMs ?? Date.now,
    wait: options.wait ?? (async (durationMs, signal) => waitFor(durationMs, undefined, signal === undefined ? {} : { signal })),
    user: options.user,
    acceptNewHostKeys: options.acceptNewHostKeys ?? false,
    agentDir: options.agentDir ?? new URL('../../agent/', import.meta.url).pathname,
    localAddresses: options.localAddresses ?? (() => Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address))),
    lookUp: refusal === null ? (options.lookUp ?? createLookUp()) : () => Promise.reject(refusal()),
    heldBy: lock,
    console: options.console ?? null,
    log: options.log === undefined ? noLog : openLog({ ...options.log, nowMs: options.nowMs ?? Date.now, secrets: () => secrets.known() }),
    logDir: options.log?.dir ?? null,
    configDir: options.configDir ?? defaultConfigDir(process.env, homedir()),
  };
  const forwarding = options.console === undefined || refusal !== null ? null : startForwarding(context);
  if (options.keychain !== undefined && refusal === null) void giveKeptLogins(context).catch((error: unknown) => context.log.write('kept logins not read', {}, error));
  const delivering = options.console === undefined || refusal !== null ? null : startDelivering(context);
  const collecting = options.console === undefined || refusal !== null ? null : startCollecting(context);
  return {
    ...context,
    close: async () => {
      changes.close();
      secrets.clear();
      await collecting?.close();
      await delivering?.close();
      await forwarding?.close();
      await sshPool.close();
      try {
        release();
      } finally {
        workspace.close();
        await Promise.race([workspace.closed, waitFor(LETS_GO_WITHIN_MS, undefined, { ref: false })]);
      }
    },
  };
}

/** Whoever still reads from a snapshot is told, and looks every few milliseconds; one that hangs must not keep the console from ending. */
const LETS_GO_WITHIN_MS = 2000;

type Opened = { readonly workspace: Workspace; readonly lock: ConsoleLock | null; release(): void };

function openFor({ workspacePath, user, console, nowMs = Date.now }: BackendOptions): Opened {
  const workspace = openWorkspace(workspacePath);
  const nothing = () => undefined;
  if (console === undefined) return { workspace, lock: null, release: nothing };
  try {
    const hold = takeConsoleLock(workspace, { user, nowMs: nowMs() });
    return hold.kind === 'ours' ? { workspace, lock: null, release: hold.release } : { workspace: withoutWriting(workspace, hold.lock), lock: hold.lock, release: nothing };
  } catch (error) {
    workspace.close();
    throw error;
  }
}

function whyNothingIsConnected({ path, read }: Workspace, lock: ConsoleLock | null): (() => FirebreakError) | null {
  if (lock !== null) return () => heldBy(path, lock);
  return isSample(read) ? () => new FirebreakError('SAMPLE_CONNECTS_TO_NOTHING', { path }) : null;
}
