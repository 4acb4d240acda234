import { hasPorts, readPort, readProtocol } from './read-fields.ts';
import { fieldObject, fieldObjects, fieldText, fieldTexts, type JsonObject, parseJsonObject } from './read-json.ts';
import { REASONS, type RowParser, type RowSink, type SeenRow } from './seen-row.ts';

/** Seconds (NSG) and milliseconds (VNet) are both written without a unit; from 1e11 on it cannot be seconds. */
const MILLISECONDS_FROM = 1e11;

/**
 * Azure's flow logs, one record of the `records` list after the other: NSG versions 1 and 2
 * (https://learn.microsoft.com/azure/network-watcher/nsg-flow-logs-overview) and VNet (…/vnet-flow-logs-overview). Each tuple is a row.
 */
export function createAzureParser(sink: RowSink): RowParser {
  return (text) => {
    const record = parseJsonObject(text);
    if (record === null) return sink.leaveOut('refused', REASONS.json);
    const groups = [...listNsgGroups(record), ...listVnetGroups(record)];
    if (groups.length === 0) return sink.leaveOut('skipped', 'a record without flows');
    for (const { tuples, mac, isVnet } of groups) for (const tuple of tuples) readTuple(sink, tuple, mac, isVnet);
  };
}

type Group = { tuples: string[]; mac: string; isVnet: boolean };

const listNsgGroups = (record: JsonObject): Group[] =>
  fieldObjects(fieldObject(record, 'properties'), 'flows').flatMap((rule) => fieldObjects(rule, 'flows').map((flow) => ({ tuples: fieldTexts(flow, 'flowTuples'), mac: fieldText(flow, 'mac'), isVnet: false })));

const listVnetGroups = (record: JsonObject): Group[] =>
  fieldObjects(fieldObject(record, 'flowRecords'), 'flows').flatMap((flow) =>
    fieldObjects(flow, 'flowGroups').map((group) => ({ tuples: fieldTexts(group, 'flowTuples'), mac: fieldText(record, 'macAddress'), isVnet: true })),
  );

function readTuple(sink: RowSink, tuple: string, mac: string, isVnet: boolean): void {
  const [time = '', from = '', to = '', fromPort = '', toPort = '', protocol = '', , seventh = '', eighth = ''] = tuple.split(',', 14);
  // NSG: decision (A, D) and, from version 2 on, state (B, C, E). VNet: state alone, of which D is denied.
  const state = isVnet ? seventh : eighth;
  const decision = isVnet ? (seventh === 'D' ? 'D' : 'A') : seventh;
  const fault = toPort === '' ? 'a tuple with too few parts' : isKnown(decision, state) ? null : 'a tuple whose decision or state is not known';
  if (fault !== null) {
    sink.leaveOut('refused', fault);
    return;
  }
  const withPorts = hasPorts(readProtocol(protocol) ?? '');
  const atMs = readTime(time);
  sink.take({
    from,
    fromPort: withPorts ? readPort(fromPort) : 0,
    to,
    toPort: withPorts ? readPort(toPort) : 0,
    protocol,
    order: orderOf(state),
    verdict: decision === 'A' ? 'accepted' : 'blocked',
    answered: true,
    atMs,
    untilMs: atMs,
    witness: mac,
    // What goes on or ends was counted when it began, if that is in the log.
    ...(state === 'C' || state === 'E' ? { witness: `${mac} going on`, continues: true } : {}),
  });
}

const isKnown = (decision: string, state: string): boolean => (decision === 'A' || decision === 'D') && ['', 'B', 'C', 'E', 'D'].includes(state);

/** Tuples are written from who opened to who answered; without a state that is all that is said. */
const orderOf = (state: string): SeenRow['order'] => (state === 'B' ? 'opened' : 'first');

function readTime(text: string): number {
  const time = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return time < MILLISECONDS_FROM ? time * 1000 : time;
}
