import type { SeenFlow } from '../../shared/contract/explain-views.ts';
import type { Policy } from '../../shared/model/policy.ts';
import type { ServiceRef } from '../../shared/model/service.ts';
import type { ConnectionEnd } from '../../shared/policy/explain-ends.ts';
import { expandServices } from '../../shared/policy/service-match.ts';
import { countText } from '../../shared/text/amount-text.ts';
import { ageText, timeText } from '../../shared/text/time-text.ts';
import { listFlowsBetween } from '../db/flow-pair.ts';
import type { FlowEnd, StoredFlow } from '../db/flow-query.ts';
import { findFirstHour, listFigureSums } from '../db/recording-store.ts';
import type { BackendContext } from './backend-context.ts';
import { isOfService } from './flow-service.ts';

type Side = { readonly end: ConnectionEnd; readonly direction: 'in' | 'out' };
export type SeenBetween = { seen: SeenFlow[]; texts: string[] };

/** What the two ends' kernels ever recorded of the connection; where one recorded nothing, since when it looked, and what it missed in that time. Reads only. */
export function readSeenBetween(ctx: BackendContext, policy: Policy, pair: { from: ConnectionEnd; to: ConnectionEnd }, service: ServiceRef): SeenBetween {
  const entries = expandServices([service], policy.services);
  const flows = listFlowsBetween(ctx.workspace.read, toFlowEnd(pair.from), toFlowEnd(pair.to)).filter((flow) => isOfService(entries, flow));
  const sides: Side[] = [
    { end: pair.from, direction: 'out' },
    { end: pair.to, direction: 'in' },
  ];
  const watched = sides.filter(({ end }) => end.host?.managed);
  if (watched.length === 0) return { seen: [], texts: ['neither end has an agent, so nobody would have seen it'] };
  const known = watched.map((side) => {
    const seen = toSeen(side, flows.filter((flow) => flow.direction === side.direction));
    return { seen, text: seen === null ? describeUnseen(ctx, side) : describeSeen(seen, ctx.nowMs()) };
  });
  return { seen: known.flatMap(({ seen }) => seen ?? []).toSorted((a, b) => b.lastSeenAtMs - a.lastSeenAtMs), texts: known.map(({ text }) => text) };
}

const toFlowEnd = ({ host, addresses }: ConnectionEnd): FlowEnd => ({ reporters: host === null ? [] : [host.id], addresses });

function toSeen({ end, direction }: Side, [newest, ...older]: readonly StoredFlow[]): SeenFlow | null {
  if (newest === undefined) return null;
  const { lastSeenAtMs, verdict, policyVersion, user, unit, process, processConfidence } = newest;
  const firstSeenAtMs = older.reduce((first, flow) => Math.min(first, flow.firstSeenAtMs), newest.firstSeenAtMs);
  const connections = older.reduce((sum, flow) => sum + flow.connections, newest.connections);
  return { reporterName: end.name, direction, lastSeenAtMs, firstSeenAtMs, connections, verdict, policyVersion, user, unit, process, processConfidence };
}

const WAYS = { in: 'inbound', out: 'outbound', forward: 'passing' } as const;
const DONE = { accepted: 'let it through', 'would-block': 'let it through in test mode, where enforce would have blocked it', blocked: 'blocked it' } as const;

function describeSeen(seen: SeenFlow, nowMs: number): string {
  const who = [
    seen.user === null ? '' : `user ${seen.user}`,
    seen.unit === null ? '' : `unit ${seen.unit}`,
    seen.process === null ? 'process unknown' : `process ${seen.process}${seen.processConfidence === 'exact' ? '' : ' (inferred)'}`,
  ].filter((part) => part !== '');
  const under = seen.policyVersion === null ? 'before any policy version' : `under policy version ${seen.policyVersion}`;
  return `${seen.reporterName} saw it ${WAYS[seen.direction]}, last ${timeText(seen.lastSeenAtMs)} (${ageText(nowMs - seen.lastSeenAtMs)} ago), when the kernel ${DONE[seen.verdict]} ${under}; ${who.join(', ')}; ${countText(seen.connections, 'connection')} since ${timeText(seen.firstSeenAtMs)}`;
}

function describeUnseen(ctx: BackendContext, { end: { name, host }, direction }: Side): string {
  const sinceMs = host === null ? null : findFirstHour(ctx.workspace.read, host.id);
  if (host === null || sinceMs === null) return `${name} never saw it ${WAYS[direction]}, but nothing was collected from it yet`;
  const sums = listFigureSums(ctx.workspace.read, null).filter((sum) => sum.host === host.id);
  const amountOf = (isMeant: (figure: string) => boolean) => sums.filter(({ figure }) => isMeant(figure)).reduce((sum, { amount }) => sum + amount, 0);
  const gapMs = amountOf((figure) => figure === 'gap-seconds') * 1000;
  const lost = amountOf((figure) => figure.startsWith('lost-') || figure === 'dropped');
  const missed = gapMs === 0 && lost === 0 ? 'without a gap or a lost event' : `but ${ageText(gapMs)} of that time is in gaps, and ${lost} events were lost`;
  return `${name} never saw it ${WAYS[direction]} since ${timeText(sinceMs)} (${ageText(ctx.nowMs() - sinceMs)}), ${missed}`;
}
