import { FirebreakError } from '../../shared/errors.ts';
import type { Workspace } from '../db/open-workspace.ts';
import { findPushOwner } from '../db/push-owner-store.ts';
import { type Backend, type BackendOptions, createBackend } from './backend.ts';
import { findRunningPush } from './push-start.ts';
import { rememberWorkspace } from './recent-workspaces.ts';
import { startWarmUp } from './warm-up.ts';
import type { WorkspaceSwitch } from './workspace-switch.ts';

/** One backend as a load of the page uses it; `leave` when that load has ended. */
export type Visit = { readonly backend: Backend; leave(): void };

/** The one open workspace of a console with a window. */
export type WorkspaceDesk = WorkspaceSwitch & {
  readonly backend: Backend;
  visit(): Visit;
  close(): Promise<void>;
};

type Seat = { readonly backend: Backend; readonly close: () => Promise<void>; visits: number; isRetired: boolean };

/** Opens the first workspace. @throws the WORKSPACE_… codes */
export function createDesk(options: Omit<BackendOptions, 'console'>): WorkspaceDesk {
  const openAt = (workspacePath: string): Seat => {
    const backend = createBackend({ ...options, workspacePath, console: { open } });
    remember(backend);
    const warming = startWarmUp(backend);
    const close = (): Promise<void> => {
      warming.stop();
      return backend.close();
    };
    return { backend, close, visits: 0, isRetired: false };
  };
  const open = (path: string): void => {
    const former = current;
    assertNoPushHere(former.backend);
    current = openAt(path);
    former.isRetired = true;
    closeWhenLeft(former);
  };
  let current: Seat = openAt(options.workspacePath);
  return {
    get backend() {
      return current.backend;
    },
    open,
    visit: () => {
      const seat = current;
      seat.visits += 1;
      let hasLeft = false;
      const leave = () => {
        if (hasLeft) return;
        hasLeft = true;
        seat.visits -= 1;
        closeWhenLeft(seat);
      };
      return { backend: seat.backend, leave };
    },
    close: () => current.close(),
  };
}

/** A list that cannot be written must not keep a workspace shut: it is a convenience, and the screen that shows it shows what it has. */
function remember({ configDir, workspace, nowMs }: Backend): void {
  try {
    rememberWorkspace(configDir, workspace.path, nowMs());
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
}

/** Its SSH connections end with it. That nobody waits for that is on purpose: the page has loaded from the next one. */
function closeWhenLeft(seat: Seat): void {
  if (seat.isRetired && seat.visits === 0) void seat.close();
}

/** A push of another process goes on without us; one of ours would be cut off in the middle. In a damaged file none can go on, and who would leave it must be able to. */
function assertNoPushHere({ workspace }: Backend): void {
  const running = findPushHere(workspace);
  if (running !== undefined) throw new FirebreakError('PUSH_RUNNING', { push: running });
}

function findPushHere({ read }: Workspace): string | undefined {
  try {
    const running = findRunningPush(read);
    return findPushOwner(read)?.pid === process.pid ? running?.id : undefined;
  } catch (error) {
    if (error instanceof FirebreakError && error.code === 'WORKSPACE_DAMAGED') return undefined;
    throw error;
  }
}
