import { ingestInParts } from './drain-lines.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FlowVerdict } from '../../shared/model/flow.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { listStoredFlows } from '../db/flow-query.ts';
import { listFigureSums } from '../db/recording-store.ts';
import { saveBundle } from '../db/bundle-store.ts';
import { insertVersion } from '../db/version-store.ts';
import { EMPTY_POLICY } from '../../shared/model/policy.ts';
import { ingestDrain, readDrainCursor, resetDrain } from './ingest.ts';
import { snapshotLine, type TestSnapshot } from './testing/snapshot-lines.ts';
import { addTestHost, makeBackend, TEST_NOW_MS, type TestBackend } from './testing/test-backend.ts';

const HOUR_MS = 3_600_000;
const START_MS = TEST_NOW_MS - 10 * HOUR_MS;
let at: TestBackend;
let web: HostId;
beforeEach(async () => {
  at = makeBackend();
  await addTestHost(at.client, 1, 'web-1');
  web = at.hostId('web-1');
});
afterEach(() => at.close());

const ingest = (...snapshots: TestSnapshot[]) => ingestDrain(at.backend, web, snapshots.map(snapshotLine));
const NO_FILTER = { sinceMs: null, untilMs: null, verdict: null, consumer: null, provider: null, text: null, textEnds: null };
const flows = () => listStoredFlows(at.backend.workspace.read, NO_FILTER, { limit: 100, offset: 0 });
const figures = () => Object.fromEntries(listFigureSums(at.backend.workspace.read, null).map((s) => [s.figure, s.amount]));
const countOf = (verdict: FlowVerdict) =>
  flows()
    .filter((f) => f.verdict === verdict)
    .reduce((sum, f) => sum + f.connections, 0);

const KEY = ['10.0.0.9', 'tcp', 443, '1234'];
const seen = (packets: number, secondsAgo = 0) => ({ in4: [{ key: KEY, packets, secondsAgo }] });

describe('cumulative counters become differences', () => {
  test('one snapshot counts from nothing', () => {
    expect(ingest({ seq: 1, atMs: START_MS, sets: seen(3, 60) })).toEqual({ snapshots: 1, connections: 3, rejected: 0, cursor: 1 });
    expect(flows()).toEqual([
      {
        id: 1,
        reporter: web,
        direction: 'in',
        peerAddress: '10.0.0.9',
        forwardTo: null,
        protocol: 'tcp',
        port: 443,
        user: null,
        unit: 'nginx.service',
        process: null,
        processConfidence: 'unknown',
        zone: null,
        verdict: 'accepted',
        policyVersion: null,
        connections: 3,
        firstSeenAtMs: START_MS - 60_000,
        lastSeenAtMs: START_MS - 60_000,
      },
    ]);
  });

  test('the next snapshot adds only what is new', () => {
    ingest({ seq: 1, atMs: START_MS, sets: seen(3) }, { seq: 2, atMs: START_MS + HOUR_MS, sets: seen(5) });
    expect(flows().map((f) => [f.connections, f.firstSeenAtMs, f.lastSeenAtMs])).toEqual([[5, START_MS, START_MS + HOUR_MS]]);
  });

  test('draining the same snapshots twice adds nothing', () => {
    const snapshots = [
      { seq: 1, atMs: START_MS, sets: seen(3) },
      { seq: 2, atMs: START_MS + HOUR_MS, sets: seen(5) },
    ];
    ingest(...snapshots);
    expect(ingest(...snapshots)).toEqual({ snapshots: 0, connections: 0, rejected: 0, cursor: 2 });
    expect(countOf('accepted')).toBe(5);
  });

  test('a counter that went down was reset: its whole value is new', () => {
    ingest({ seq: 1, atMs: START_MS, sets: seen(30) }, { seq: 2, atMs: START_MS + HOUR_MS, sets: seen(4) });
    expect(countOf('accepted')).toBe(34);
  });

  test('a new epoch counts from 0, also when the counter is higher than before', () => {
    ingest({ seq: 1, atMs: START_MS, sets: seen(3) }, { seq: 2, atMs: START_MS + HOUR_MS, epoch: 'e2', sets: seen(10) });
    expect(countOf('accepted')).toBe(13);
    expect(figures()).toMatchObject({ restarts: 1, 'gap-seconds': 3600 });
  });

  test('an element that the kernel dropped after a day counts from 0 when it comes again', () => {
    const day = 24 * HOUR_MS;
    ingest({ seq: 1, atMs: START_MS - 3 * day, sets: seen(3) }, { seq: 2, atMs: START_MS - 2 * day, sets: {} }, { seq: 3, atMs: START_MS, sets: seen(8) });
    expect(countOf('accepted')).toBe(11);
  });

  test('an element that a snapshot left out, though it could not have gone, is not counted again', () => {
    ingest(
      { seq: 1, atMs: START_MS, sets: seen(3) },
      { seq: 2, atMs: START_MS + HOUR_MS, sets: {} },
      { seq: 3, atMs: START_MS + 2 * HOUR_MS, sets: seen(3, 7200) },
    );
    expect(countOf('accepted')).toBe(3);
  });

  test('after a reset of the drain, numbers from 1 are taken again', () => {
    ingest({ seq: 50, atMs: START_MS, sets: seen(3) });
    resetDrain(at.backend, web);
    expect(readDrainCursor(at.backend, web)).toBe(0);
    ingest({ seq: 1, atMs: START_MS + HOUR_MS, epoch: 'e2', sets: seen(2) });
    expect(countOf('accepted')).toBe(5);
  });
});

describe('verdicts', () => {
  const both = (total: number, refused: number) => ({ in4: [{ key: KEY, packets: total }], miss_in4: [{ key: KEY, packets: refused }] });

  test.each([
    ['test', 'would-block', 6],
    ['enforce', 'blocked', 10],
  ] as const)('in %s mode what the rules refuse is %s, and the rest accepted', (mode, verdict, accepted) => {
    ingest({ seq: 1, atMs: START_MS, mode, sets: both(10, 4) });
    expect([countOf('accepted'), countOf(verdict)]).toEqual([accepted, 4]);
  });

  test('a refusal that was listed before its packet is not counted as accepted later', () => {
    ingest({ seq: 1, atMs: START_MS, mode: 'test', sets: both(10, 11) }, { seq: 2, atMs: START_MS + HOUR_MS, mode: 'test', sets: both(12, 12) });
    expect([countOf('accepted'), countOf('would-block')]).toEqual([0, 12]);
  });

  test('the policy and zone in force are those of the bundle that the host ran', () => {
    const { workspace } = at.backend;
    workspace.transaction((tx) => {
      const version = insertVersion(tx, { hash: 'x', author: 'ada', note: '', createdAtMs: 1, policy: EMPTY_POLICY }).id;
      saveBundle(tx, { host: web, hash: 'abc', version, mode: 'test', zone: 'front', text: '', rulesetJson: 'null', createdAtMs: 1 });
    });
    ingest({ seq: 1, atMs: START_MS, mode: 'test', bundle: 'abc', sets: both(1, 1) });
    expect(flows().map((f) => [f.verdict, f.zone, f.policyVersion])).toEqual([['would-block', 'front', 1]]);
  });
});

describe('who it was', () => {
  test('outbound carries the user and unit of the process', () => {
    ingest({
      seq: 1,
      atMs: START_MS,
      sets: { out4: [{ key: ['10.0.0.7', 'tcp', 5432, 33, '1234'], packets: 1 }], out6: [{ key: ['fd00::7', 'tcp', 5432, 4711, '999'], packets: 1 }] },
    });
    expect(
      flows()
        .map((f) => [f.peerAddress, f.user, f.unit])
        .toSorted(),
    ).toEqual([
      ['10.0.0.7', 'www-data', 'nginx.service'],
      ['fd00::7', '4711', 'exited unit'],
    ]);
  });

  test('forwarded flows keep both ends', () => {
    ingest({ seq: 1, atMs: START_MS, sets: { fwd4: [{ key: ['10.0.0.7', '172.18.0.2', 'tcp', 80], packets: 2 }] } });
    expect(flows().map((f) => [f.direction, f.peerAddress, f.forwardTo, f.connections])).toEqual([['forward', '10.0.0.7', '172.18.0.2', 2]]);
  });

  test('protocol numbers and the names of /etc/protocols are one', () => {
    ingest({
      seq: 1,
      atMs: START_MS,
      sets: {
        in6x: [
          { key: ['fd00::7', 'ipv6-icmp', 0], packets: 1 },
          { key: ['fd00::7', 58, 0], packets: 1 },
        ],
      },
    });
    expect(flows().map((f) => [f.protocol, f.connections])).toEqual([['icmpv6', 2]]);
  });
});

describe('what is not known is counted', () => {
  test('lost packets are differences too', () => {
    ingest({ seq: 1, atMs: START_MS, counters: { lost_in: 5 } }, { seq: 2, atMs: START_MS + HOUR_MS, counters: { lost_in: 7, lost_out: 1 } });
    expect(figures()).toMatchObject({ snapshots: 2, 'lost-in': 7, 'lost-out': 1 });
  });

  test('more than a day without a snapshot is a gap beyond what the counters remember', () => {
    ingest({ seq: 1, atMs: START_MS - 30 * HOUR_MS }, { seq: 2, atMs: START_MS });
    expect(figures()['gap-seconds']).toBe(6 * 3600);
  });
});

describe('a hostile host', () => {
  test.each([
    ['no JSON', '}{'],
    ['another document', '{"v":1}'],
    ['a negative number', snapshotLine({ seq: -4, atMs: START_MS })],
    ['a clock in 1970', snapshotLine({ seq: 1, atMs: 1000 })],
    ['a clock years ahead', snapshotLine({ seq: 1, atMs: TEST_NOW_MS + 1000 * 24 * HOUR_MS })],
    ['__proto__ as sets', `{"__proto__":{"sets":{}},${snapshotLine({ seq: 1, atMs: START_MS }).slice(1).replace('"sets"', '"set"')}`],
  ])('%s as a line is counted and left out', (_what, line) => {
    expect(ingestDrain(at.backend, web, [line, snapshotLine({ seq: 2, atMs: START_MS, sets: seen(1) })])).toEqual({
      snapshots: 1,
      connections: 1,
      rejected: 1,
      cursor: 2,
    });
    expect(figures().rejected).toBe(1);
  });

  test.each([
    ['a peer that is no address', ['<img src=x>', 'tcp', 443, '1234'], 1],
    ['a port beyond 65535', ['10.0.0.9', 'tcp', 70_000, '1234'], 1],
    ['a protocol with a formula', ['10.0.0.9', '=cmd()', 443, '1234'], 1],
    ['too few parts', ['10.0.0.9', 'tcp'], 1],
    ['a fraction of a packet', KEY, 1.5],
    ['a negative count', KEY, -1],
    ['a count beyond what numbers hold', KEY, 2 ** 60],
  ])('%s is counted, and the rest of the snapshot stored', (_what, key, packets) => {
    const result = ingest({
      seq: 1,
      atMs: START_MS,
      sets: {
        in4: [
          { key, packets },
          { key: ['10.0.0.8', 'tcp', 443, '1234'], packets: 2 },
        ],
      },
    });
    expect(result).toMatchObject({ snapshots: 1, connections: 2, rejected: 1 });
    expect(flows().map((f) => f.peerAddress)).toEqual(['10.0.0.8']);
  });

  test('whose clock jumps to and fro marks 100 days of gaps in a whole drain, however many snapshots it sends', () => {
    const lines = Array.from({ length: 40 }, (_, i) => snapshotLine({ seq: i + 1, epoch: `e${i}`, atMs: i % 2 === 0 ? Date.UTC(2020, 1, 1) : TEST_NOW_MS }));
    expect(ingestDrain(at.backend, web, lines)).toMatchObject({ snapshots: 40 });
    expect(figures()['gap-seconds']).toBe(2_400 * 3600);
  });

  test('with more than a thousand snapshots has the rest fetched by the next drain, and others are answered meanwhile', async () => {
    const lines = Array.from({ length: 1_005 }, (_, i) => snapshotLine({ seq: i + 1, atMs: START_MS + i }));
    let turns = 0;
    let isDone = false;
    const count = () => {
      turns += 1;
      if (!isDone) setImmediate(count);
    };
    setImmediate(count);
    expect(await ingestInParts(at.backend, web, lines)).toMatchObject({ snapshots: 1_000, cursor: 1_000, isCut: true });
    isDone = true;
    expect(turns).toBeGreaterThanOrEqual(40);
    expect(await ingestInParts(at.backend, web, lines)).toMatchObject({ snapshots: 5, cursor: 1_005, isCut: false });
  });
});
