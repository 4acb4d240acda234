import type { AgentSession } from '../../shared/contract/agent-replies.ts';
import type { SessionsCut } from '../../shared/model/session.ts';
import { describeSessionsCut } from '../../shared/text/sessions-cut-text.ts';
import type { AgentClient } from './agent-client.ts';
import { cutForbidden, type SessionSorter } from './live-sessions.ts';
import type { PushRecorder } from './push-recorder.ts';
import { type HostLoad, sentenceOf, throwIfOver } from './push-world.ts';

const MAX_NAMED = 10;

/** What a push does with live connections that its rules forbid; `sort` judges what lives on a host once it has confirmed. */
export type SessionOrder = { choice: 'keep' } | { choice: 'cut'; sort: SessionSorter };

/**
 * Has a host that has confirmed end what lives there though its rules forbid it, and stores what became of it. A host that fails here stays
 * confirmed: its rules are right, and what lives on is told.
 */
export async function cutOnHost(world: { agents: Pick<AgentClient, 'sessions' | 'cut'>; recorder: PushRecorder; sort: SessionSorter }, load: HostLoad): Promise<void> {
  const { cut, named } = await tryToCut(world, load);
  world.recorder.keepSessionsCut(load.host, cut, `${describeSessionsCut(cut)}${named === '' ? '' : `: ${named}`}`);
}

async function tryToCut({ agents, sort }: { agents: Pick<AgentClient, 'sessions' | 'cut'>; sort: SessionSorter }, load: HostLoad): Promise<{ cut: SessionsCut; named: string }> {
  try {
    const { cut, forbidden, warnings } = await cutForbidden(agents, load, sort);
    const named = forbidden.slice(0, MAX_NAMED).map(describeSession).join(', ');
    const more = forbidden.length > MAX_NAMED ? ` and ${forbidden.length - MAX_NAMED} more` : '';
    return { cut: { ...cut, note: warnings.length === 0 ? null : `${warnings.join('; ')}.` }, named: named + more };
  } catch (error) {
    throwIfOver(error);
    const note = `Whether its live connections were cut is not known: ${sentenceOf(error)}`;
    return { cut: { cut: 0, forgotten: 0, failed: 0, kept: 0, gone: 0, note }, named: '' };
  }
}

const describeSession = ({ protocol, direction, local, localPort, peer, peerPort }: AgentSession): string => {
  const [own, other] = [`${bracket(local)}:${localPort}`, `${bracket(peer)}:${peerPort}`];
  return `${protocol} ${direction === 'out' ? `${own} → ${other}` : `${other} → ${own}`}`;
};
const bracket = (address: string): string => (address.includes(':') ? `[${address}]` : address);
