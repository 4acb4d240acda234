import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HostImportInput } from '../../shared/contract/host-imports.ts';
import { importHosts } from './import-hosts.ts';
import { createNewId } from './new-id.ts';
import { addTestHost, makeBackend, type TestBackend } from './testing/test-backend.ts';

let at: TestBackend;
beforeEach(async () => {
  at = makeBackend();
  await addTestHost(at.client, 1, 'web-1', 'role=web');
});
afterEach(() => at.close());
const importList = (text: string, dryRun = false) => at.client.hosts.importList({ source: { kind: 'csv', text, fileName: 'cmdb.csv' }, dryRun });
const ofCsv = (text: string, dryRun: boolean): HostImportInput => ({ source: { kind: 'csv', text, fileName: 'cmdb.csv', columns: [] }, labels: {}, update: false, only: null, identity: null, dryRun });
const names = async () => (await at.client.hosts.list({})).map(({ name }) => name);

test('hosts of a file are added in one step with labels of its columns; those that are there stay as they are', async () => {
  const text = 'Name,IP,Role,Site,Note\nweb-1,10.9.9.9,db,x,\nnas-1,"10.0.1.1/24, fd00::77",Storage Array,"Akron, OH",kept in the cellar\n';
  const dry = await importList(text, true);
  expect(await names()).toEqual(['web-1']);
  const result = await importList(text);
  expect(result).toEqual(dry);
  expect(result).toEqual({
    rows: 2,
    added: [{ name: 'nas-1', managed: false, way: null, addresses: ['10.0.1.1', 'fd00::77'], labels: { role: 'Storage-Array', site: 'Akron-OH' }, notes: [] }],
    changed: [{ name: 'web-1', changes: [{ what: 'addresses', from: 'fd00::1', to: 'fd00::1 10.9.9.9' }, { what: 'labels.role', from: 'web', to: 'db' }, { what: 'labels.site', from: '', to: 'x' }], notes: [] }],
    known: [],
    skipped: 0,
    refused: [],
    notes: [],
    columns: [{ head: 'name', meaning: 'name', ignored: false }, { head: 'ip', meaning: 'addresses', ignored: false }, { head: 'role', meaning: 'label:role', ignored: false }, { head: 'site', meaning: 'label:site', ignored: false }, { head: 'note', meaning: 'note', ignored: false }],
    groups: [],
    variables: [],
  });
  expect((await at.client.hosts.get({ name: 'nas-1' })).note).toBe('kept in the cellar');
  expect((await at.client.hosts.get({ name: 'web-1' })).labels).toEqual({ role: 'web' });
  expect((await at.client.audit.list({ limit: 1, beforeSeq: null }))[0]).toMatchObject({ action: 'hosts.importList', subject: 'cmdb.csv', detail: '1 host added, 1 known, 0 refused' });
});

test('a way in over SSH makes a managed host, and jump hosts may come after those behind them', async () => {
  const result = await importList('name;ssh;identity;sudo;jump;labels\nin-1;admin@10.1.0.5:2222;~/.ssh/id;;gate;role=app env=prod\ngate;10.1.0.1;;;;\n');
  expect(result.added.map(({ name, managed }) => [name, managed])).toEqual([['gate', true], ['in-1', true]]);
  const { ssh, labels } = await at.client.hosts.get({ name: 'in-1' });
  expect([ssh, labels]).toEqual([{ address: '10.1.0.5', port: 2222, user: 'admin', identity: { kind: 'key-file', keyPath: '~/.ssh/id' }, sudo: 'nopasswd', jump: 'gate' }, { role: 'app', env: 'prod' }]);
  expect((await at.client.hosts.get({ name: 'gate' })).ssh).toMatchObject({ user: 'root', port: 22, sudo: 'none', identity: { kind: 'agent' } });
});

test('rows that cannot be are refused with their line and why, and the others are added', async () => {
  const text = [
    'name,address,ssh,jump,sudo,labels',
    'ok-1,10.2.0.1,,,,',
    ',10.2.0.2,,,,',
    'bad name!,10.2.0.3,,,,',
    'nowhere,,,,,',
    'odd,10.2.0.300,,,,',
    'ok-1,10.2.0.4,,,,',
    'twin,10.2.0.1,,,,',
    'behind,,10.2.0.5,none-such,,',
    'ring-a,,10.2.0.6,ring-b,,',
    'ring-b,,10.2.0.7,ring-a,,',
    'way,,a b c,,,',
    'sudo,,10.2.0.8,,always,',
    'label,10.2.0.9,,,,role=',
  ].join('\n');
  const { added, refused, rows } = await importList(text);
  expect(added.map(({ name }) => name)).toEqual(['ok-1']);
  expect(refused.map(({ line }) => line)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
  expect(rows).toBe(added.length + refused.length);
  const reasons = refused.map(({ reason }) => reason);
  expect(reasons[0]).toBe('it has no name');
  expect(reasons[2]).toBe('it has neither an address nor a way in over SSH');
  expect(reasons[3]).toBe('“10.2.0.300” is no address');
  expect(reasons[4]).toBe('line 2 has that name already');
  expect(reasons[5]).toBe('10.2.0.1 is the address of host “ok-1” already');
  expect(reasons[6]).toContain('“none-such” is no managed host');
  expect(reasons[7]).toContain('“ring-b”');
  expect(reasons[9]).toBe('“a b c” is not [USER@]HOST[:PORT]');
  expect(reasons[10]).toBe('sudo is none, nopasswd or password');
});

test('a file without heads adds nothing and says what its first line must be, and columns that can be no label are told', async () => {
  expect(await importList('web-9,10.0.0.9\n')).toMatchObject({ added: [], refused: [{ line: 1, reason: expect.stringContaining('no column “name”') }] });
  expect(await importList('')).toMatchObject({ rows: 0, added: [], refused: [] });
  expect(await importList('name,address,5th,__proto__\nx-1,10.3.0.1,a,b\n')).toMatchObject({ added: [{ name: 'x-1', labels: {} }], columns: expect.arrayContaining([{ head: '5th', meaning: '-', ignored: true }, { head: '__proto__', meaning: '-', ignored: true }]) });
  expect(await names()).toEqual(['web-1', 'x-1']);
});

test('thousands of hosts are added in one transaction', async () => {
  const rows = Array.from({ length: 3000 }, (_, n) => `h-${n},10.${40 + (n >> 8)}.${n & 255}.1,web`);
  // The ids of tests repeat after a few.
  const ctx = { ...at.backend, newId: createNewId() };
  expect((await importHosts(ctx, ofCsv(`name,address,role\n${rows.join('\n')}`, false))).added).toHaveLength(3000);
  expect(await names()).toHaveLength(3001);
  expect((await at.client.audit.list({ limit: 10, beforeSeq: null })).filter(({ action }) => action === 'hosts.importList')).toHaveLength(1);
});

test('a chain of jump hosts that is written from its far end takes no longer than its rows', async () => {
  const count = 12_000;
  const rows = Array.from({ length: count }, (_, n) => `h-${n},10.${40 + (n >> 8)}.${n & 255}.1,${n === count - 1 ? '' : `h-${n + 1}`}`);
  const startedAtMs = performance.now();
  const { added } = await importHosts({ ...at.backend, newId: createNewId() }, ofCsv(`name,ssh,jump\n${rows.join('\n')}`, true));
  expect([added.length, added[0]?.name, added.at(-1)?.name]).toEqual([count, `h-${count - 1}`, 'h-0']);
  // A fifth of a second; by the square of the rows it was some eight.
  expect(performance.now() - startedAtMs).toBeLessThan(3000);
});
