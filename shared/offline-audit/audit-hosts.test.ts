import { describe, expect, test } from 'vitest';
import { type Address, parseAddress } from '../net/address.ts';
import { readIptables } from '../rule-files/read-iptables.ts';
import { readNft } from '../rule-files/read-nft.ts';
import { auditHosts } from './audit-hosts.ts';
import { holdFlows } from './flow-use.ts';
import type { OfflineFlow, OfflineHost } from './offline-audit.ts';

const address = (text: string): Address => {
  const parsed = parseAddress(text);
  if (!parsed.ok) throw new Error(text);
  return parsed.value;
};
const flow = (from: string, to: string, service: string, connections = 1): OfflineFlow => {
  const [protocol, port = '0'] = service.split('/');
  return { from: address(from), to: address(to), protocol: protocol === 'udp' ? 17 : protocol === 'icmp' ? 1 : 6, port: Number(port), connections };
};
const aHost = (name: string, at: string[], rules: string | null): OfflineHost => ({ name, addresses: at.map(address), labels: {}, files: rules === null ? [] : [{ path: `${name}.nft`, rules: readNft(`table inet f {\n chain input { type filter hook input priority 0; policy drop;\n${rules}\n }\n}`) }] });
const found = (hosts: OfflineHost[], flows: OfflineFlow[] = []) => auditHosts(hosts, flows).findings.map(({ code, host, subject, connections, rule }) => `${code} ${host} ${subject}${rule === null ? '' : ` @${rule.line}`}${connections === 0 ? '' : ` ×${connections}`}`);

describe('what files say about hosts', () => {
  test('a host that lets in everything is told once, and not service by service', () => {
    expect(found([{ ...aHost('web1', ['10.0.0.5'], ''), files: [{ path: 'web1.nft', rules: readNft('') }] }])).toEqual(['NOTHING_REFUSED web1 web1']);
  });

  test('open to everyone: unused where flows end at the host and none at that port, otherwise open; a rule for some is neither', () => {
    const web = aHost('web1', ['10.0.0.5'], 'tcp dport { 80, 8080 } accept\nip saddr 10.0.0.0/24 tcp dport 22 accept\nicmp type echo-request accept');
    expect(found([web], [flow('198.51.100.7', '10.0.0.5', 'tcp/80', 3), flow('10.0.0.9', '10.0.0.5', 'tcp/22'), flow('10.0.0.9', '10.0.0.5', 'icmp')]).filter((line) => line.startsWith('OPEN'))).toEqual(['OPEN_TO_ALL_UNUSED web1 tcp/8080 @3', 'OPEN_TO_ALL web1 tcp/80 @3 ×3']);
    expect(found([web]).filter((line) => line.startsWith('OPEN'))).toEqual(['OPEN_TO_ALL web1 tcp/80 @3', 'OPEN_TO_ALL web1 tcp/8080 @3']);
  });

  test('a default deny would cut what no rule names: let in by the policy, by a rule for everything, or at a host without rules', () => {
    const open = (rules: string): OfflineHost => ({ ...aHost('db1', ['10.0.0.6'], null), files: [{ path: 'db1.nft', rules: readNft(`table ip f { chain input { type filter hook input priority 0; policy accept; ${rules} } }`) }] });
    const flows = [flow('10.0.0.9', '10.0.0.6', 'tcp/5432', 7), flow('10.0.0.8', '10.0.0.6', 'tcp/5432', 2), flow('10.0.0.9', '10.0.0.6', 'tcp/22')];
    const cut = (host: OfflineHost) => found([host], flows).filter((line) => line.startsWith('CUT'));
    expect(cut(open('tcp dport 22 accept'))).toEqual(['CUT_BY_DEFAULT_DENY db1 tcp/5432 ×9']);
    expect(cut(open('tcp dport 22 accept; accept'))).toEqual(['CUT_BY_DEFAULT_DENY db1 tcp/5432 ×9']);
    expect(cut(open('tcp dport { 22, 5432 } accept'))).toEqual([]);
    expect(cut(aHost('db1', ['10.0.0.6'], null))).toEqual(['CUT_BY_DEFAULT_DENY db1 tcp/5432 ×9', 'CUT_BY_DEFAULT_DENY db1 tcp/22 ×1']);
  });

  test('what was seen although it is refused is told, and of a family without a file nothing is claimed', () => {
    const host: OfflineHost = { ...aHost('db1', ['10.0.0.6', 'fd00::6'], null), files: [{ path: 'db1.v4', rules: readIptables('*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n', 4) }] };
    const audit = auditHosts([host], [flow('10.0.0.9', '10.0.0.6', 'tcp/5432', 4), flow('fd00::9', 'fd00::6', 'tcp/5432', 4)]);
    expect(audit.findings.map(({ code, connections }) => `${code} ${connections}`)).toEqual(['SEEN_BUT_REFUSED 4', 'OPEN_TO_ALL_UNUSED 0', 'RULE_NEVER_HIT 0']);
    expect(audit.hosts[0]?.blindSpots.map(({ reason }) => reason)).toEqual(['there is no file with the rules for IPv6: what comes by it is not known']);
  });

  test('a port that docker publishes is not said to be refused, nor what a chain decides that is not in the file to be let in by nobody', () => {
    const docker: OfflineHost = { ...aHost('web1', ['10.0.0.5'], null), files: [{ path: 'web1.v4', rules: readIptables('*nat\n:PREROUTING ACCEPT [0:0]\n:DOCKER - [0:0]\n-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER\n-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80\nCOMMIT\n*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp -m tcp --dport 5432 -j missing\nCOMMIT\n', 4) }] };
    const flows = ['tcp/8080', 'tcp/5432', 'tcp/22'].map((service) => flow('10.0.0.9', '10.0.0.5', service));
    expect(found([docker], flows).filter((line) => /^(SEEN|CUT)/.test(line))).toEqual(['SEEN_BUT_REFUSED web1 tcp/22 ×1']);
  });

  test('rules that no flow used; the kernel’s own count is believed before the log, and without either nothing is said', () => {
    const rules = 'ip saddr 10.0.0.9 tcp dport 22 counter packets 5 bytes 300 accept\nip saddr 10.0.0.9 tcp dport 23 counter packets 0 bytes 0 accept\nip saddr 10.0.0.9 tcp dport 24 accept\nip saddr 10.0.0.9 tcp dport 25 accept';
    const never = (flows: OfflineFlow[]) => found([aHost('web1', ['10.0.0.5'], rules)], flows).filter((line) => line.startsWith('RULE_NEVER_HIT')).map((line) => line.replace(/^.* @/, ''));
    expect(never([])).toEqual(['4']);
    expect(never([flow('10.0.0.9', '10.0.0.5', 'tcp/25')])).toEqual(['4', '5']);
  });

  test('broader than its use: many addresses or ports for few; not where strangers come, and not where it fits', () => {
    const broad = (rule: string, flows: OfflineFlow[]) => found([aHost('web1', ['10.0.0.5'], rule)], flows).filter((line) => line.startsWith('RULE_TOO_BROAD')).length;
    expect(broad('ip saddr 10.0.0.0/8 tcp dport 22 accept', [flow('10.0.0.9', '10.0.0.5', 'tcp/22')])).toBe(1);
    expect(broad('ip saddr 10.0.0.8/30 tcp dport 22 accept', [flow('10.0.0.9', '10.0.0.5', 'tcp/22')])).toBe(0);
    expect(broad('tcp dport 443 accept', [flow('198.51.100.7', '10.0.0.5', 'tcp/443')])).toBe(0);
    expect(broad('tcp dport 443 accept', [flow('10.0.0.9', '10.0.0.5', 'tcp/443')])).toBe(1);
    expect(broad('ip saddr 10.0.0.9 tcp dport 6881-6999 accept', [flow('10.0.0.9', '10.0.0.5', 'tcp/6881')])).toBe(1);
    expect(broad('ip saddr 10.0.0.9 tcp dport 6881-6884 accept', [flow('10.0.0.9', '10.0.0.5', 'tcp/6881')])).toBe(0);
  });

  test('rules behind others never decide; a line with a verdict map only when no part of it does', () => {
    expect(found([aHost('web1', ['10.0.0.5'], 'ip saddr 10.0.0.0/8 tcp dport 22 accept\nip saddr 10.1.0.0/16 tcp dport 22 drop\ntcp dport vmap { 22 : drop, 80 : drop }\nip saddr 10.0.0.0/8 tcp dport vmap { 22 : accept, 80 : accept }')]).filter((line) => line.startsWith('RULE_NEVER_DECIDES'))).toEqual(['RULE_NEVER_DECIDES web1 ip saddr 10.1.0.0/16 tcp dport 22 drop @4', 'RULE_NEVER_DECIDES web1 ip saddr 10.0.0.0/8 tcp dport vmap { 22 : accept , 80 : accept } @6']);
  });

  test('a rule by the sender’s port is told, unless it also says where to', () => {
    expect(found([aHost('web1', ['10.0.0.5'], 'ip saddr 10.0.0.9 tcp sport 44334 accept\nudp sport 67 udp dport 68 accept')]).filter((line) => line.startsWith('TRUSTS'))).toEqual(['TRUSTS_SENDER_PORT web1 ip saddr 10.0.0.9 tcp sport 44334 accept @3']);
  });

  test('who reaches most hosts: by rules that do not mean everyone, and by flows; never among four', () => {
    const fleet = (count: number) => Array.from({ length: count }, (_, i) => aHost(`h${i}`, [`10.0.0.${i + 1}`], `ip saddr 10.9.9.9 tcp dport 22 accept\ntcp dport 80 accept${i === 0 ? '\nip saddr 10.8.8.8 accept' : ''}`));
    const flows = Array.from({ length: 3 }, (_, i) => flow('10.7.7.7', `10.0.0.${i + 1}`, 'tcp/80'));
    const reach = (hosts: OfflineHost[], seen: OfflineFlow[]) => auditHosts(hosts, seen).findings.filter(({ code }) => code === 'REACHES_EVERYTHING').map(({ subject, sentence }) => `${subject}: ${sentence}`);
    expect(reach(fleet(6), [])).toEqual(['10.9.9.9: The rules of 6 of 6 hosts let it in where they do not let in everyone: tcp/22 on 6. Who takes it over reaches them all.']);
    expect(reach(fleet(4), [])).toEqual([]);
    expect(reach(fleet(5), [...flows, flow('10.7.7.7', '10.0.0.4', 'tcp/80'), flow('10.7.7.7', '10.0.0.5', 'tcp/80')])).toContain('10.7.7.7: It spoke to 5 of 5 hosts.');
    expect(reach(fleet(5), flows)).toHaveLength(1);
  });

  test('each flow is looked at a few times, however many services are open to everyone', () => {
    let looks = 0;
    const flows = Array.from({ length: 400 }, (_, n): OfflineFlow => {
      const seen = flow('10.0.0.9', '10.0.0.5', `tcp/${2 * n + 1}`, n);
      return Object.defineProperty({ ...seen }, 'connections', { get: () => ((looks += 1), n) });
    });
    const web = aHost('web1', ['10.0.0.5'], `tcp dport { ${Array.from({ length: 600 }, (_, n) => 2 * n + 1).join(', ')} } accept`);
    const open = found([web], flows).filter((line) => line.startsWith('OPEN'));
    expect([open.length, open.find((line) => line.startsWith('OPEN_TO_ALL web1 tcp/79 ')), open.filter((line) => line.startsWith('OPEN_TO_ALL_UNUSED')).length]).toEqual([600, 'OPEN_TO_ALL web1 tcp/79 @3 ×39', 201]);
    expect(looks).toBeLessThan(20 * flows.length);
  });

  test('connections to ranges of ports, to all ports and to a protocol without any are summed as they are', () => {
    const flows = [flow('10.0.0.9', '10.0.0.5', 'tcp/80', 3), flow('10.0.0.8', '10.0.0.5', 'tcp/80', 4), flow('10.0.0.9', '10.0.0.5', 'tcp/90', 5), flow('10.0.0.9', '10.0.0.5', 'udp/80', 6)];
    const { connectionsTo } = holdFlows(aHost('web1', ['10.0.0.5'], ''), flows, () => false);
    const sums = [{ from: 80, to: 80 }, { from: 81, to: 90 }, { from: 80, to: 90 }, { from: 0, to: 65_535 }, { from: 91, to: 99 }, null].map((ports) => connectionsTo(6, ports));
    expect([...sums, connectionsTo(17, null), connectionsTo(1, null)]).toEqual([7, 5, 12, 12, 0, 12, 6, 0]);
  });

  test('more flows than can be held against so many rules are told, and nothing is said of them', () => {
    const rules = Array.from({ length: 20_000 }, (_, i) => `ip saddr 10.1.${i >> 8}.${i & 255} tcp dport 22 accept`).join('\n');
    const flows = Array.from({ length: 26_000 }, (_, i) => flow('10.0.0.9', '10.0.0.5', `tcp/${i}`));
    const { hosts, findings } = auditHosts([aHost('web1', ['10.0.0.5'], rules)], flows);
    expect(hosts[0]?.blindSpots.at(-1)?.reason).toMatch(/^26000 flows end at it, too many for so many rules/);
    expect(findings.filter(({ code }) => /SEEN|CUT|NEVER_HIT|UNUSED/.test(code))).toEqual([]);
  });

  test('no hosts, no findings; a flow to nobody’s address is counted and belongs to none', () => {
    expect(auditHosts([], [flow('10.0.0.1', '10.0.0.2', 'tcp/22')])).toEqual({ hosts: [], findings: [], flows: 1, flowsToHosts: 0 });
  });
});
