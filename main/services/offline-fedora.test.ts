import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HostAudit, OfflineAudit } from '../../shared/offline-audit/offline-audit.ts';
import { sumAudit } from '../../shared/offline-audit/summarize.ts';
import { readIptables } from '../../shared/rule-files/read-iptables.ts';
import { renderOfflineReport } from '../reports/offline/offline-report.ts';
import { printReachDrawing } from '../reports/offline/reach-drawing.ts';
import { auditAtOnce } from './offline-audit.ts';

/** The inventory of a real fleet with real intent, read where it lies and never copied into the repository. */
const DATA = process.env.FIREBREAK_REAL_DATA ?? new URL('../../../shared/data', import.meta.url).pathname;
const ARCHIVE = join(DATA, 'inventories/fedora.tar.gz');

/** By a reader that shares no code and no language with ours (Python, PyYAML, its own merge of groups): on how many hosts everyone may connect by tcp_ports, udp_ports and custom rules without a sender, and how many rules all variables make. */
const SECOND = {
  rules: 2571,
  tcp: { 22: 16, 25: 8, 80: 84, 443: 75, 873: 14, 5432: 7, 6443: 26, 8443: 28, 9100: 8 },
  udp: { 53: 5, 111: 4, 1194: 2, 2049: 4 },
};

/** Everyone may connect, for certain. */
const isOpen = ({ admits }: HostAudit, protocol: string, port: number): boolean =>
  admits?.some((row) => {
    const [from = 0, to = from] = row.ports.split('-').map(Number);
    return row.protocol === protocol && row.isWorld && row.isSure && port >= from && port <= to;
  }) === true;
const openHosts = ({ hosts }: OfflineAudit, protocol: string, ports: readonly number[]) => Object.fromEntries(ports.map((port) => [port, hosts.filter((host) => isOpen(host, protocol, port)).length]));

describe.skipIf(!existsSync(ARCHIVE))('the Fedora fleet, from its files alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-fedora-'));
  const inventory = join(folder, 'fedora/inventory');
  const audits: OfflineAudit[] = [];
  const [intent, rendered] = [() => audits[0] as OfflineAudit, () => audits[1] as OfflineAudit];
  const shell = (command: string): string => execFileSync('sh', ['-c', `cd "$1" && ${command}`, 'sh', inventory], { encoding: 'utf8' }).trim();

  beforeAll(async () => {
    execFileSync('tar', ['xzf', ARCHIVE, '-C', folder]);
    const order = { paths: [inventory], logs: [], hostsPath: null, nowMs: 0 };
    audits.push(await auditAtOnce({ ...order, templatesPath: null }), await auditAtOnce({ ...order, templatesPath: join(folder, 'fedora/roles_base_nftables') }));
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  test('361 hosts, as awk counts them, each with an environment and an address or the lack of one said', () => {
    const hosts = Number(shell("awk '/^\\[/ { kind = $0; next } NF && !/^[#;]/ && kind !~ /:(children|vars)\\]/ { h[$1] } END { for (i in h) n++; print n }' backups builders cloud hardware inventory"));
    expect([intent().hosts.length, hosts]).toEqual([361, 361]);
    const groups = Number(shell("awk '/^\\[/ { c = ($0 ~ /:children/); s = $0; sub(/^\\[/, \"\", s); sub(/(:[a-z]+)?\\].*/, \"\", s); g[s]; next } c && NF && !/^[#;]/ { g[$1] } END { for (i in g) n++; print n }' backups builders cloud hardware inventory"));
    expect(intent().limits[0]).toBe(`The inventory has 361 hosts in ${groups} groups. Its rules are what its files would make, not what runs.`);
    expect(intent().hosts.every(({ labels }) => labels.env !== undefined && labels.role !== undefined)).toBe(true);
    const unplaced = intent().hosts.filter(({ addresses }) => addresses.length === 0).length;
    expect(intent().limits.some((limit) => limit.startsWith('The addresses of'))).toBe(unplaced > 0);
  });

  test('what the variables let everyone in on is what a second reader counted', () => {
    expect(openHosts(intent(), 'tcp', Object.keys(SECOND.tcp).map(Number))).toEqual(SECOND.tcp);
    expect(openHosts(intent(), 'udp', Object.keys(SECOND.udp).map(Number))).toEqual(SECOND.udp);
    expect(sumAudit(intent()).rules).toBe(SECOND.rules);
  });

  test('with the templates of the role: ssh is open on every host that it makes rules for, and what is refused stays refused', () => {
    const ruled = rendered().hosts.filter(({ files }) => files.length > 0);
    const bare = rendered().hosts.filter(({ files }) => files.length === 0).map(({ name }) => name);
    expect(bare).toEqual(['el9-test.fedorainfracloud.org', 'pkgs01.stg.rdu3.fedoraproject.org']);
    expect(ruled).toHaveLength(359);
    expect(ruled.filter((host) => host.admits?.some(({ protocol, ports, isSure }) => protocol === 'tcp' && ports === '22' && isSure) !== true)).toEqual([]);
    // A builder’s ssh is for inside only in IPv4; a signing host has its two ports, and for IPv4 nothing else.
    const sign = rendered().hosts.find(({ files }) => files.some(({ path }) => path.endsWith('nftables.sign.j2')));
    expect(sign?.admits?.filter(({ from, isSure }) => isSure && from.some((one) => !one.includes(':'))).map(({ protocol, ports }) => `${protocol} ${ports}`)).toEqual(['tcp 44333-44334', 'icmp all']);
    const log = rendered().hosts.find(({ name }) => name === 'log01.rdu3.fedoraproject.org');
    expect(log?.admits?.filter(({ ports }) => ports === '5666' || ports === '10050').map(({ ports, from }) => `${ports} ${from.join(' ')}`)).toEqual(['5666 10.16.163.10 10.16.166.10 38.145.32.15-38.145.32.16', '10050 10.16.163.198']);
  });

  test('findings: who reaches most of the fleet, and the rules that trust a sender’s port', () => {
    const of = (code: string) => rendered().findings.filter((finding) => finding.code === code);
    expect(of('REACHES_EVERYTHING').map(({ subject }) => subject)).toContain('noc01.rdu3.fedoraproject.org (10.16.163.10)');
    expect(new Set(of('TRUSTS_SENDER_PORT').map(({ subject }) => subject.replace(/\s+/g, ' ')))).toEqual(new Set(['ip saddr 10.16.169.120 tcp sport 44334 counter accept', 'ip saddr 10.5.125.71 tcp sport 44334 counter accept']));
    expect(of('NOTHING_REFUSED')).toEqual([]);
    expect(of('OPEN_TO_ALL').filter(({ subject }) => subject === 'tcp/22').length).toBeGreaterThan(200);
  });

  test('what the templates ask of running hosts is a blind spot, and never a rule', () => {
    const reasons = new Set(rendered().hosts.flatMap(({ blindSpots }) => blindSpots.map(({ reason }) => reason)));
    expect([...reasons].filter((reason) => reason.includes('host in groups')).length).toBe(5);
    expect(reasons).toContain('“ip saddr” is compared with what was not understood: $missing');
  });

  test('the older custom_rules, lines of iptables: each is read, as many as grep finds', () => {
    const lines = shell(`grep -rhoE "'-A [^']*'|\\"-A [^\\"]*\\"" group_vars host_vars`).split('\n').map((line) => line.slice(1, -1));
    const filter = lines.filter((line) => !/^-A (POSTROUTING|PREROUTING)/.test(line));
    const file = readIptables(filter.map((line) => line.replace(/\{\{[^}]*\}\}/g, 'eth0')).join('\n'), 4);
    expect([file.rules, filter.length > 100]).toEqual([filter.length, true]);
    expect(file.blindSpots.filter(({ reason }) => reason === 'no line of iptables-save')).toEqual([]);
  });

  test('drawn and reported: every group of hosts has its row, and the report says its limits first', () => {
    const svg = printReachDrawing(rendered());
    for (const role of ['bastion', 'buildvm-x86', 'proxy', 'noc', 'rabbitmq']) expect(svg).toContain(`>${role} `);
    expect((svg.match(/<g>/g) ?? []).length).toBe(new Set(rendered().hosts.map(({ labels }) => `${labels.role} ${labels.env}`)).size);
    const html = renderOfflineReport(rendered(), { madeAtMs: 0, madeBy: 'tester' });
    expect(html.slice(html.indexOf('<h2'))).toMatch(/^<h2>Read this first: what this audit does not know</);
    expect(html).toContain(`<td class="n">${sumAudit(rendered()).rules}</td>`);
  });
});
