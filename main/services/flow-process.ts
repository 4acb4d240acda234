import type { AgentFacts, AgentSnapshotHead } from '../../shared/contract/agent-replies.ts';
import type { KnownProcess } from '../db/flow-store.ts';
import { canonicalAddress } from './host-addresses.ts';
import type { SnapshotElement } from './parse-snapshot.ts';

type Outgoing = Pick<SnapshotElement, 'peer' | 'protocol' | 'port' | 'uid' | 'cgroup'>;
/** One outgoing connection that was open when the snapshot was taken. `peer` is canonical. */
export type SampledSocket = { peer: string; protocol: string; port: number; uid: string; process: string };
export type FindProcess = (element: Outgoing) => KnownProcess | null;

/** The sockets that the host saw, without those whose address it made up. */
export function listSampledSockets(head: AgentSnapshotHead): SampledSocket[] {
  return head.processes.sockets.flatMap(([address, protocol, port, uid, process]) => {
    const peer = canonicalAddress(address);
    return peer === null ? [] : [{ peer, protocol, port, uid: String(uid), process }];
  });
}

/**
 * Who opened a connection: `exact` where a socket to this peer and port of this user was seen open, `inferred` where all processes of its
 * unit and user have one name. Connections of other processes to the same peer and port by the same user cannot be told apart.
 */
export function createFindProcess(head: AgentSnapshotHead, sockets: readonly SampledSocket[]): FindProcess {
  const exact = new Map(sockets.map((s) => [`${s.peer} ${s.protocol} ${s.port} ${s.uid}`, s.process]));
  const inferred = new Map(head.processes.units.map(([cgroup, uid, process]) => [`${cgroup} ${uid}`, process]));
  return ({ peer, protocol, port, uid, cgroup }) => {
    const seen = exact.get(`${peer} ${protocol} ${port} ${uid}`);
    if (seen !== undefined) return { name: seen, confidence: 'exact' };
    const only = cgroup === null ? undefined : inferred.get(`${cgroup} ${uid}`);
    return only === undefined ? null : { name: only, confidence: 'inferred' };
  };
}

/** From the facts of a collection to the snapshot that it asks for, at most. */
const COLLECTION_SECONDS = 600;

/** Whether facts were read right before a snapshot was taken, by the host's own clock and within one boot: only then do they say who listened at that time. */
export function areOfOneCollection(facts: Pick<AgentFacts, 'clock' | 'bootId'> | null, head: Pick<AgentSnapshotHead, 'at' | 'bootId'>): boolean {
  if (facts === null || facts.bootId !== head.bootId) return false;
  const laterSeconds = head.at - Math.trunc(facts.clock);
  return laterSeconds >= 0 && laterSeconds <= COLLECTION_SECONDS;
}

/** Who takes what comes in, where one process listens on the port by the host's facts, or several of one name do. `confidence`: how well those facts fit the time. */
export function findListenerProcess(listening: AgentFacts['listening'], element: Pick<SnapshotElement, 'protocol' | 'port'>, confidence: KnownProcess['confidence']): KnownProcess | null {
  const listeners = listening.filter((l) => l.port === element.port && l.protocol.replace(/6$/, '') === element.protocol);
  const names = new Set(listeners.map((l) => l.process));
  const [name] = names;
  return names.size === 1 && name != null ? { name, confidence } : null;
}
