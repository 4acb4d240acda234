import type { AgentSession, AgentSessions } from '../../shared/contract/agent-replies.ts';

/** One connection that stays open, as both of its machines know it. */
export type FakeWire = { alive: boolean };
type Entry = { session: AgentSession; wire: FakeWire };

const keyOf = ({ protocol, local, localPort, peer, peerPort }: Pick<AgentSession, 'protocol' | 'local' | 'localPort' | 'peer' | 'peerPort'>) => `${protocol} ${local} ${localPort} ${peer} ${peerPort}`;

/** The open connections of one simulated machine: its socket table. */
export class FakeSessions {
  #entries: Entry[] = [];

  add(session: AgentSession, wire: FakeWire): void {
    this.#entries.push({ session, wire });
  }

  /** As `sessions` prints it. */
  list(nowSeconds: number): AgentSessions {
    const sessions = this.#live().map(({ session }) => session);
    return { v: 1, clock: Math.floor(nowSeconds), tracking: 'proc', sessions, total: sessions.length, truncated: false };
  }

  /** Ends what the lines of `cut` name; what `isKept` says stays. Null when a line is none. */
  cut(text: string, isKept: (session: AgentSession) => boolean): { asked: number; cut: number; kept: number; gone: number } | null {
    const lines = text.split('\n').filter((line) => line !== '');
    if (lines.some((line) => !/^(tcp|udp) [0-9a-fA-F.:]+ \d{1,5} [0-9a-fA-F.:]+ \d{1,5}$/.test(line))) return null;
    const known = new Map(this.#live().map((entry) => [keyOf(entry.session), entry]));
    const found = lines.map((line) => known.get(line));
    const kept = found.filter((entry) => entry !== undefined && isKept(entry.session)).length;
    const ended = found.filter((entry) => entry !== undefined && !isKept(entry.session));
    for (const entry of ended) if (entry !== undefined) entry.wire.alive = false;
    return { asked: lines.length, cut: ended.length, kept, gone: found.filter((entry) => entry === undefined).length };
  }

  #live(): Entry[] {
    this.#entries = this.#entries.filter(({ wire }) => wire.alive);
    return this.#entries;
  }
}
