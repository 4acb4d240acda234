import type { HostTimeline, TimelineEntry } from '../../shared/contract/host-timeline.ts';
import type { HostDetail } from '../../shared/contract/views.ts';
import { machineText } from '../../shared/text/machine-text.ts';
import { timeText } from '../../shared/text/time-text.ts';
import { type HostCommand, type HostPush, listCommandsOn, listPushesOf } from '../db/host-timeline-store.ts';
import { listEventsOf } from '../db/host-event-store.ts';
import type { BackendContext } from './backend-context.ts';
import { getHost } from './find-host.ts';
import { readIdentityTimes } from './identity-book.ts';
import { describeEvent } from './host-events.ts';

/** Of each kind at most so many are looked at, and so many of all are shown. */
const LIMIT = 200;

/** What is stored of what happened to a host: pushes, changes of mode and labels, commands, and what its agent recorded. Asks no host. @throws NOT_FOUND */
export function readTimeline(ctx: BackendContext, name: string): HostTimeline {
  const host = getHost(ctx, name);
  const db = ctx.workspace.read;
  const pushes = listPushesOf(db, host.id, LIMIT);
  const commands = listCommandsOn(db, host.name, LIMIT);
  const events = listEventsOf(db, host.id, LIMIT);
  const entries = [
    ...pushes.map(toPush),
    ...modeChanges(pushes),
    ...commands.map(toCommand),
    ...identityChanges(readIdentityTimes(ctx, host.id)),
    ...events.map(({ atMs, event, fields }): TimelineEntry => ({ atMs, kind: 'event', title: event, detail: describeEvent(event, fields).slice(event.length + 1), by: 'agent' })),
  ].toSorted((a, b) => b.atMs - a.atMs);
  return { entries: entries.slice(0, LIMIT), isCut: entries.length > LIMIT || [pushes, commands, events].some((list) => list.length === LIMIT) };
}

const toPush = ({ kind, version, author, note, step, detail, atMs }: HostPush): TimelineEntry => ({
  atMs,
  kind: 'push',
  title: `${kind === 'rollback' ? 'rollback' : 'push'} of version ${version}: ${step}`,
  detail: [note, detail].filter((text) => text !== '').join('; '),
  by: author,
});

/** Where a confirmed push brought another mode than the confirmed one before it; the first counts from observe, which is what an install leaves. */
function modeChanges(pushes: readonly HostPush[]): TimelineEntry[] {
  const confirmed = pushes.filter((push) => push.step === 'confirmed' && push.mode !== null);
  return confirmed.flatMap(({ mode, atMs, author, version }, i): TimelineEntry[] => {
    const before = confirmed[i + 1]?.mode ?? 'observe';
    return mode === before ? [] : [{ atMs, kind: 'mode', title: `${before} → ${mode}`, detail: `with version ${version}`, by: author }];
  });
}

/** When another machine answered, and when addresses came and went; not what was there from the beginning. */
function identityChanges({ machines, addressTimes }: Pick<HostDetail, 'machines' | 'addressTimes'>): TimelineEntry[] {
  const firstMs = Math.min(...machines.map((machine) => machine.firstSeenAtMs), ...addressTimes.map((time) => time.firstSeenAtMs));
  const entry = (atMs: number, title: string, detail: string): TimelineEntry => ({ atMs, kind: 'event', title, detail, by: 'agent' });
  return [
    ...machines.filter(({ firstSeenAtMs }) => firstSeenAtMs > firstMs).map(({ firstSeenAtMs, machineId }) => entry(firstSeenAtMs, 'another machine answered', `machine id ${machineText(machineId)}`)),
    ...addressTimes.filter(({ firstSeenAtMs }) => firstSeenAtMs > firstMs).map(({ firstSeenAtMs, address }) => entry(firstSeenAtMs, 'address new', address)),
    ...addressTimes.flatMap(({ leftAtMs, lastSeenAtMs, address }) => (leftAtMs === null ? [] : [entry(leftAtMs, 'address gone', `${address}, last reported ${timeText(lastSeenAtMs)}`)])),
  ];
}

const WORDS: Readonly<Record<string, string>> = {
  'hosts.add': 'added',
  'hosts.change': 'changed by an import',
  'hosts.label': 'labels set by hand',
  'hosts.trust': 'host key trusted',
  'hosts.unlock': 'passwords given for a session',
  'agents.install': 'agent installed',
  'agents.uninstall': 'agent uninstalled',
  'labelRules.accept': 'labels accepted',
  'labelRules.claim': 'labels that it says of itself wait',
};

const toCommand = ({ atMs, actor, action, detail }: HostCommand): TimelineEntry => ({
  atMs,
  kind: action === 'hosts.label' || action.startsWith('labelRules.') ? 'labels' : 'command',
  title: WORDS[action] ?? action,
  detail,
  by: actor,
});
