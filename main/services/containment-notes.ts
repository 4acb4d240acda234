import type { Plan } from '../../shared/model/diff.ts';
import type { Closure, Containment } from '../../shared/model/containment.ts';
import type { FleetHost } from '../../shared/model/host.ts';
import { quarantinedConsole } from '../../shared/policy/lockout.ts';
import { countText } from '../../shared/text/amount-text.ts';
import { printExemption } from '../../shared/text/exemption-text.ts';
import { iterateStoredFlows } from '../db/flow-query.ts';
import { listHostStates } from '../db/host-state-store.ts';
import { listLastClockOffsets } from '../db/recording-hours-store.ts';
import type { BackendContext } from './backend-context.ts';
import type { ContainedHost, ResolvedOrder } from './containment-order.ts';
import { findConsoleHost, listJumps } from './plan-jumps.ts';

const DAY_MS = 86_400_000;
const LOOK_BACK_DAYS = 30;
const TOLERATED_CLOCK_MS = 10_000;
const MAX_NAMED = 5;

/** By what the order would cut this console off. Without an address to let in nothing could be released, and the console’s own machine could reach nobody. */
export function listContainmentRefusals(ctx: BackendContext, fleet: readonly FleetHost[], { containment, hosts }: ResolvedOrder): Plan['refusals'] {
  const here = findConsoleHost(ctx, fleet);
  return hosts.flatMap(({ host, next }) => [
    ...(next.containments.length > 0 && host.management.consoleAddresses.length === 0
      ? [refusal(host, `no console address is recorded for ${host.name}, so nothing could keep SSH open; run “firebreak agent status ${host.name}” first, which records the address that the host sees`)]
      : []),
    ...(host.id === here?.id && isQuarantined(next, containment)
      ? [quarantinedConsole(host)]
      : []),
  ]);
}

const refusal = (host: FleetHost, reason: string): Plan['refusals'][number] => ({ host: host.name, reason, rule: null });

const isQuarantined = ({ containments }: ContainedHost['next'], { id }: Containment): boolean => containments.some((row) => row.id === id && row.kind === 'quarantine-row');

/** What an admin should know before. Sentences without a full stop. */
export function listContainmentNotes(ctx: BackendContext, fleet: readonly FleetHost[], order: ResolvedOrder & { readonly rebuilt: readonly FleetHost[] }): string[] {
  const { containment, hosts, unreached, rebuilt } = order;
  const held = hosts.filter(({ next }) => next.containments.some((row) => row.id === containment.id));
  const quarantined = held.filter(({ next }) => isQuarantined(next, containment)).map(({ host }) => host);
  return [
    ...(held.length === 0 ? [] : [`It holds until ${containment.endsAt}, by the clock of each host, and ends there by itself; live connections that it forbids end at once`]),
    ...(held.length > 0 && containment.kind === 'close' ? [noteSpared(containment)] : []),
    ...quarantined.flatMap((host) => noteJumps(ctx, fleet, host)),
    ...quarantined.flatMap((host) => notePassage(ctx, host)),
    ...noteClocks(ctx, held.map(({ host }) => host)),
    ...(unreached.length === 0 ? [] : [`Without an agent, and so left open: ${cut(unreached.map(({ name }) => name))}`]),
    ...(rebuilt.length === 0 ? [] : [`Another machine answers there than before, and so left open until “firebreak host trust NAME --replace”: ${cut(rebuilt.map(({ name }) => name))}`]),
    ...noteFailing(ctx, hosts.map(({ host }) => host)),
  ];
}

const noteSpared = ({ except }: Closure): string =>
  except.length === 0 ? 'Nobody used it in that period, so nobody is spared' : `Whoever used it in that period goes on, ${except.length === 1 ? 'one pair' : `${except.length} pairs`}: ${cut(except.map(printExemption))}`;

function noteJumps(ctx: BackendContext, fleet: readonly FleetHost[], host: FleetHost): string[] {
  const behind = new Set(listJumps(ctx, fleet).flatMap((jump) => (jump.through === host.id ? [jump.host] : [])));
  const names = fleet.filter(({ id }) => behind.has(id)).map(({ name }) => name);
  return names.length === 0 ? [] : [`SSH to ${cut(names)} goes through ${host.name}: until it is released, nothing can be read from or pushed to ${names.length === 1 ? 'it' : 'them'}`];
}

/** What a router passes on is recorded and judged by nobody, but a quarantine stops it. */
function notePassage(ctx: BackendContext, host: FleetHost): string[] {
  const filter = { sinceMs: ctx.nowMs() - LOOK_BACK_DAYS * DAY_MS, untilMs: null, verdict: null, consumer: null, provider: null, text: null, textEnds: null };
  let connections = 0;
  for (const flow of iterateStoredFlows(ctx.workspace.read, filter)) if (flow.reporter === host.id && flow.forwardTo !== null) connections += flow.connections;
  return connections === 0 ? [] : [`${host.name} passes traffic on for others (${countText(connections, 'connection')} in ${LOOK_BACK_DAYS} days): that stops, too`];
}

function noteClocks(ctx: BackendContext, hosts: readonly FleetHost[]): string[] {
  const offsets = listLastClockOffsets(ctx.workspace.read);
  return hosts.flatMap((host) => {
    const offsetMs = offsets.get(host.id) ?? 0;
    if (Math.abs(offsetMs) <= TOLERATED_CLOCK_MS) return [];
    return [`The clock of ${host.name} is ${Math.round(Math.abs(offsetMs) / 1000)} s ${offsetMs > 0 ? 'ahead: it ends that much earlier' : 'behind: it ends that much later'} there`];
  });
}

function noteFailing(ctx: BackendContext, hosts: readonly FleetHost[]): string[] {
  const failing = new Set(listHostStates(ctx.workspace.read).flatMap((state) => (state.lastError === null ? [] : [state.host])));
  const names = hosts.filter(({ id }) => failing.has(id)).map(({ name }) => name);
  return names.length === 0 ? [] : [`The last contact failed, so that it may not get there: ${cut(names)}`];
}

const cut = (names: readonly string[]): string => names.slice(0, MAX_NAMED).join(', ') + (names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : '');
