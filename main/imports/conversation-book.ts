import type { DirectionBasis, ImportFigures } from '../../shared/model/flow-source.ts';
import { DirectionBasis as Basis } from '../../shared/model/flow-source.ts';
import { type ConversationTable, createConversationTable } from './conversation-table.ts';
import { addToTallies, mostByPeriod, rollUpTally, type Tally } from './hour-tallies.ts';
import { inferService, type IsListening } from './infer-service.ts';
import { createAddressReader, createProtocolReader, ICMPV6 } from './read-fields.ts';
import { REASONS, type SeenRow } from './seen-row.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** No log of flows is older. */
const EARLIEST_MS = Date.UTC(1990, 0, 1);
/** Names of interfaces and exporters are shorter; they are kept for each conversation. */
const MAX_WITNESS_BYTES = 64;

/** What a log says about one consumer, provider, service and verdict. `hours`: start (epoch ms) and connections, ascending; their sum is `connections`. Never empty. */
export type Conversation = {
  consumer: string;
  provider: string;
  protocol: string;
  port: number;
  verdict: SeenRow['verdict'];
  basis: DirectionBasis;
  answered: boolean;
  connections: number;
  firstSeenAtMs: number;
  lastSeenAtMs: number;
  hours: [startMs: number, connections: number][];
};

type Entry = Omit<Conversation, 'connections' | 'hours'> & { tallies: Tally[] };

export type BookLimits = { conversations: number; hours: number };
/** About 300 MB at most, so that an import of any size stays below 500 MB. */
export const BOOK_LIMITS: BookLimits = { conversations: 500_000, hours: 1_000_000 };

export type BookOptions = { nowMs: number; isListening: IsListening; limits?: BookLimits };

/** `add` gives null, or the reason for which the row was left out. */
export type ConversationBook = {
  add(row: SeenRow): { kind: 'refused' | 'skipped'; reason: string } | null;
  conversations(): Generator<Conversation, void, void>;
  /** Whether hours had to be rolled up to days, so that they fit. */
  isByDay(): boolean;
};

const refused = (reason: string) => ({ kind: 'refused' as const, reason });

/**
 * Folds rows into conversations; its size depends on how many different ones there are and not on the rows, and is bounded. A conversation that several witnesses
 * tell (both directions, both interfaces, the beginning and the going on) counts as often as the one that tells it most, hour by hour. More hours than fit are rolled up to days.
 */
export function createConversationBook({ nowMs, isListening, limits = BOOK_LIMITS }: BookOptions): ConversationBook {
  const [entries, table]: [Entry[], ConversationTable] = [[], createConversationTable()];
  const [readAddress, readProtocol] = [createAddressReader(2 * limits.conversations), createProtocolReader()];
  const latestMs = nowMs + DAY_MS;
  let periods = 0;
  let periodMs = HOUR_MS;
  const hasRoom = (): boolean => {
    if (periods >= limits.hours && periodMs === HOUR_MS) {
      periodMs = DAY_MS;
      periods = entries.reduce((sum, { tallies }) => sum + tallies.reduce((own, tally) => own + rollUpTally(tally, DAY_MS / HOUR_MS), 0), 0);
    }
    return periods < limits.hours;
  };
  const add: ConversationBook['add'] = (row) => {
    const left = findFault(row, latestMs);
    if (left !== null) return refused(left);
    const from = readAddress(row.from);
    const to = readAddress(row.to);
    const protocol = readProtocol(row.protocol);
    if (from === null || to === null) return refused(REASONS.address);
    if (protocol === null) return refused(REASONS.protocol);
    if (isLoopback(from.text) || isLoopback(to.text)) return { kind: 'skipped', reason: REASONS.loopback };
    const named = protocol.name === 'icmp' && from.text.includes(':') ? ICMPV6 : protocol;
    const service = inferService(from.text, to.text, named.name, row, isListening);
    const consumer = service.turned ? to : from;
    const provider = service.turned ? from : to;
    // Too many addresses or protocols to number: surely too many conversations.
    if (from.number < 0 || to.number < 0 || named.number < 0) return refused(REASONS.full);
    const serviceNumber = (named.number * 65_536 + service.port) * 2 + (row.verdict === 'accepted' ? 0 : 1);
    let entry = entries[table.find(consumer.number, provider.number, serviceNumber)];
    if (entry === undefined) {
      if (entries.length >= limits.conversations || !hasRoom()) return refused(REASONS.full);
      entry = { consumer: consumer.text, provider: provider.text, protocol: named.name, port: service.port, verdict: row.verdict, basis: service.basis, answered: false, firstSeenAtMs: row.atMs, lastSeenAtMs: row.atMs, tallies: [] };
      entries[table.add(consumer.number, provider.number, serviceNumber)] = entry;
    }
    const mayMake = hasRoom();
    const witness = row.witness.slice(0, MAX_WITNESS_BYTES);
    const outcome = addToTallies(entry.tallies, service.turned ? `${witness} reply` : witness, Math.floor(row.atMs / periodMs), row.continues === true ? 0 : 1, mayMake);
    if (outcome === 'full' || outcome === 'crowded') return refused(outcome === 'full' ? REASONS.full : REASONS.witnesses);
    if (outcome === 'made') periods += 1;
    widen(entry, row, service.basis, latestMs);
    return null;
  };
  return { add, conversations: () => finish(entries, periodMs), isByDay: () => periodMs === DAY_MS };
}

function findFault(row: SeenRow, latestMs: number): string | null {
  if (Number.isNaN(row.atMs)) return REASONS.time;
  if (row.atMs < EARLIEST_MS || row.atMs > latestMs) return REASONS.timeRange;
  return isPort(row.fromPort) && isPort(row.toPort) ? null : REASONS.port;
}

const isPort = (port: number): boolean => Number.isInteger(port) && port >= 0 && port <= 65_535;
const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1';

const SURENESS = new Map(Basis.options.map((basis, place) => [basis, place]));

function widen(entry: Entry, row: SeenRow, basis: DirectionBasis, latestMs: number): void {
  if ((SURENESS.get(basis) ?? 0) < (SURENESS.get(entry.basis) ?? 0)) entry.basis = basis;
  if (row.answered) entry.answered = true;
  const untilMs = row.untilMs > row.atMs && row.untilMs <= latestMs ? row.untilMs : row.atMs;
  if (row.atMs < entry.firstSeenAtMs) entry.firstSeenAtMs = row.atMs;
  if (untilMs > entry.lastSeenAtMs) entry.lastSeenAtMs = untilMs;
}

function* finish(entries: readonly Entry[], periodMs: number): Generator<Conversation, void, void> {
  for (const { tallies, ...entry } of entries) {
    const hours = mostByPeriod(tallies).map(([period, count]): [number, number] => [period * periodMs, count]);
    if (hours.length > 0) yield { ...entry, connections: hours.reduce((sum, [, count]) => sum + count, 0), hours };
  }
}

export type BookSums = Pick<ImportFigures, 'flows' | 'connections' | 'basis' | 'firstSeenAtMs' | 'lastSeenAtMs'>;

export function sumConversations(conversations: Iterable<Conversation>): BookSums {
  const sums: BookSums = { flows: 0, connections: 0, basis: { opening: 0, listener: 0, sensor: 0, 'known-port': 0, 'lower-port': 0, unknown: 0 }, firstSeenAtMs: null, lastSeenAtMs: null };
  for (const one of conversations) {
    sums.flows += 1;
    sums.connections += one.connections;
    sums.basis[one.basis] += 1;
    sums.firstSeenAtMs = Math.min(sums.firstSeenAtMs ?? one.firstSeenAtMs, one.firstSeenAtMs);
    sums.lastSeenAtMs = Math.max(sums.lastSeenAtMs ?? one.lastSeenAtMs, one.lastSeenAtMs);
  }
  return sums;
}
