import type { Plan, Push } from '../../shared/model/diff.ts';
import type { ForbiddenSession, HostSessions, SessionChoice, SessionPlan } from '../../shared/model/session.ts';
import { describeSessionsCut } from '../../shared/text/sessions-cut-text.ts';
import { inert } from '../../shared/text/inert.ts';
import { formatTable, formatTime } from './table.ts';

/** Whether the plan may forbid live connections at all, so that hosts are worth asking. */
export const bringsHostsToEnforce = (plan: Plan): boolean => plan.hosts.some((host) => host.modeAfter === 'enforce' && host.bundleBefore !== host.bundleAfter);

const WHAT_HAPPENS: Record<SessionChoice, string> = {
  keep: 'they live on; --sessions cut ends them after each host has confirmed',
  cut: 'they are CUT after each host has confirmed, which cannot be undone',
};

/** What lives though the plan forbids it, for a terminal. Empty where no host was asked. */
export function formatSessions({ hosts }: SessionPlan, choice: SessionChoice): string {
  if (hosts.length === 0) return '';
  const total = hosts.reduce((sum, host) => sum + host.total, 0);
  const rows = hosts.flatMap((host) => host.forbidden.map((session) => toRow(host, session)));
  const more = total > rows.length ? [`… ${total - rows.length} more`] : [];
  const uncertain = hosts.filter((host) => host.uncertain > 0).map((host) => `${host.hostName}: ${host.uncertain} of ${host.live} cannot be judged (what decides does not show on a live connection); they are never cut`);
  const warnings = hosts.flatMap((host) => host.warnings.map((warning) => `${host.hostName}: ${warning}`));
  const head = total === 0 ? 'Live connections that the new rules forbid: none' : `Live connections that the new rules forbid: ${total} (${WHAT_HAPPENS[choice]})`;
  const table = rows.length === 0 ? [] : formatTable(['HOST', 'WHO', 'SERVICE', 'USER', 'UNIT', 'PROCESS', 'SINCE', 'BY'], rows).split('\n');
  return ['', head, ...[...table, ...more, ...uncertain, ...warnings].map((line) => `  ${inert(line)}`)].join('\n');
}

function toRow({ hostName }: HostSessions, session: ForbiddenSession): string[] {
  const { direction, peerName, peerAddress, peerPort, localPort, protocol, port, user, unit, process, sinceMs, by } = session;
  const peer = `${peerName === peerAddress ? '' : `${peerName} `}${peerAddress.includes(':') ? `[${peerAddress}]` : peerAddress}`;
  const who = direction === 'out' ? `:${localPort} → ${peer}` : `${peer}:${peerPort} ${direction === 'in' ? '→' : '–'} :${localPort}`;
  return [hostName, who, `${protocol}/${port}`, user ?? '-', unit ?? '-', process ?? '-', formatTime(sinceMs), by ?? 'default'];
}

/** What became of them, a line for each host; empty where nothing was to be cut. */
export function formatCuts(push: Push): string[] {
  return push.hosts.flatMap(({ hostName, sessionsCut }) => (sessionsCut === null ? [] : [inert(`${hostName}: ${describeSessionsCut(sessionsCut)}`)]));
}
