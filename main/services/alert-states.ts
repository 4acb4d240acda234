import type { AgentStatus } from '../../shared/contract/agent-replies.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { loadAlertSettings } from '../db/alert-settings-store.ts';
import { findHostPolicy } from '../db/bundle-store.ts';
import { type HostError, findHostState } from '../db/host-state-store.ts';
import { listPushes } from '../db/push-store.ts';
import type { WriteDb } from '../db/sql.ts';
import { raiseAlert, settleAlerts } from './alert-raise.ts';
import type { BackendContext } from './backend-context.ts';

const HOUR_MS = 3_600_000;
/** The agent did not answer; whatever else fails (a password, a refused sudo) is the console's own business. */
const SILENT_CODES: ReadonlySet<string> = new Set(['HOST_UNREACHABLE', 'HOST_TIMEOUT', 'HOST_DISCONNECTED', 'AGENT_MISSING']);
const HOST_KEY = 'host-key';

/** Call it before the failure is stored: a host that never had an agent is not silent. A console that asks nobody hears nobody, and that is no alert. */
export function noteFailure(ctx: BackendContext, tx: WriteDb, host: HostId, { code, title }: Pick<HostError, 'code' | 'title'>): void {
  const state = findHostState(tx, host);
  if (state?.status == null || state.lastContactAtMs === null) return;
  const at = { host, count: 1, atMs: ctx.nowMs() };
  if (code === 'HOST_KEY_CHANGED') raiseAlert(ctx, tx, { ...at, kind: 'tampered', key: HOST_KEY, subject: { kind: 'tampered', what: HOST_KEY, text: title } });
  if (!SILENT_CODES.has(code) || ctx.nowMs() - state.lastContactAtMs < loadAlertSettings(tx).silentAfterHours * HOUR_MS) return;
  raiseAlert(ctx, tx, { ...at, kind: 'agent-silent', key: 'silent', subject: { kind: 'agent-silent', code, title } });
}

/**
 * What a status says: the agent answers (or is known to be gone), and what differs from what was sent. While a push runs nothing is called drift: its hosts run
 * what is not stored yet as theirs.
 */
export function noteStatus(ctx: BackendContext, tx: WriteDb, host: HostId, status: AgentStatus): void {
  settleAlerts(ctx, tx, host, 'agent-silent', () => 'the agent reports again');
  settleAlerts(ctx, tx, host, 'tampered', ({ key }) => (key === HOST_KEY ? 'the host shows the pinned key again' : null));
  if (status.pending !== null || listPushes(tx, { limit: 1, outcomes: ['running'] }).length > 0) return;
  const found = listDrift(host, status, findHostPolicy(tx, host)?.appliedBundle ?? null);
  const keys = new Set<string>(found.map(({ what }) => what));
  settleAlerts(ctx, tx, host, 'drifted', ({ key }) => (keys.has(key) ? null : 'the host is again as it was told to be'));
  for (const { what, text } of found) raiseAlert(ctx, tx, { host, kind: 'drifted', key: what, subject: { kind: 'drifted', what, text }, count: 1, atMs: ctx.nowMs() });
}

type Drift = { what: 'agent' | 'rules' | 'bundle' | 'units'; text: string };

/** Pure. Of what follows from each other only the first is told. */
export function listDrift(host: HostId, status: AgentStatus, appliedBundle: string | null): Drift[] {
  if (status.hostId !== host) return [{ what: 'agent', text: 'its agent is of another workspace' }];
  const unitsOff = [...(status.timerEnabled ? [] : ['its timers']), ...(status.bootUnitEnabled ? [] : ['its boot unit'])];
  const units: Drift[] = unitsOff.length === 0 ? [] : [{ what: 'units', text: `${unitsOff.join(' and ')} ${unitsOff.includes('its timers') || unitsOff.length > 1 ? 'are' : 'is'} off` }];
  if (!status.loaded) return [{ what: 'rules', text: 'no rules are loaded' }, ...units];
  if (status.kernelHash !== status.expectedKernelHash) return [{ what: 'rules', text: 'its rules are not as they were loaded' }, ...units];
  return appliedBundle !== null && status.runningBundle !== appliedBundle ? [{ what: 'bundle', text: 'it runs other rules than were sent last' }, ...units] : units;
}

/** The agent was taken off on purpose: what was about it is over. */
export function settleWithoutAgent(ctx: BackendContext, tx: WriteDb, host: HostId): void {
  for (const kind of ['agent-silent', 'drifted', 'footprint'] as const) settleAlerts(ctx, tx, host, kind, () => 'the agent was uninstalled');
}
