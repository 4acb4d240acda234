import { describe, expect, test } from 'vitest';
import { describeFile, grantLines } from './testing/grant-lines.ts';
import { readNft } from './read-nft.ts';

const inInput = (rule: string, before = '') => readNft(`table inet filter {\n${before}\n chain input {\n  type filter hook input priority filter; policy drop;\n  ${rule}\n }\n}`);
const ALL = ['0.0.0.0/0', '::/0'];

/** A rule in a chain that drops, what it lets in; and a rule nearly like it, with what that lets in. */
const CASES: readonly [rule: string, lets: readonly string[], nearMiss: string, nearLets: readonly string[]][] = [
  ['tcp dport 22 accept', [`tcp/22 ${ALL}`], 'udp dport 22 accept', [`udp/22 ${ALL}`]],
  ['tcp dport { 80, 443, 8000-8010 } accept', [`tcp/80 ${ALL}`, `tcp/443 ${ALL}`, `tcp/8000-8010 ${ALL}`], 'tcp dport { 80 } drop', []],
  ['tcp dport != 22 accept', [`tcp/0-21 ${ALL}`, `tcp/23-65535 ${ALL}`], 'tcp sport != 22 accept', [`tcp ${ALL} if the port that the sender chooses`]],
  ['tcp dport https accept', [`tcp/443 ${ALL}`], 'tcp dport no-such-service accept', [`tcp ${ALL} if “tcp dport” is compared with what was not understood: no-such-service`, `udp ${ALL} if “tcp dport” is compared with what was not understood: no-such-service`, `icmp 0.0.0.0/0 if “tcp dport” is compared with what was not understood: no-such-service`, `icmpv6 ::/0 if “tcp dport” is compared with what was not understood: no-such-service`, `other ${ALL} if “tcp dport” is compared with what was not understood: no-such-service`]],
  ['ip saddr 10.0.0.0/8 tcp dport 22 accept', ['tcp/22 10.0.0.0/8'], 'ip saddr != 10.0.0.0/8 tcp dport 22 accept', ['tcp/22 0.0.0.0-9.255.255.255,11.0.0.0-255.255.255.255']],
  ['ip saddr 10.16.163.35/19 tcp dport 22 accept', ['tcp/22 10.16.160.0/19'], 'ip6 saddr fe80::/10 tcp dport 22 accept', ['tcp/22 fe80::/10']],
  ['ip saddr { 10.0.0.1, 10.0.0.2-10.0.0.9 } udp dport 53 accept', ['udp/53 10.0.0.1-10.0.0.9'], 'ip daddr { 10.0.0.1 } udp dport 53 accept', ['udp/53 0.0.0.0/0 if to which of its addresses it goes']],
  ['ip saddr . tcp dport { 10.0.0.1 . 22, 10.0.0.2 . 80-90 } accept', ['tcp/22 10.0.0.1', 'tcp/80-90 10.0.0.2'], 'ip saddr . tcp dport { 10.0.0.1 } accept', [`tcp ${ALL} if a set whose elements have other parts than what is compared`, `udp ${ALL} if a set whose elements have other parts than what is compared`, 'icmp 0.0.0.0/0 if a set whose elements have other parts than what is compared', 'icmpv6 ::/0 if a set whose elements have other parts than what is compared', `other ${ALL} if a set whose elements have other parts than what is compared`]],
  ['tcp dport vmap { 22 : accept, 23 : drop }', [`tcp/22 ${ALL}`], 'udp dport vmap { 22 : drop }', []],
  ['ct state established,related accept', [], 'ct state new tcp dport 22 accept', [`tcp/22 ${ALL}`]],
  ['ct state vmap { established : accept, new : drop }', [], 'ct state vmap { new : accept, invalid : drop }', [`tcp ${ALL}`, `udp ${ALL}`, 'icmp 0.0.0.0/0', 'icmpv6 ::/0', `other ${ALL}`]],
  ['ip saddr 10.0.0.1 dup to 10.0.0.2', [], 'ip saddr 10.0.0.1 tcp dport 22 dup to 10.0.0.2 accept', ['tcp/22 10.0.0.1']],
  ['iifname "lo" accept', [], 'iifname "eth1" tcp dport 22 accept', [`tcp/22 ${ALL} if arrives on eth1`]],
  ['icmp type echo-request accept', ['icmp/8 0.0.0.0/0'], 'icmpv6 type { echo-request, nd-neighbor-solicit } accept', ['icmpv6/128 ::/0', 'icmpv6/135 ::/0']],
  ['ip protocol icmp accept', ['icmp 0.0.0.0/0'], 'meta l4proto icmpv6 accept', ['icmpv6 ::/0']],
  ['meta l4proto { tcp, udp } th dport 53 accept', [`tcp/53 ${ALL}`, `udp/53 ${ALL}`], 'meta l4proto tcp th dport 53 accept', [`tcp/53 ${ALL}`]],
  ['meta nfproto ipv4 tcp dport 22 accept', ['tcp/22 0.0.0.0/0'], 'meta nfproto ipv6 tcp dport 22 accept', ['tcp/22 ::/0']],
  ['tcp flags & (fin|syn|rst|ack) == syn tcp dport 22 accept', [`tcp/22 ${ALL}`], 'tcp flags & (fin|syn|rst|ack) != syn tcp dport 22 accept', []],
  ['tcp flags syn / fin,syn,rst,ack tcp dport 22 accept', [`tcp/22 ${ALL}`], 'tcp flags ack tcp dport 22 accept', []],
  ['tcp dport > 1023 accept', [`tcp/1024-65535 ${ALL}`], 'tcp dport < 22 accept', [`tcp/0-21 ${ALL}`]],
  ['fib daddr type local tcp dport 22 accept', [`tcp/22 ${ALL}`], 'fib daddr type multicast tcp dport 22 accept', []],
  ['tcp dport 22 limit rate 10/minute burst 5 packets accept', [`tcp/22 ${ALL} if a limit of how often (limit)`], 'tcp dport 22 log prefix "ssh accept: " counter packets 5 bytes 300 accept comment "to accept"', [`tcp/22 ${ALL}`]],
  ['tcp dport 22 meta mark 0x1 accept', [`tcp/22 ${ALL} if “meta mark” is not modelled`], 'tcp dport 22 meta mark set 0x1 accept', [`tcp/22 ${ALL}`]],
  ['tcp dport 22 meta skuid root ip saddr 10.0.0.1 accept', ['tcp/22 10.0.0.1 if “meta skuid” is not modelled'], 'tcp dport 22 frobnicate 7 ip saddr 10.0.0.1 accept', [`tcp/22 ${ALL} if “frobnicate 7 ip” is not modelled`]],
  ['ip saddr @who tcp dport 22 accept', ['tcp/22 0.0.0.0/0 if the set @who is not in the file'], 'ip6 saddr @who tcp dport 22 accept', ['tcp/22 ::/0 if the set @who is not in the file']],
  ['tcp dport 22 queue num 1', [`tcp/22 ${ALL} if a program decides (queue)`], 'tcp dport 22 reject with tcp reset', []],
  ['tcp dport 22 jump there', [`tcp/22 ${ALL} if the chain there is not in the file`], 'tcp dport 22 return', []],
];

describe('one rule of nft, and one that is nearly the same', () => {
  test.each(CASES)('%s', (rule, lets, nearMiss, nearLets) => {
    expect(grantLines(inInput(rule))).toEqual(lets);
    expect(grantLines(inInput(nearMiss))).toEqual(nearLets);
  });
});

describe('what a comparison implies is never turned around', () => {
  const open = (rule: string) => grantLines(readNft(`table inet t { chain input { type filter hook input priority 0; policy accept; ${rule} } }`));
  test('what stands for all others in a verdict map stands for those that have the field, and comes last', () => {
    expect(open('tcp dport vmap { * : drop, 22 : accept }')).toEqual([`tcp/22 ${ALL}`, `udp ${ALL}`, 'icmp 0.0.0.0/0', 'icmpv6 ::/0', `other ${ALL}`]);
    expect(open('ip saddr vmap { 10.0.0.0/8 : accept, * : drop }')).toContain('tcp 10.0.0.0/8,::/0');
  });
  test('another pair than these is still a pair of TCP and IPv4', () => {
    expect(open('ip saddr . tcp dport != { 10.0.0.1 . 22 } drop')).toEqual(['tcp/0-21 ::/0', 'tcp/22 10.0.0.1,::/0', 'tcp/23-65535 ::/0', `udp ${ALL}`, 'icmp 0.0.0.0/0', 'icmpv6 ::/0', `other ${ALL}`]);
  });
});

describe('files of nft', () => {
  test('named sets, also with elements that are added later, variables and comments', () => {
    const file = readNft('define ADMINS = { 10.0.0.1, 10.0.0.2 }\ntable ip filter {\n set web { type inet_service; flags interval; elements = { 80, 443,\n 8000-8080 } }\n chain input { type filter hook input priority 0; policy drop; # closed\n tcp dport @web accept; ip saddr $ADMINS tcp dport 22 accept\n }\n}\nadd element ip filter web { 9000 }');
    expect(grantLines(file)).toEqual(['tcp ::/0', 'tcp/22 10.0.0.1-10.0.0.2', 'tcp/80 0.0.0.0/0', 'tcp/443 0.0.0.0/0', 'tcp/8000-8080 0.0.0.0/0', 'tcp/9000 0.0.0.0/0', 'udp ::/0', 'icmpv6 ::/0', 'other ::/0']);
    expect(file.blindSpots).toEqual([]);
  });

  test('commands: add rule with and without the word, insert puts first, flush and delete take away', () => {
    const file = readNft('add table inet t\nadd chain inet t input { type filter hook input priority 0 \\; policy drop \\; }\nadd rule inet t input tcp dport 80 drop\ninsert rule inet t input tcp dport 80 accept\nadd inet t input udp dport 53 accept\nadd chain inet t other\nadd rule inet t other accept\nflush chain inet t other\nadd table ip gone\nadd chain ip gone input { type filter hook input priority 0; policy drop; }\ndelete table ip gone');
    expect(grantLines(file)).toEqual([`tcp/80 ${ALL}`, `udp/53 ${ALL}`]);
  });

  test('chains: a jump comes back, a goto does not, a return leaves; a drop in an earlier chain is final', () => {
    const file = readNft('table inet t {\n chain first { type filter hook input priority -10; policy accept; ip saddr 10.0.0.66 drop; }\n chain input { type filter hook input priority 0; policy drop; jump a; tcp dport 443 accept; udp goto b; goto b; tcp dport 1 accept; }\n chain a { tcp dport 22 return; tcp dport 22 accept; tcp dport 80 accept; }\n chain b { udp dport 53 accept; }\n}');
    expect(grantLines(file).map((line) => line.replace(' 0.0.0.0-10.0.0.65,10.0.0.67-255.255.255.255', ' most'))).toEqual(['tcp/80 most,::/0', 'tcp/443 most,::/0', 'udp/53 most,::/0']);
  });

  test('what is beside the model is listed with its line: rewriting, sets that traffic fills, other hooks, what is forwarded', () => {
    const file = readNft('table ip nat {\n chain pre { type nat hook prerouting priority dstnat; policy accept; tcp dport 8080 dnat to 172.17.0.2:80 }\n}\ntable inet t {\n set bad { type ipv4_addr; flags dynamic,timeout; }\n chain input { type filter hook input priority 0; policy accept;\n  ip saddr @bad drop\n }\n chain fwd { type filter hook forward priority 0; policy drop;\n  tcp dport 80 accept\n }\n}\ntable netdev d {\n chain in { type filter hook ingress device "eth0" priority 0; policy accept;\n  ip saddr 10.0.0.1 drop\n }\n}');
    expect(file.blindSpots.map(({ line, reason }) => `${line} ${reason}`)).toEqual([
      '2 it sends new connections elsewhere (dnat): what is let in by the other address or port is not followed',
      '7 traffic fills the set @bad',
      '10 what the host passes on (to containers, to other networks) is not modelled (rules: 1)',
      '15 it decides before or beside the firewall of the host and is not modelled',
    ]);
  });

  const input = 'table inet t {\n chain input { type filter hook input priority 0; policy drop; tcp dport 22 accept; }\n}\n';
  const besides = (family: string, hook: string, rules: string, more = '') => `${input}table ${family} d {\n chain pre { type filter hook ${hook} priority 0; policy accept; ${rules} }\n${more}}\n`;
  test.each([
    ['netdev', 'ingress device "eth0"', 'ip saddr 10.0.0.1 drop', ''],
    ['inet', 'ingress device "eth0"', 'tcp dport 22 drop', ''],
    ['bridge', 'input', 'jump x', ' chain x { ip saddr 10.0.0.1 drop; }\n'],
    ['bridge', 'prerouting', 'jump elsewhere', ''],
    ['netdev', 'ingress device "eth0"', 'fwd to "eth1"', ''],
    ['arp', 'input', 'drop', ''],
  ])('a chain that may take packets before these are asked makes what they let in uncertain, and leaves refused what they refuse: %s %s %s', (family, hook, rules, more) => {
    const file = readNft(besides(family, hook, rules, more));
    expect(grantLines(file)).toEqual([`tcp/22 ${ALL} if the chain ${family} d pre (${hook.replace(/ .*/, '')}) lets it come so far, which is not modelled`]);
  });

  test.each([['netdev', 'ingress device "eth0"', 'counter'], ['bridge', 'input', 'accept'], ['bridge', 'forward', 'drop'], ['netdev', 'egress device "eth0"', 'drop']])('one that only counts, or that is not asked about what comes in, changes nothing: %s %s %s', (family, hook, rules) => {
    expect(grantLines(readNft(besides(family, hook, rules)))).toEqual([`tcp/22 ${ALL}`]);
  });

  test('no command, no bracket and no table is dropped in silence', () => {
    expect(readNft('frobnicate\n}\ninclude "/etc/other.nft"\ntable {\n').blindSpots.map(({ line, reason }) => `${line} ${reason.slice(0, 20)}`)).toEqual(['1 no command that is k', '2 a bracket that nothi', '3 what it includes is ', '4 the file ends inside', '4 a table without a na']);
  });

  const whole = 'table inet t {\n chain input { type filter hook input priority 0; policy drop; tcp dport 22 accept; }\n}\n';
  test.each([
    ['it is cut off', whole.slice(0, -4), 'line 2: the file ends inside of a bracket'],
    ['it includes another', `${whole}include "/etc/nftables.d/*.nft"\n`, 'line 4: what it includes is another file'],
    ['rules stand in a chain of another file', `${whole}add rule inet u input tcp dport 80 accept\n`, 'line 4: the chain input is not in the file'],
    ['rules are taken away by their numbers', `${whole}delete rule inet t input handle 4\n`, 'line 4: what it takes away'],
    ['a set is longer than is kept', `table inet t {\n set s { type inet_service; elements = { ${Array.from({ length: 200_001 }, (_, i) => i % 65_536).join(', ')} } }\n chain input { type filter hook input priority 0; policy drop; tcp dport 22 accept; }\n}\n`, 'line 1: the file has more than 200000 elements'],
  ])('where not all of it was read nothing is certain: %s', (_, text, why) => {
    expect([readNft(whole).doubt, grantLines(readNft(whole))]).toEqual([null, [`tcp/22 ${ALL}`]]);
    const lines = grantLines(readNft(text));
    expect(lines.map((line) => line.replace(/ .*/, ''))).toContain('udp');
    expect(lines.filter((line) => !line.includes(` if ${why}`))).toEqual([]);
  });

  test('blocks that follow each other on one line are all read', () => {
    const file = readNft('table ip t { set s { type inet_service; elements = { 22 } } chain input { type filter hook input priority 0; policy drop; ct state { new } jump a; } chain a { tcp dport @s accept; } } table ip6 t { chain input { type filter hook input priority 0; policy drop; } }');
    expect([describeFile(file), grantLines(file)]).toEqual(['3 chains, 2 rules', ['tcp/22 0.0.0.0/0']]);
  });

  test('an empty ruleset refuses nothing', () => {
    expect(describeFile(readNft(''))).toEqual('0 chains, 0 rules');
    expect(grantLines(readNft(''))).toEqual([`tcp ${ALL}`, `udp ${ALL}`, 'icmp 0.0.0.0/0', 'icmpv6 ::/0', `other ${ALL}`]);
  });
});
