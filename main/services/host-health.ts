import type { AgentStatus } from '../../shared/contract/agent-replies.ts';
import type { HostHealth } from '../../shared/contract/host-evidence.ts';
import type { HostView } from '../../shared/contract/views.ts';
import { listCursors } from '../db/baseline-store.ts';
import { listFootprints } from '../db/footprint-store.ts';
import { listHostStates } from '../db/host-state-store.ts';
import { listLastClockOffsets } from '../db/recording-hours-store.ts';
import type { BackendContext } from './backend-context.ts';
import { TOLERATED_CLOCK_MS } from './host-clock.ts';
import { listHostViews } from './host-views.ts';

/** The spool holds 30 days. */
const SPOOL_AGE_MAX_MS = 25 * 86_400_000;

/** What is stored about the health of every managed host, ordered by name; asks no host. */
export function listHealth(ctx: BackendContext): HostHealth[] {
  const db = ctx.workspace.read;
  const states = new Map(listHostStates(db).map((state) => [state.host, state]));
  const footprints = listFootprints(db);
  const cursors = listCursors(db);
  const offsets = listLastClockOffsets(db);
  return listHostViews(ctx)
    .filter((view) => view.managed)
    .map((view) => {
      const status = states.get(view.id)?.status ?? null;
      const lastSnapshotAtMs = cursors.get(view.id)?.atMs;
      const known = {
        clockOffsetMs: offsets.get(view.id) ?? null,
        verify: verifyStateOf(status),
        spoolAgeMs: lastSnapshotAtMs === undefined ? null : Math.max(0, ctx.nowMs() - lastSnapshotAtMs),
        // An agent of before signatures does not say; it takes any bundle.
        keyPinned: status === null ? null : (status.pinned ?? false),
      };
      return {
        hostName: view.name,
        agentVersion: view.agentVersion,
        reachable: view.lastError !== null ? false : view.lastContactAtMs === null ? null : true,
        lastContactAtMs: view.lastContactAtMs,
        ...known,
        summary: footprints.get(view.id)?.summary ?? null,
        latency: footprints.get(view.id)?.latency ?? null,
        hostKeyPinned: view.pinnedKeys.length > 0,
        attention: listAttention(view, known),
      };
    });
}

/** Pure. A push that waits is judged by its state, not here. */
export function verifyStateOf(status: AgentStatus | null): HostHealth['verify'] {
  if (status === null) return 'unknown';
  if (!status.loaded || (status.pending === null && status.kernelHash !== status.expectedKernelHash)) return 'changed';
  return status.timerEnabled && status.bootUnitEnabled ? 'ok' : 'off';
}

function listAttention(view: HostView, { clockOffsetMs, verify, spoolAgeMs, keyPinned }: Pick<HostHealth, 'clockOffsetMs' | 'verify' | 'spoolAgeMs' | 'keyPinned'>): string[] {
  const all: [boolean, string][] = [
    [view.pinnedKeys.length === 0, 'its host key is not pinned yet: firebreak host trust'],
    [view.lastError !== null, view.lastError?.title.replace(`${view.name}: `, '') ?? ''],
    [view.state === 'drifted', 'it runs something that was not sent from here'],
    [view.state === 'pending', 'a push waits for its confirmation'],
    [verify === 'changed' && view.state !== 'drifted', 'its rules are not as they were loaded'],
    [clockOffsetMs !== null && Math.abs(clockOffsetMs) > TOLERATED_CLOCK_MS, `its clock is ${Math.round(Math.abs(clockOffsetMs ?? 0) / 1000)} s ${(clockOffsetMs ?? 0) > 0 ? 'ahead' : 'behind'}`],
    [keyPinned === false, 'it takes unsigned bundles: install the agent again'],
    [spoolAgeMs !== null && spoolAgeMs > SPOOL_AGE_MAX_MS, 'nothing was collected for 25 days, and it keeps 30'],
  ];
  return [...all.filter(([holds]) => holds).map(([, text]) => text), ...view.warnings.map((warning) => warning.text)];
}
