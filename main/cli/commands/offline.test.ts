import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OfflineAudit } from '../../../shared/offline-audit/offline-audit.ts';
import { readCarriedHosts } from '../../services/offline-carried.ts';
import { runOfflineAudit } from '../../services/offline-output.ts';
import { makeBackend, type TestBackend } from '../../services/testing/test-backend.ts';
import { aBundle, makeStick } from '../../services/testing/a-bundle.ts';
import { someFacts } from '../../services/testing/some-facts.ts';
import { runFirebreak } from '../testing/run-firebreak.ts';

let folder: string;
let at: TestBackend;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firebreak-offline-'));
  at = makeBackend();
});
afterEach(async () => {
  await at.close();
  rmSync(folder, { recursive: true });
});

/** No workspace is there to be opened. */
const run = (...argv: string[]) => runFirebreak(at, argv, { auditOffline: ({ bundlesOf, ...order }) => runOfflineAudit({ ...order, carried: bundlesOf === null ? null : readCarriedHosts(at.backend), user: 'tester', nowMs: Date.UTC(2026, 10, 21) }), openClient: () => Promise.reject(new Error('no workspace is to be opened')) });
const put = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const WEB = 'table inet f {\n chain input { type filter hook input priority 0; policy drop;\n  tcp dport { 80, 8080 } accept\n  ip saddr 10.0.0.0/8 tcp dport 22 accept\n  meta mark 0x7 accept\n }\n}\n';
const DB = '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -s 10.0.0.5/32 -p tcp -m tcp --dport 5432 -j ACCEPT\nCOMMIT\n';
const zeek = (rows: readonly [string, string, number, number][]) => `#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes\tconn_state\tlocal_orig\tlocal_resp\tmissed_bytes\thistory\n${rows.map(([from, to, fromPort, port], i) => `1700000000.${100000 + i}\tC${i}\t${from}\t${fromPort}\t${to}\t${port}\ttcp\t-\t1\t1\t1\tSF\t-\t-\t0\tShADadfF`).join('\n')}\n`;

async function audit(...argv: string[]): Promise<OfflineAudit> {
  const { out, code, err } = await run('--json', 'audit', 'offline', ...argv);
  expect([code, code === 0 ? '' : err]).toEqual([0, '']);
  return JSON.parse(out) as OfflineAudit;
}

test('a folder of rule files and a flow log: hosts by the names of files, what is let in, findings, blind spots and limits', async () => {
  mkdirSync(join(folder, 'rules'));
  put('rules/web1.nft', WEB);
  put('rules/db1.rules.v4', DB);
  put('rules/notes.txt', 'call Anna on Monday');
  symlinkSync('/etc/passwd', join(folder, 'rules/link.nft'));
  const hosts = put('hosts', '10.0.0.5 web1 # first\ndb1 10.0.0.6 fd00::6\n10.0.0.7 lonely\n');
  const log = put('conn.log', zeek([['198.51.100.7', '10.0.0.5', 40_000, 80], ['198.51.100.8', '10.0.0.5', 40_000, 80], ['10.0.0.9', '10.0.0.6', 40_001, 3306], ['10.0.0.9', '10.0.0.7', 40_002, 9100]]));
  const result = await audit(join(folder, 'rules'), '--hosts', hosts, '--flows', log);
  expect(result.hosts.map(({ name, addresses, flows, files }) => [name, addresses.join(' '), flows, files.length])).toEqual([['db1', '10.0.0.6 fd00::6', 1, 1], ['web1', '10.0.0.5', 2, 1], ['lonely', '10.0.0.7', 1, 0]]);
  expect(result.findings.map(({ code, host, subject, connections }) => `${code} ${host} ${subject} ×${connections}`)).toEqual([
    'NOTHING_REFUSED db1 db1 ×0',
    'CUT_BY_DEFAULT_DENY db1 tcp/3306 ×1',
    'CUT_BY_DEFAULT_DENY lonely tcp/9100 ×1',
    'OPEN_TO_ALL_UNUSED web1 tcp/8080 ×0',
    'OPEN_TO_ALL web1 tcp/80 ×2',
    'RULE_NEVER_HIT db1 -A INPUT -s 10.0.0.5/32 -p tcp -m tcp --dport 5432 -j ACCEPT ×0',
    'RULE_NEVER_HIT web1 ip saddr 10.0.0.0/8 tcp dport 22 accept ×0',
    'RULE_NEVER_HIT web1 meta mark 0x7 accept ×0',
  ]);
  expect(result.hosts[1]?.blindSpots.map(({ path, line, reason }) => `${path}:${line} ${reason}`)).toEqual(['web1.nft:5 “meta mark” is not modelled']);
  expect(result.unread.map(({ path, reason }) => [path.endsWith('notes.txt'), reason.startsWith('it is in no format that is known')])).toEqual([[true, true]]);
  expect(result.logs.map(({ format, rows, taken }) => [format, rows, taken])).toEqual([['zeek', 4, 4]]);
});

test('report, drawing and tables; hostile names and rules are inert in each, and nothing outside is written', async () => {
  const evil = 'table ip f { chain input { type filter hook input priority 0; policy drop;\n tcp dport 22 frobnicate "<script>alert(1)</script>\u001b[31m" accept\n }\n}\n';
  put('=cmd()<b>\u202e.nft', evil);
  const out = (name: string) => join(folder, 'out', name);
  mkdirSync(join(folder, 'out'));
  const { code, out: text } = await run('audit', 'offline', join(folder, '=cmd()<b>\u202e.nft'), '--out', out('a.html'), '--out', out('a.svg'), '--csv', out('tables'));
  expect(code).toBe(0);
  const files = ['a.html', 'a.svg', 'tables/hosts.csv', 'tables/admitted.csv', 'tables/findings.csv', 'tables/blind_spots.csv'].map((name) => readFileSync(out(name), 'utf8'));
  for (const file of [...files, text]) expect(file).not.toMatch(/\u001b|\u202e/);
  for (const file of files.slice(0, 2)) expect(file).not.toMatch(/<script|<b>/);
  for (const file of files.slice(2)) expect(file).not.toMatch(/(^|,)"?=/m);
  expect(files[5]).toContain('frobnicate');
  expect(files[0]).toContain('Read this first');
});

test('what cannot be is refused with what to do', async () => {
  const file = put('web1.nft', WEB);
  const refused = async (...argv: string[]) => {
    const { code, err } = await run('audit', 'offline', ...argv);
    return [code === 0, err];
  };
  expect(await refused(file, '--out', join(folder, 'a.docx'))).toEqual([false, expect.stringContaining('neither .pdf, .html nor .svg')]);
  expect(await refused(join(folder, 'absent'))).toEqual([false, expect.stringContaining('absent')]);
  expect(await refused(put('letter.txt', 'Dear Anna'))).toEqual([false, expect.stringContaining('in no format that is known')]);
  expect(await refused(file, '--hosts', put('hosts', '10.0.0.5\n'))).toEqual([false, expect.stringContaining('10.0.0.5 web1')]);
  expect(await refused(file, '--flows', join(folder, 'absent.log'))).toEqual([false, expect.stringContaining('absent.log')]);
});

describe('bundles that were carried here', () => {
  const RULES = 'table inet f {\n chain input { type filter hook input priority 0; policy drop;\n  ct state established,related accept\n  tcp dport { 22, 502, 8080 } accept\n  ip saddr 10.9.0.9 tcp dport 1883 accept\n }\n}\n';
  const seen = (port: number, peer: string) => ({ direction: 'in' as const, local: '10.9.0.5', localPort: port, peer, peerPort: 40_000 });
  const facts = (hostname: string, machineId: string, address: string, ports: number[]) => ({ ...someFacts({ ports, addresses: [address] }), hostname, machineId });

  test('are audited with the rules that they list, what listens and what was seen; what nobody signed is marked wherever it shows', async () => {
    const stick = await makeStick(at);
    const ours = facts('plc', 'a'.repeat(32), '10.9.0.5', [22, 502, 1883, 8080]);
    put('plc.tar.gz', '');
    writeFileSync(join(folder, 'plc.tar.gz'), await aBundle({ stick, hostname: 'plc', machineId: 'a'.repeat(32), facts: { ...ours, listening: [...ours.listening, { protocol: 'tcp', address: '127.0.0.1', port: 631, process: 'cupsd', pid: 1, uid: 0, user: 'root', unit: null }] }, sessions: [seen(502, '10.9.0.9'), seen(3306, '10.9.0.9')], files: { 'ruleset.nft': RULES } }));
    writeFileSync(join(folder, 'hmi.tar.gz'), await aBundle({ hostname: 'hmi', machineId: 'b'.repeat(32), facts: facts('hmi', 'b'.repeat(32), '10.9.0.9', [5900]) }));
    for await (const _ of await at.client.bundles.import({ paths: ['plc', 'hmi'].map((name) => join(folder, `${name}.tar.gz`)) }));
    const result = await audit('--bundles');
    expect(result.hosts.map(({ name, origin, files, listening }) => [name, origin?.isSigned, files.map(({ path, rules }) => `${path} ${rules}`).join(), listening?.map(({ service, reach, connections }) => `${service} ${reach} ×${connections}`).join(', ')])).toEqual([
      ['hmi', false, '', 'tcp/5900 unknown ×0'],
      ['plc', true, 'plc/ruleset.nft 3', 'tcp/22 everyone ×0, tcp/502 everyone ×1, tcp/1883 some ×0, tcp/8080 everyone ×0, tcp/631 local ×0'],
    ]);
    expect(result.findings.map(({ code, host, subject }) => `${code} ${host} ${subject}`)).toEqual(expect.arrayContaining(['LISTENS_UNUSED hmi tcp/5900', 'LISTENS_UNUSED plc tcp/22', 'LISTENS_UNUSED plc tcp/8080', 'SEEN_BUT_REFUSED plc tcp/3306', 'OPEN_TO_ALL plc tcp/502']));
    expect(result.findings.filter(({ code, subject }) => code === 'LISTENS_UNUSED' && /502|1883|631/.test(subject))).toEqual([]);
    expect(result.limits.join(' ')).toMatch(/2 hosts are known by bundles .* 1 of them by bundles that nobody SIGNED.* The bundles of 1 of them list no rules/);
    mkdirSync(join(folder, 'out'));
    const { out } = await run('audit', 'offline', '--bundles', '--out', join(folder, 'out/a.html'), '--csv', join(folder, 'out/csv'));
    expect(out).toContain('2 hosts (1 of them UNSIGNED)');
    expect(out).toMatch(/tcp\/5900 +hmi UNSIGNED/);
    expect(readFileSync(join(folder, 'out/a.html'), 'utf8')).toContain('hmi (UNSIGNED)');
    expect(readFileSync(join(folder, 'out/csv/hosts.csv'), 'utf8')).toMatch(/^hmi,.*,UNSIGNED,"bundle 1, made /m);
    expect(readFileSync(join(folder, 'out/csv/findings.csv'), 'utf8')).toMatch(/^LISTENS_UNUSED,hmi,tcp\/5900,.*,UNSIGNED/m);
  });

  test('without one, and without files, there is nothing to audit, and it says what to give', async () => {
    expect(await run('audit', 'offline', '--bundles')).toMatchObject({ code: 2, err: expect.stringContaining('no bundle was imported into this workspace') });
    expect(await run('audit', 'offline')).toMatchObject({ code: 2, err: expect.stringContaining('or --bundles') });
  });
});

test('the window’s side of it: the same audit in parts, by the id of the newest, and nothing once it was aborted', async () => {
  const path = put('web1.nft', WEB);
  const query = { paths: [path], logs: [], hostsPath: null, templatesPath: null, bundles: false };
  const made = async () => {
    for await (const event of await at.client.offline.audit(query)) if (event.type === 'done') return event.result;
    throw new Error('no result');
  };
  const first = await made();
  expect(first).toMatchObject({ figures: { hosts: 1, rules: 3 }, hosts: [{ name: 'web1', origin: null, openToAll: 2 }] });
  expect(await at.client.offline.host({ id: first.id, name: 'web1' })).toMatchObject({ host: { name: 'web1', blindSpots: [{ reason: '“meta mark” is not modelled' }] }, moreAdmits: 0 });
  expect((await at.client.offline.render({ id: first.id })).html).toContain('Read this first');
  expect((await at.client.offline.tables({ id: first.id })).files.map(({ name }) => name)).toEqual(['hosts.csv', 'admitted.csv', 'listening.csv', 'findings.csv', 'blind_spots.csv']);
  const second = await made();
  await expect(at.client.offline.render({ id: first.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const stop = new AbortController();
  stop.abort();
  await expect(async () => { for await (const _ of await at.client.offline.audit(query, { signal: stop.signal })); }).rejects.toThrow();
  expect((await at.client.offline.render({ id: second.id })).html).toContain('Read this first');
  await expect(at.client.offline.audit({ ...query, paths: ['web1.nft'] }).then(async (events) => { for await (const _ of events); })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
});
