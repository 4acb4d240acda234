import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { createRandom } from '../../shared/seeded-random.ts';
import { HostId } from '../../shared/model/ids.ts';
import { type FlowOrder, type FlowPlace, type ScanBounds, scanStoredFlows } from './flow-page.ts';
import { findFewFlows } from './flow-few.ts';
import { type FlowFilter, listStoredFlows } from './flow-query.ts';
import { addToFlow } from './flow-store.ts';
import { insertHost } from './host-store.ts';
import { makeWorkspace, type TemporaryWorkspace } from './testing/temporary-workspace.ts';

const NO_FILTER: FlowFilter = { sinceMs: null, untilMs: null, verdict: null, consumer: null, provider: null, text: null, textEnds: null };
const HOSTS = ['h_000000000001', 'h_000000000002', 'h_000000000003'].map((id) => HostId.parse(id));
const [one = HOSTS[0], two] = HOSTS;
const ORDERS: readonly FlowOrder[] = ['newest', 'oldest', 'busiest'];
/** Sorted by the index of the filter, walked in one slice, and walked in many. */
const BOUNDS: readonly ScanBounds[] = [
  { rowsASlice: 1000, few: 1000 },
  { rowsASlice: 1000, few: -1 },
  { rowsASlice: 7, few: -1 },
];

let at: TemporaryWorkspace;
beforeEach(() => {
  at = makeWorkspace();
  const random = createRandom(7);
  const pick = <T>(values: readonly T[]): T => {
    const value = values[random.below(values.length)];
    if (value === undefined) throw new Error('there is nothing to pick');
    return value;
  };
  at.workspace.transaction((tx) => {
    for (const [i, id] of HOSTS.entries()) insertHost(tx, { id, name: `web-${i + 1}`, ssh: null, note: '', createdAtMs: 0, handLabels: {}, addresses: [{ address: `10.0.0.${i + 1}`, source: 'manual' }] });
    for (let n = 0; n < 200; n++) {
      const direction = pick(['in', 'out', 'forward'] as const);
      addToFlow(tx, {
        reporter: pick(HOSTS), direction, peerAddress: pick(['10.0.0.1', '10.0.0.2', '192.0.2.7', '2001:db8::7']), forwardTo: direction === 'forward' ? pick(['10.9.0.1', '10.9.0.2']) : null,
        protocol: pick(['tcp', 'udp', 'icmp']), port: pick([0, 53, 443, 5432]), user: pick(['www-data', 'root', null]), unit: pick(['nginx.service', 'cron.service', null]), process: null, zone: pick(['shop', null]),
        verdict: pick(['accepted', 'would-block', 'blocked'] as const), policyVersion: null, connections: 1 + random.below(5),
        // Few times, so that many rows are equal in the order.
        lastSeenAtMs: 1000 * random.below(12),
      }, true);
    }
  });
});
afterEach(() => at.remove());

/** Ids of all pages of `limit` rows. */
function readPages(filter: FlowFilter, order: FlowOrder, bounds: ScanBounds, limit: number): number[] {
  const scan = scanStoredFlows(at.workspace.read, filter, order, bounds);
  const ids: number[] = [];
  let after: FlowPlace | null = null;
  do {
    const slice: ReturnType<typeof scan.slice> = scan.slice(after, limit);
    ids.push(...slice.places.map(({ id }) => id));
    after = slice.scannedTo;
  } while (after !== null);
  return ids;
}

function countAll(filter: FlowFilter, bounds: ScanBounds): number {
  const scan = scanStoredFlows(at.workspace.read, filter, 'newest', bounds);
  let [count, after] = [0, null as FlowPlace | null];
  do {
    const part = scan.count(after, 10_000);
    count += part.count;
    after = part.scannedTo;
  } while (after !== null);
  return count;
}

function expectedIds(filter: FlowFilter, order: FlowOrder): number[] {
  const value = (flow: { lastSeenAtMs: number; connections: number }) => (order === 'busiest' ? flow.connections : flow.lastSeenAtMs);
  const sign = order === 'oldest' ? 1 : -1;
  return listStoredFlows(at.workspace.read, filter, { limit: 1000, offset: 0 }).toSorted((a, b) => sign * (value(a) - value(b) || a.id - b.id)).map(({ id }) => id);
}

const end = (reporters: readonly (HostId | undefined)[], addresses: readonly string[]) => ({ reporters: reporters.filter((id) => id !== undefined), addresses });

test.each<[string, Partial<FlowFilter>]>([
  ['nothing', {}],
  ['one verdict', { verdict: ['blocked'] }],
  ['two verdicts', { verdict: ['blocked', 'would-block'] }],
  ['a consumer', { consumer: end([one], ['10.0.0.1']) }],
  ['a provider, also of what is forwarded', { provider: end([two], ['10.0.0.2', '10.9.0.1']) }],
  ['both ends and a verdict', { consumer: end([one], ['10.0.0.1']), provider: end([two], ['10.0.0.2']), verdict: ['accepted'] }],
  ['both ends, also of what is forwarded', { consumer: end([one, two], ['10.0.0.1', '10.0.0.2', '192.0.2.7']), provider: end([two], ['10.0.0.2', '10.9.0.1']) }],
  ['both ends, of which one is nobody', { consumer: end([one], ['10.0.0.1']), provider: end([], []) }],
  ['an end that is nobody', { consumer: end([], []) }],
  ['a user', { users: ['www-data'] }],
  ['no user that there is', { users: [] }],
  ['a unit and a user', { units: ['cron.service'], users: ['root'] }],
  ['a service', { services: [{ kind: 'ports', protocol: 'tcp', from: 440, to: 6000 }] }],
  ['ICMP', { services: [{ kind: 'icmp', family: 4, types: 'all' }] }],
  ['no service', { services: [] }],
  ['a text in a unit', { text: 'NGINX', textEnds: end([], []) }],
  ['a text in protocol and port', { text: 'p/5', textEnds: end([], []) }],
  ['a text in an address, or in a zone', { text: 's', textEnds: end([], []) }],
  ['a text in the name of a host', { text: 'web-1', textEnds: end([one], ['10.0.0.1']) }],
  ['a text that is a wildcard elsewhere', { text: '%', textEnds: end([], []) }],
])('pages hold what the list holds, in order, each row once: %s', (_what, part) => {
  const filter = { ...NO_FILTER, ...part };
  for (const order of ORDERS) {
    for (const bounds of BOUNDS) expect({ order, bounds, ids: readPages(filter, order, bounds, 9) }).toEqual({ order, bounds, ids: expectedIds(filter, order) });
  }
  for (const bounds of BOUNDS) expect(countAll(filter, bounds)).toBe(expectedIds(filter, 'newest').length);
});

test('rows between two ends are candidates where they are few, though each end has more', () => {
  const filter = { ...NO_FILTER, consumer: end([one], ['10.0.0.1']), provider: end([two], ['10.0.0.2']) };
  const [both, consumer, provider] = [filter, { ...filter, provider: null }, { ...filter, consumer: null }].map((each) => expectedIds(each, 'newest').length);
  expect(both).toBeLessThan(Math.min(consumer ?? 0, provider ?? 0) - 10);
  const few = findFewFlows(at.workspace.read, filter, both);
  const ids = at.workspace.read.all(few?.sql ?? '', few?.params ?? {}).map((row) => z.object({ id: z.number() }).parse(row).id);
  expect(ids.toSorted()).toEqual(expectedIds(filter, 'newest').toSorted());
});

test('a window cuts the walk at both ends', () => {
  const filter = { ...NO_FILTER, sinceMs: 3000, untilMs: 9000 };
  for (const order of ['newest', 'oldest'] as const) for (const bounds of BOUNDS) expect(readPages(filter, order, bounds, 9)).toEqual(expectedIds(filter, order));
});

test('a walk looks at no more rows a slice than it may, and says how far it got', () => {
  const scan = scanStoredFlows(at.workspace.read, { ...NO_FILTER, text: 'nowhere', textEnds: end([], []) }, 'newest', { rowsASlice: 7, few: -1 });
  const first = scan.slice(null, 9);
  expect(first.places).toEqual([]);
  expect(first.scannedTo).toEqual(expect.objectContaining({ value: 11_000 }));
});
