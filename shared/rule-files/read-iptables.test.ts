import { describe, expect, test } from 'vitest';
import { readIptables, tellFamily } from './read-iptables.ts';
import { grantLines } from './testing/grant-lines.ts';

const inInput = (rule: string, more = '') => readIptables(`*filter\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n${more}${rule}\nCOMMIT\n`, 4);
const ALL = '0.0.0.0/0';
const every = (why: string) => [`tcp ${ALL} if ${why}`, `udp ${ALL} if ${why}`, `icmp ${ALL} if ${why}`, `other ${ALL} if ${why}`];

/** A line in a chain that drops, what it lets in; and a line nearly like it, with what that lets in. */
const CASES: readonly [rule: string, lets: readonly string[], nearMiss: string, nearLets: readonly string[]][] = [
  ['-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT', [`tcp/22 ${ALL}`], '-A INPUT -p tcp -m tcp --dport 22 -j DROP', []],
  ['-A INPUT -p tcp -m tcp ! --dport 22 -j ACCEPT', [`tcp/0-21 ${ALL}`, `tcp/23-65535 ${ALL}`], '-A INPUT -p tcp -m tcp --dport ! 22 -j ACCEPT', [`tcp/0-21 ${ALL}`, `tcp/23-65535 ${ALL}`]],
  ['-A INPUT -p tcp -m multiport --dports 80,443,8000:8010 -j ACCEPT', [`tcp/80 ${ALL}`, `tcp/443 ${ALL}`, `tcp/8000-8010 ${ALL}`], '-A INPUT -p tcp -m multiport --sports 80,443 -j ACCEPT', [`tcp ${ALL} if the port that the sender chooses`]],
  ['-A INPUT -s 10.0.0.0/8 -p udp -m udp --dport 53 -j ACCEPT', ['udp/53 10.0.0.0/8'], '-A INPUT ! -s 10.0.0.0/8 -p udp -m udp --dport 53 -j ACCEPT', ['udp/53 0.0.0.0-9.255.255.255,11.0.0.0-255.255.255.255']],
  ['-A INPUT -s 192.168.100/24 -p tcp --dport 25 -j ACCEPT', ['tcp/25 192.168.100.0/24'], '-A INPUT -s noc01.example -p tcp --dport 25 -j ACCEPT', [`tcp/25 ${ALL} if “-s noc01.example” was not understood`]],
  ['-A INPUT -s 10.1.2.3/255.255.0.0 -p tcp --dport 25 -j ACCEPT', ['tcp/25 10.1.0.0/16'], '-A INPUT -s 10.1.2.3/255.0.255.0 -p tcp --dport 25 -j ACCEPT', [`tcp/25 ${ALL} if “-s 10.1.2.3/255.0.255.0” was not understood`]],
  ['-A INPUT -m iprange --src-range 10.0.0.5-10.0.0.9 -p tcp --dport 22 -j ACCEPT', ['tcp/22 10.0.0.5-10.0.0.9'], '-A INPUT -m iprange --dst-range 10.0.0.5-10.0.0.9 -p tcp --dport 22 -j ACCEPT', [`tcp/22 ${ALL} if to which of its addresses it goes`]],
  ['-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT', [], '-A INPUT -m state --state NEW -m tcp -p tcp --dport 22 -j ACCEPT', [`tcp/22 ${ALL}`]],
  ['-A INPUT -i lo -j ACCEPT', [], '-A INPUT -i eth+ -p tcp --dport 22 -j ACCEPT', [`tcp/22 ${ALL} if arrives on eth+`]],
  ['-A INPUT -p icmp -m icmp --icmp-type 8 -j ACCEPT', [`icmp/8 ${ALL}`], '-A INPUT -p icmp -m icmp --icmp-type any -j ACCEPT', [`icmp ${ALL}`]],
  ['-A INPUT -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN --dport 22 -j ACCEPT', [`tcp/22 ${ALL}`], '-A INPUT -p tcp -m tcp ! --syn --dport 22 -j ACCEPT', []],
  ['-A INPUT -p vrrp -j ACCEPT', [`vrrp ${ALL}`], '-A INPUT -p 112 -j DROP', []],
  ['-A INPUT -p tcp --dport 22 -m comment --comment "ssh -j DROP" -j ACCEPT', [`tcp/22 ${ALL}`], '-A INPUT -p tcp --dport 22 -m comment --comment "open -j ACCEPT', every('a quote that does not end')],
  ['-A INPUT -p tcp --dport 22 -m limit --limit 3/min -j ACCEPT', [`tcp/22 ${ALL} if “--limit” is not modelled`], '-A INPUT -p tcp --dport 22 -m recent --set --name SSH --mask 255.255.255.255 --rsource -j ACCEPT', [`tcp/22 ${ALL}`]],
  ['-A INPUT -m set --match-set admins src -p tcp --dport 22 -j ACCEPT', [`tcp/22 ${ALL} if “--match-set” is not modelled`], '-A INPUT -m set --match-set admins src -p tcp --dport 22 -j LOG', []],
  ['-A INPUT -p tcp --dport 22 --frobnicate a b -j ACCEPT', [`tcp/22 ${ALL} if “--frobnicate” is not modelled`], '-A INPUT -p tcp --dport 22 -j NFLOG --nflog-group 5', []],
  ['-A INPUT -p tcp --dport 22 -j missing', [`tcp/22 ${ALL} if the chain missing is not in the file`], '-A INPUT -p tcp --dport 22 -j NFQUEUE --queue-num 1', [`tcp/22 ${ALL} if a program decides (NFQUEUE)`]],
  ['-A INPUT -p tcp -m socket -j ACCEPT', [`tcp ${ALL} if “-m socket” is not modelled`], '-A INPUT -p tcp -m tcp -j ACCEPT', [`tcp ${ALL}`]],
  ['-A INPUT -j ACCEPT -p tcp --dport 22 -s 10.0.0.1', ['tcp/22 10.0.0.1'], '-A INPUT -p tcp -j REJECT --reject-with tcp-reset --dport 22', []],
  ['-A INPUT -m addrtype --dst-type LOCAL -p tcp --dport 22 -j ACCEPT', [`tcp/22 ${ALL}`], '-A INPUT -m addrtype --dst-type BROADCAST -p tcp --dport 22 -j ACCEPT', []],
];

describe('one line of iptables-save, and one that is nearly the same', () => {
  test.each(CASES)('%s', (rule, lets, nearMiss, nearLets) => {
    expect(grantLines(inInput(rule))).toEqual(lets);
    expect(grantLines(inInput(nearMiss))).toEqual(nearLets);
  });
});

describe('files of iptables-save', () => {
  test('chains of people’s own, counters, -g and RETURN', () => {
    const file = readIptables('*filter\n:INPUT DROP [0:0]\n:web - [0:0]\n:end - [0:0]\n[7:420] -A INPUT -p tcp -j web\n-A INPUT -p udp -g end\n-A INPUT -p udp -m udp --dport 123 -j ACCEPT\n-A web -p tcp -m tcp --dport 81 -j RETURN\n[0:0] -A web -p tcp -m tcp --dport 80:82 -j ACCEPT\n-A end -p udp -m udp --dport 53 -j ACCEPT\nCOMMIT\n', 4);
    expect(grantLines(file)).toEqual([`tcp/80 ${ALL}`, `tcp/82 ${ALL}`, `udp/53 ${ALL}`]);
    expect(file.chains.get('ip filter INPUT')?.rules.map(({ packets }) => packets)).toEqual([7, null, null]);
    expect(file.blindSpots).toEqual([]);
  });

  test('mangle and raw are asked too; what nat sends elsewhere is told, and is not said to be refused', () => {
    const file = readIptables('*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -s 10.0.0.66/32 -j DROP\nCOMMIT\n*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p tcp -m tcp --dport 80 -j DNAT --to-destination 172.17.0.2:80\nCOMMIT\n*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\nCOMMIT\n', 4);
    const elsewhere = 'it sends new connections elsewhere (dnat): what is let in by the other address or port is not followed';
    expect(grantLines(file)).toEqual(['tcp/22 0.0.0.0-10.0.0.65,10.0.0.67-255.255.255.255', `tcp/80 0.0.0.0-10.0.0.65,10.0.0.67-255.255.255.255 if ${elsewhere}`]);
    expect(file.blindSpots.map(({ line, reason }) => `${line} ${reason}`)).toEqual([`7 ${elsewhere}`]);
  });

  test('what raw takes out of tracking is not new for certain, and may be let in as untracked', () => {
    const file = readIptables('*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p udp -m udp --dport 53 -j CT --notrack\nCOMMIT\n*filter\n:INPUT DROP [0:0]\n-A INPUT -p udp -m conntrack --ctstate UNTRACKED -j ACCEPT\n-A INPUT -p tcp -m conntrack --ctstate NEW -m tcp --dport 22 -j ACCEPT\n-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\nCOMMIT\n', 4);
    expect(grantLines(file)).toEqual([`tcp/22 ${ALL}`, `udp/53 ${ALL} if whether the kernel follows it (notrack)`]);
  });

  test('ip6tables-save is told from its first line, its addresses or its names', () => {
    expect([tellFamily('# Generated by ip6tables-save v1.8.9\n*filter\n'), tellFamily('*filter\n-A INPUT -s fe80::/10 -j ACCEPT\n'), tellFamily('-A INPUT -p ipv6-icmp -j ACCEPT'), tellFamily('-A INPUT -s 10.0.0.1/32 -m comment --comment "::" -j ACCEPT')]).toEqual([6, 6, 6, 4]);
    expect(grantLines(readIptables('*filter\n:INPUT DROP [0:0]\n-A INPUT -s fe80::/10 -p ipv6-icmp -m icmp6 --icmpv6-type 128 -j ACCEPT\nCOMMIT\n', 6))).toEqual(['icmpv6/128 fe80::/10']);
  });

  test.each([
    ['at its end', '*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\n', 1],
    ['before the next table', '*raw\nCOMMIT\n*filter\n:INPUT DROP [0:0]\n*mangle\nCOMMIT\n', 3],
  ])('a table without COMMIT is cut off, and nothing in the file is certain then: %s', (_, text, line) => {
    const file = readIptables(text, 4);
    expect(file.doubt).toMatch(new RegExp(`^line ${line}: the table filter ends without COMMIT: the file is cut off`));
    expect(grantLines(file).filter((one) => !one.includes(' if line '))).toEqual([]);
    expect(readIptables('-A INPUT -p tcp --dport 22 -j ACCEPT\n', 4).doubt).toBe(null);
  });

  test('a line that is none is listed', () => {
    expect(readIptables('*filter\nACCEPT everything\n-A INPUT -j ACCEPT\nCOMMIT', 4).blindSpots).toEqual([{ line: 2, text: 'ACCEPT everything', reason: 'no line of iptables-save' }]);
  });
});
