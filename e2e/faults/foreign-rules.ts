import type { LabHost } from '../lab/host.ts';
import { readByIptables } from './read-rules.ts';

/** Over what a world's agent works. */
export type Way = 'nft' | 'iptables';

/** Somebody else's rules: kept in a file of their own, and loaded at boot by nftables.service, which flushes everything first. */
const NFT_RULES = `table ip mine
delete table ip mine
table ip mine {
  set friends {
    type ipv4_addr
    flags interval
    elements = { 10.66.0.0/16, 10.67.1.1 }
  }
  chain input {
    type filter hook input priority filter; policy accept;
    ip saddr 10.66.6.6 counter drop
    ip saddr @friends accept comment "theirs"
  }
}
table inet theirs
delete table inet theirs
table inet theirs {
  chain output {
    type filter hook output priority filter - 1; policy accept;
    tcp dport 25 reject with tcp reset
  }
}
`;
const NFT_PATH = '/etc/theirs.nft';

/** As netfilter-persistent would: each table of theirs whole, at boot before the network. */
const IPTABLES_SCRIPT = `ipset -exist create friends hash:net
for net in 10.66.0.0/16 10.67.1.1; do ipset -exist add friends $net; done
iptables-restore <<'RULES'
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -s 10.66.6.6 -j DROP
-A INPUT -m set --match-set friends src -m comment --comment theirs -j ACCEPT
COMMIT
RULES
ip6tables-restore <<'RULES'
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A OUTPUT -p tcp -m tcp --dport 25 -j REJECT --reject-with tcp-reset
COMMIT
RULES
`;
const IPTABLES_PATH = '/etc/theirs.sh';
const IPTABLES_UNIT = `[Unit]
DefaultDependencies=no
After=local-fs.target
Before=network-pre.target
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh ${IPTABLES_PATH}
[Install]
WantedBy=sysinit.target
`;

/** Makes a host one of this kind, before an agent is there, and gives it rules of somebody else that it boots with. */
export async function prepareHost(host: LabHost, way: Way): Promise<void> {
  if (way === 'nft') {
    await host.run(
      `cat >${NFT_PATH} && printf '#!/usr/sbin/nft -f\\nflush ruleset\\ninclude "${NFT_PATH}"\\n' >/etc/nftables.conf && systemctl enable --now nftables.service && sync`,
      { stdin: NFT_RULES },
    );
    return;
  }
  readByIptables(host);
  const older = ['iptables', 'ip6tables'].map((name) => `update-alternatives --set ${name} /usr/sbin/${name}-legacy`).join(' && ');
  await host.run(`systemctl disable --now nftables.service 2>/dev/null; mv /usr/sbin/nft /usr/sbin/nft.away && ${older} && cat >${IPTABLES_PATH}`, { stdin: IPTABLES_SCRIPT });
  await host.run('cat >/etc/systemd/system/theirs.service && systemctl enable --now theirs.service && sync', { stdin: IPTABLES_UNIT });
}

/** What brings those rules back where they went. */
export const RELOAD_FOREIGN: Readonly<Record<Way, string>> = { nft: `nft -f ${NFT_PATH}`, iptables: `sh ${IPTABLES_PATH}` };
