/** What nft can compare, by its words: the longest that fits counts. Those without a model are named so that what follows them in a rule is still read. */
const MODELLED = ['ip saddr', 'ip daddr', 'ip6 saddr', 'ip6 daddr', 'ip protocol', 'ip6 nexthdr', 'meta l4proto', 'meta nfproto', 'meta protocol', 'meta iifname', 'meta iif', 'meta pkttype', 'icmp type', 'icmpv6 type', 'ct state', 'fib daddr type', 'tcp flags'];
const PORTS = ['tcp', 'udp', 'sctp', 'dccp', 'udplite', 'th'].flatMap((protocol) => [`${protocol} sport`, `${protocol} dport`]);
const WITHOUT_MODEL = [
  'meta mark', 'meta skuid', 'meta skgid', 'meta oifname', 'meta oif', 'meta iifgroup', 'meta oifgroup', 'meta iiftype', 'meta oiftype', 'meta iifkind', 'meta oifkind', 'meta length', 'meta priority', 'meta rtclassid', 'meta cpu', 'meta cgroup', 'meta secpath', 'meta ipsec',
  'meta random', 'meta time', 'meta day', 'meta hour', 'ct mark', 'ct status', 'ct direction', 'ct helper', 'ct zone', 'ct bytes', 'ct packets', 'ct avgpkt', 'ct expiration', 'ct label', 'ct id', 'ct original ip saddr', 'ct original ip daddr', 'ct original ip6 saddr',
  'ct original ip6 daddr', 'ct original saddr', 'ct original daddr', 'ct original protocol', 'ct original proto-src', 'ct original proto-dst', 'ct reply ip saddr', 'ct reply ip daddr', 'ct reply ip6 saddr', 'ct reply ip6 daddr', 'ct reply proto-src', 'ct reply proto-dst',
  'ip ttl', 'ip dscp', 'ip ecn', 'ip length', 'ip id', 'ip frag-off', 'ip version', 'ip hdrlength', 'ip checksum', 'ip6 hoplimit', 'ip6 dscp', 'ip6 flowlabel', 'ip6 length', 'ip6 version', 'ether saddr', 'ether daddr', 'ether type', 'vlan id', 'icmp code', 'icmpv6 code', 'icmp id', 'icmpv6 id',
  'tcp sequence', 'tcp ackseq', 'tcp window', 'udp length', 'socket transparent', 'socket mark', 'socket wildcard', 'fib saddr type', 'fib saddr oif', 'fib saddr . iif oif', 'fib daddr . iif type', 'osf name', 'rt classid', 'rt nexthop', 'rt ip nexthop', 'rt ip6 nexthop', 'exthdr',
];
/** nft lets these stand without “meta”. */
const SHORT: Readonly<Record<string, string>> = { iifname: 'meta iifname', iif: 'meta iif', oifname: 'meta oifname', oif: 'meta oif', iiftype: 'meta iiftype', mark: 'meta mark', skuid: 'meta skuid', skgid: 'meta skgid', pkttype: 'meta pkttype', l4proto: 'meta l4proto', nfproto: 'meta nfproto', protocol: 'meta protocol', iifgroup: 'meta iifgroup', oifgroup: 'meta oifgroup' };

const KNOWN = new Set([...MODELLED, ...PORTS, ...WITHOUT_MODEL]);
const MAX_WORDS = 5;

/** The field that begins at `from` of these words, and how many words it takes; null where none does. */
export function findField(words: readonly (string | null)[], from: number): { field: string; words: number } | null {
  const first = words[from];
  if (first === null || first === undefined) return null;
  if (first === 'socket' && words[from + 1] === 'cgroupv2' && words[from + 2] === 'level') return { field: 'socket cgroupv2', words: 4 };
  for (let count = MAX_WORDS; count > 1; count--) {
    const taken = words.slice(from, from + count);
    if (taken.length === count && !taken.includes(null) && KNOWN.has(taken.join(' '))) return { field: taken.join(' '), words: count };
  }
  const short = Object.hasOwn(SHORT, first) ? SHORT[first] : undefined;
  return short === undefined ? null : { field: short, words: 1 };
}
