import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AgentStatus } from '../../shared/contract/agent-replies.ts';
import type { PolicyCarried, ReceiptOutcome } from '../../shared/contract/bundles.ts';
import { runFirebreak } from '../cli/testing/run-firebreak.ts';
import { draftZone } from '../../e2e/main-job/lab-console.ts';
import { makeFolder } from '../db/testing/temporary-workspace.ts';
import { exportPolicy } from './bundle-export.ts';
import { createNewId } from './new-id.ts';
import { bundleEntries, type BundleOrder, packEntries, type TestStick, makeStick } from './testing/a-bundle.ts';
import { aStatus } from './testing/a-status.ts';
import { makeBackend, type TestBackend } from './testing/test-backend.ts';

let at: TestBackend;
let folder: ReturnType<typeof makeFolder>;
let stick: TestStick;
let written = 0;
beforeEach(async () => {
  at = makeBackend(undefined, createNewId());
  folder = makeFolder();
  stick = await makeStick(at);
  await importOne({ stick, hostname: 'plc' });
  await importOne({ stick, hostname: 'hmi' });
});
afterEach(async () => {
  await at.close();
  folder.remove();
});

async function put(order: BundleOrder): Promise<string> {
  written += 1;
  mkdirSync(join(folder.folder, String(written)));
  const path = join(folder.folder, String(written), 'one.tar.gz');
  writeFileSync(path, await packEntries(bundleEntries(order).filter(({ name }) => order.manifest?.kind !== 'receipt' || !['facts.json', 'sessions.json'].includes(name))));
  return path;
}
async function importOne(order: BundleOrder): Promise<void> {
  for await (const _ of await at.client.bundles.import({ paths: [await put(order)] }));
}
const exported = async (host = 'plc'): Promise<PolicyCarried['hosts'][number]> => {
  const carried = exportPolicy(at.backend, { hosts: [host], note: 'rules' });
  const [order] = carried.hosts;
  if (order === undefined) throw new Error('nothing was exported');
  return order;
};
type Said = { host?: string; status?: Partial<AgentStatus>; minutesAgo?: number; stick?: TestStick | null; orderHost?: string };
/** A receipt as firebreak-apply writes it, of a host that confirmed the order unless `status` says otherwise. */
function receiptOrder(order: Pick<PolicyCarried['hosts'][number], 'push' | 'bundle' | 'mode'>, said: Said = {}): BundleOrder {
  const host = said.host ?? at.hostId('plc');
  const status = { ...aStatus(at.hostId('plc')), hostId: host, runningBundle: order.bundle, confirmedBundle: order.bundle, runningMode: order.mode, last: { id: order.push, event: 'confirmed', at: at.clock.nowMs / 1000 }, pinned: true, ...said.status };
  const files = { 'status.json': JSON.stringify(status), 'order.json': JSON.stringify({ push: order.push, host: said.orderHost ?? host }) };
  const hashes = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, createHash('sha256').update(text).digest('hex')]));
  return { stick: said.stick === undefined ? stick : said.stick, hostname: 'plc', minutesAgo: said.minutesAgo ?? 0, files, manifest: { kind: 'receipt', files: hashes } };
}
async function receipt(...of: Parameters<typeof receiptOrder>): Promise<ReceiptOutcome | undefined> {
  return (await at.client.bundles.receipts({ paths: [await put(receiptOrder(...of))] })).receipts[0];
}
const plc = async () => {
  const { state, appliedVersion, appliedMode, verifiedAtMs } = await at.client.hosts.get({ name: 'plc' });
  return { state, appliedVersion, appliedMode, verifiedAtMs };
};
const NOTHING_KNOWN = { state: 'unknown', appliedVersion: null, appliedMode: null, verifiedAtMs: null };

describe('a signed receipt', () => {
  test('of a confirmed order makes the host’s state known, and a push of it', async () => {
    const order = await exported();
    expect(await plc()).toEqual(NOTHING_KNOWN);
    at.clock.nowMs += 3_600_000;
    expect(await receipt(order, { minutesAgo: -60 })).toMatchObject({ outcome: 'taken', host: 'plc', push: order.push, step: 'confirmed', kit: stick.kit });
    expect(await plc()).toEqual({ state: 'in-sync', appliedVersion: 1, appliedMode: 'observe', verifiedAtMs: at.clock.nowMs });
    expect(await at.client.pushes.list({})).toMatchObject([{ id: order.push, outcome: 'confirmed', note: 'Carried by stick: rules', version: 1, hosts: [{ hostName: 'plc', step: 'confirmed', bundle: order.bundle, detail: expect.stringContaining(`signed receipt, ${stick.kit}`) }] }]);
    expect((await at.client.audit.list({ limit: 1, beforeSeq: null }))[0]).toMatchObject({ action: 'bundles.receipt', subject: 'plc' });
    expect(await at.client.pushes.reconcile({})).toEqual([]);
  });

  test('of one that was not confirmed says so, and what the host runs instead', async () => {
    await draftZone(at.client, 'control', 'collected=signed', 'test');
    const order = await exported();
    const former = exportPolicy(at.backend, { hosts: ['plc'], note: '' }).files.find(({ path }) => path.endsWith('observe.nft'))?.text ?? '';
    const observe = /^# hash ([0-9a-f]{64})$/m.exec(former)?.[1] ?? '';
    expect(await receipt(order, { status: { runningBundle: observe, confirmedBundle: observe, last: { id: order.push, event: 'rolled-back-asked', at: 1 } } })).toMatchObject({ outcome: 'taken', step: 'rolled-back' });
    expect(await plc()).toMatchObject({ appliedMode: 'observe', appliedVersion: null });
    expect(await at.client.pushes.list({})).toMatchObject([{ outcome: 'failed', hosts: [{ step: 'rolled-back' }] }]);
  });

  test('that was written while the order still waited decides nothing, and a later one does', async () => {
    const order = await exported();
    at.clock.nowMs += 600_000;
    const pending = { id: order.push, by: 'ada', bundle: order.bundle, deadline: 0, secondsLeft: 100 };
    expect(await receipt(order, { minutesAgo: -5, status: { pending, confirmedBundle: null, last: null } })).toMatchObject({ outcome: 'taken', step: 'applied' });
    expect([await at.client.pushes.list({}), (await plc()).state]).toEqual([[], 'pending']);
    expect(await receipt(order, { minutesAgo: -10 })).toMatchObject({ outcome: 'taken', step: 'confirmed' });
    expect((await plc()).state).toBe('in-sync');
  });
});

describe('a receipt is refused, and nothing is changed,', () => {
  test.each<[string, (order: PolicyCarried['hosts'][number]) => Promise<ReceiptOutcome | undefined>, RegExp]>([
    ['when nobody signed it', (order) => receipt(order, { stick: null }), /nobody signed it, so it proves nothing/],
    ['when it is of another host', (order) => receipt(order, { host: at.hostId('hmi') }), /of another host than the one that the push was carried to/],
    ['when its order names our host and its status another', (order) => receipt(order, { host: at.hostId('hmi'), orderHost: at.hostId('plc') }), /of another host/],
    ['when its push is not of this workspace', (order) => receipt({ ...order, push: 'p_000000000000' as never }), /was not carried from this workspace/],
    ['when its status is not the agent’s', (order) => receipt(order, { status: { loaded: 'yes' as never } }), /missing or not as the agent writes it/],
  ])('%s', async (_what, make, sentence) => {
    const order = await exported();
    const before = (await at.client.audit.list({ limit: 100, beforeSeq: null })).length;
    expect(await make(order)).toMatchObject({ outcome: 'refused', reason: expect.stringMatching(sentence) });
    expect([await plc(), await at.client.pushes.list({}), (await at.client.audit.list({ limit: 100, beforeSeq: null })).length]).toEqual([NOTHING_KNOWN, [], before]);
  });

  test('when it comes again from a host whose clock is ahead: the time of the console does not make it newer', async () => {
    const order = await exported();
    const ahead = (clock: number) => ({ minutesAgo: -60 * 24 * 365, status: { clock } });
    const first = await put(receiptOrder(order, ahead(1000)));
    const take = async (path: string) => (await at.client.bundles.receipts({ paths: [path] })).receipts[0];
    expect(await take(first)).toMatchObject({ outcome: 'taken' });
    at.clock.nowMs += 60_000;
    expect(await receipt(order, { ...ahead(2000), status: { clock: 2000, loaded: false } })).toMatchObject({ outcome: 'taken', step: 'unknown' });
    at.clock.nowMs += 60_000;
    expect(await take(first)).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('is known already') });
    // Once its clock is right again, it is believed by the time.
    expect(await receipt(order, { minutesAgo: -2, status: { clock: 500 } })).toMatchObject({ outcome: 'taken', step: 'confirmed' });
  });

  test('when it is older than what is known, or comes twice', async () => {
    const order = await exported();
    at.clock.nowMs += 600_000;
    expect(await receipt(order, { minutesAgo: -10 })).toMatchObject({ outcome: 'taken' });
    expect(await receipt(order, { minutesAgo: -10 })).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('is known already') });
    expect(await receipt(order, { minutesAgo: 5, status: { loaded: false } })).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('is known already') });
    expect((await plc()).state).toBe('in-sync');
  });
});

describe('a receipt of a host whose clock was set back', () => {
  const DAY_MINUTES = 60 * 24;
  const first = { status: { bundleSeq: 10, eventSeq: 70 } };

  test.each<[string, Partial<AgentStatus>, RegExp]>([
    ['newer rules were loaded', { bundleSeq: 11, eventSeq: 5 }, /rules number 11 were loaded there, after 10/],
    ['its events went on', { bundleSeq: 10, eventSeq: 71 }, /its events go on to number 71, after 70/],
  ])('is taken, with both times in a note, where %s', async (_what, numbers, sentence) => {
    const order = await exported();
    const knownAtMs = at.clock.nowMs;
    expect(await receipt(order, first)).toMatchObject({ outcome: 'taken', notes: [] });
    const taken = await receipt(order, { minutesAgo: DAY_MINUTES, status: { ...numbers, loaded: false } });
    expect(taken).toMatchObject({ outcome: 'taken', step: 'unknown', notes: [expect.stringMatching(sentence)] });
    const both = [knownAtMs - DAY_MINUTES * 60_000, knownAtMs].map((ms) => new Date(ms).toISOString());
    expect(taken?.outcome === 'taken' && both.every((time) => taken.notes[0]?.includes(time))).toBe(true);
    // It does not become older than it was: the former receipt is not the newest again.
    expect(await receipt(order, { ...first, minutesAgo: 1 })).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('is known already') });
  });

  test.each<[string, Partial<AgentStatus>]>([
    ['are the same', { bundleSeq: 10, eventSeq: 70 }],
    ['are lower', { bundleSeq: 9, eventSeq: 99 }],
    ['are not said', { bundleSeq: null, eventSeq: 99 }],
  ])('is refused where its numbers %s, and says that they prove nothing', async (_what, numbers) => {
    const order = await exported();
    expect(await receipt(order, first)).toMatchObject({ outcome: 'taken' });
    expect(await receipt(order, { minutesAgo: DAY_MINUTES, status: { ...numbers, loaded: false } })).toMatchObject({ outcome: 'refused', reason: expect.stringMatching(/is known already; if it is newer .*its numbers do not prove that/) });
    expect((await plc()).state).toBe('in-sync');
  });
});

describe('rules that are carried', () => {
  test('have numbers that rise from export to export, the observe rules of the install below them', async () => {
    const numbers = async () => {
      const { files } = exportPolicy(at.backend, { hosts: ['plc'], note: '' });
      return ['observe.nft', 'bundle.nft'].map((name) => Number(/^# seq (\d+)$/m.exec(files.find(({ path }) => path === `policy/plc/${name}`)?.text ?? '')?.[1]));
    };
    const all = [...(await numbers()), ...(await numbers())];
    expect(all).toEqual(all.toSorted((a, b) => a - b));
    expect(new Set(all).size).toBe(4);
  });

  test('no emergency order goes to a host that is reached by stick, and it says what to do instead', async () => {
    await receipt(await exported());
    expect(await runFirebreak(at, ['quarantine', 'plc', '--for', '1h', '--reason', 'worm', '--yes'])).toMatchObject({ code: 2, err: expect.stringContaining('plc is reached by stick, so no order gets there at once') });
  });

  test('are not made for hosts that are reached over SSH, for unknown ones, and nothing is stored then', async () => {
    await at.client.hosts.add({ name: 'web', ssh: { address: '10.0.0.9', port: 22, user: 'root', identity: { kind: 'agent' }, sudo: 'none', jump: null }, addresses: [], labels: {}, note: '' });
    expect(await runFirebreak(at, ['bundle', 'export', 'web', '--out', folder.folder])).toMatchObject({ code: 2, err: expect.stringContaining('web is reached over SSH: firebreak push') });
    expect((await runFirebreak(at, ['bundle', 'export', 'nobody', '--out', folder.folder])).code).toBe(1);
    expect(await at.client.versions.list({})).toEqual([]);
  });

  test('a stick’s folder is new or empty, and its key is for its owner alone', async () => {
    expect(await runFirebreak(at, ['bundle', 'kit', '--out', folder.folder])).toMatchObject({ code: 2, err: expect.stringContaining('is not empty') });
    const out = join(folder.folder, 'stick');
    expect((await runFirebreak(at, ['bundle', 'kit', '--out', out])).code).toBe(0);
    expect(['kit/site-key', 'kit/site-key.pem', 'firebreak-collect'].map((name) => statSync(join(out, name)).mode & 0o777)).toEqual([0o600, 0o600, 0o755]);
  });

  test('a bundle whose host was sent rules goes without its host, of which then nothing is known', async () => {
    await exported();
    await at.client.bundles.remove({ id: 1 });
    expect(await at.client.hosts.get({ name: 'plc' })).toMatchObject({ addresses: [], facts: null, labels: {} });
    // No machine of any name would find such an order on the stick.
    const versions = (await at.client.versions.list({})).length;
    expect(await runFirebreak(at, ['bundle', 'export', 'plc', '--out', folder.folder])).toMatchObject({ code: 2, err: expect.stringContaining('which machine plc is') });
    expect((await at.client.versions.list({})).length).toBe(versions);
  });

  test('are not made for a host without a machine id: every machine of its name would take them for its own', async () => {
    await importOne({ stick, hostname: 'localhost', machineId: '' });
    expect(await runFirebreak(at, ['bundle', 'export', 'localhost', '--out', folder.folder])).toMatchObject({ code: 2, err: expect.stringContaining('has no machine id') });
  });
});

describe('the window’s side of it', () => {
  const site = async (name = 'plc') => (await at.client.bundles.sites({})).find(({ host }) => host === name);

  test('a host goes from bundle to order to receipt, and the draft that moves on is said', async () => {
    expect(await site()).toMatchObject({ collected: 'signed', isOverSsh: false, machine: { hasId: true, sameName: [] }, kit: { id: stick.kit, madeBy: 'ada' }, order: null, receipt: null, runs: null, bundles: [{ host: 'plc', usesFacts: true }] });
    const out = join(folder.folder, 'stick');
    expect(await at.client.bundles.previewExport({ hosts: ['plc'] as never })).toMatchObject({ broken: [], hosts: [{ host: 'plc', ok: true, mode: 'observe', isCarried: false }] });
    const { hosts, folder: written, isStick } = await at.client.bundles.exportPolicy({ hosts: ['plc'] as never, note: 'rules', folder: out });
    expect([written, isStick]).toEqual([out, false]);
    const order = hosts[0] as PolicyCarried['hosts'][number];
    expect(await site()).toMatchObject({ order: { push: order.push, version: 1, note: 'rules', isCurrent: true, mode: 'observe' }, receipt: null });
    expect(await at.client.bundles.previewExport({ hosts: ['plc'] as never })).toMatchObject({ hosts: [{ isCarried: true }] });
    at.clock.nowMs += 600_000;
    const path = await put(receiptOrder(order, { minutesAgo: -5 }));
    expect((await at.client.bundles.receipts({ paths: [path], dryRun: true })).receipts).toMatchObject([{ outcome: 'taken', step: 'confirmed' }]);
    expect(await site()).toMatchObject({ receipt: null, runs: null });
    expect((await at.client.bundles.receipts({ paths: [path] })).receipts).toMatchObject([{ outcome: 'taken', step: 'confirmed' }]);
    expect(await site()).toMatchObject({ receipt: { step: 'confirmed' }, runs: { version: 1, mode: 'observe' } });
    await draftZone(at.client, 'control', 'collected=signed', 'test');
    expect(await site()).toMatchObject({ order: { isCurrent: false } });
    expect(await site('hmi')).toMatchObject({ order: null, receipt: null });
  });

  test('an order that waits at the host is told as such, and one that was taken back too', async () => {
    const order = await exported();
    at.clock.nowMs += 600_000;
    const pending = { id: order.push, by: 'ada', bundle: order.bundle, deadline: 0, secondsLeft: 100 };
    await receipt(order, { minutesAgo: -5, status: { pending, confirmedBundle: null, last: null } });
    expect(await site()).toMatchObject({ receipt: { step: 'applied' }, runs: null });
  });

  test('orders that did not get onto the stick are taken back, and those that did stay', async () => {
    const out = join(folder.folder, 'stick');
    mkdirSync(join(out, 'policy'), { recursive: true });
    symlinkSync(folder.folder, join(out, 'policy/plc'));
    await expect(at.client.bundles.exportPolicy({ hosts: ['hmi', 'plc'] as never, note: '', folder: out })).rejects.toMatchObject({ code: 'FILE_NOT_WRITABLE' });
    expect([(await site('hmi'))?.order?.version, (await site('plc'))?.order, readdirSync(join(out, 'policy')).sort()]).toEqual([1, null, ['hmi', 'plc']]);
    expect((await at.client.audit.list({ limit: 1, beforeSeq: null }))[0]).toMatchObject({ action: 'bundles.exportFailed', subject: 'plc' });
  });

  test('nothing is made for a stick that cannot be written, nor for a host without a machine id', async () => {
    await importOne({ stick, hostname: 'localhost', machineId: '' });
    writeFileSync(join(folder.folder, 'file'), '');
    await expect(at.client.bundles.exportPolicy({ hosts: ['plc'] as never, note: '', folder: join(folder.folder, 'file') })).rejects.toMatchObject({ code: 'FILE_NOT_WRITABLE' });
    await expect(at.client.bundles.makeKit({ folder: join(folder.folder, 'file') })).rejects.toMatchObject({ code: 'FILE_NOT_WRITABLE' });
    expect(await at.client.bundles.kits({})).toHaveLength(1);
    expect(await at.client.bundles.previewExport({ hosts: ['localhost', 'nobody'] as never })).toMatchObject({ hosts: [{ ok: false, reason: expect.stringContaining('has no machine id') }, { ok: false, reason: expect.stringContaining('no such host') }] });
    expect(await at.client.versions.list({})).toEqual([]);
  });
});
