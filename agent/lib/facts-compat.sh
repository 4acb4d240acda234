#!/bin/sh
# Whether the agent can run on this host. Needs nothing of the agent, writes nothing: the console sends it as it is to a host that has none, and
# main/services/judge-compatibility.ts says what it means. One `key=value` a line; what cannot be known is left out. $1: SSH_CONNECTION.
PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin LC_ALL=C
export PATH LC_ALL
say() { printf '%s=%s\n' "$1" "$(printf '%s' "$2" | tr -d '\000-\037\177' | cut -c 1-300)"; }

echo firebreak-compat=1
say uid "$(id -u)"
say system "$(uname -s)"
say kernel "$(uname -r)"
say ssh "${1-}"
say clock "$(date +%s)"
say os "$(sed -n 's/^PRETTY_NAME=//p' /etc/os-release 2>/dev/null | tr -d '"')"
nft --version >/dev/null 2>&1 && echo has=nft
for tool in awk sed grep sort comm cmp head cut tr wc sha256sum gzip flock timeout setsid sync mktemp find tar ssh-keygen unshare getent logger; do
  command -v "$tool" >/dev/null 2>&1 && echo "has=$tool"
done
say nft "$(nft --version 2>/dev/null | sed -n 's/^nftables v\([^ ]*\).*/\1/p')"
[ -d /run/systemd/system ] && command -v systemctl >/dev/null 2>&1 && say systemd "$(systemctl --version 2>/dev/null | sed -n '1s/^systemd \([0-9]*\).*/\1/p')"

# CAP_NET_ADMIN is bit 12 (capabilities(7)): the fourth hex digit from the right.
case $(sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status 2>/dev/null) in *[13579bdfBDF]???) echo netAdmin=yes ;; ?*) echo netAdmin=no ;; esac
say container "$( (command -v systemd-detect-virt >/dev/null 2>&1 && systemd-detect-virt -c 2>/dev/null | grep -v '^none$') || { [ -e /.dockerenv ] && echo docker; } || { [ -e /run/.containerenv ] && echo podman; } || { [ -d /proc/vz ] && [ ! -d /proc/bc ] && echo openvz; })"
say cgroup2 "$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)"

# The kernel itself answers where it gives us a network of our own; `nft -c` on the host's own otherwise, which loads nothing.
if unshare -n true 2>/dev/null; then trial=loaded; else trial=checked; fi
say trial "$trial"
try() { if [ "$trial" = loaded ]; then timeout -s KILL 20 unshare -n nft -f -; else timeout -s KILL 20 nft -c -f -; fi; }
# $1: name, $2: body of a table.
feature() {
  said=$(printf 'table inet firebreak_probe {\n%s\n}\n' "$2" | try 2>&1) && { echo "feature.$1=ok"; return; }
  say "feature.$1" "no: $(printf '%s' "${said:-it does not answer}" | head -n 1)"
}
if nft --version >/dev/null 2>&1; then
  feature tables 'chain c { type filter hook input priority 20; policy accept; ct state established,related accept; counter accept; }'
  feature recording 'set s { typeof ip saddr . meta l4proto . th dport; flags dynamic,timeout; timeout 1d; size 64; counter; }
counter lost { }
chain c { type filter hook input priority 20; policy accept; ct state new update @s { ip saddr . meta l4proto . th dport } return; counter name lost; }'
  feature cgroups 'set s { typeof ip saddr . socket cgroupv2 level 2; flags dynamic,timeout; timeout 1d; size 64; }
chain c { type filter hook input priority 20; update @s { ip saddr . socket cgroupv2 level 2 }; }'
  feature intervals 'set s { type ipv4_addr; flags interval; elements = { 10.0.0.0/24, 10.0.1.1-10.0.1.9 }; }
chain c { type filter hook input priority 20; ip saddr @s accept; }'
  feature concatenations 'set s { typeof ip saddr . tcp dport; flags interval; elements = { 10.0.0.0/24 . 80-90 }; }
chain c { type filter hook input priority 20; ip saddr . tcp dport @s accept; }'
  feature identity 'chain c { type filter hook output priority 20; meta skuid 0 accept; meta skgid 0 accept; }'
  feature times 'chain c { type filter hook input priority 20; meta time < "2030-01-01 00:00:00" accept; }'
  feature published 'chain p { type filter hook prerouting priority -150; ct state new fib daddr type != local ct label set 127; }
chain c { type filter hook forward priority 20; ct label 127 accept; ct status dnat ct original ip daddr 10.0.0.1 meta l4proto tcp ct original proto-dst 80 accept; }
chain m { type filter hook postrouting priority 120; ct label 127 fib saddr type != local accept; }'
  feature reject 'chain c { type filter hook output priority 20; reject with icmpx type admin-prohibited; }'
  feature logs 'chain c { type filter hook input priority 20; limit rate 10/minute burst 5 packets log prefix "firebreak "; }'
fi
# What takes its place where nft is missing or too old: loaded for real in a network of its own; without one, only whether the programs are there.
iptables_said=$(for tool in iptables ip6tables iptables-restore ip6tables-restore iptables-save ip6tables-save ipset; do command -v "$tool" >/dev/null 2>&1 || echo "$tool is not installed"; done | head -n 1)
if [ -z "$iptables_said" ] && [ "$trial" = loaded ]; then
  # shellcheck disable=SC2016 # for the inner shell
  iptables_said=$(timeout -s KILL 20 unshare -n sh -c 'ipset create fb_a hash:net && ipset create fb_r hash:ip,port timeout 9 counters && ipset create fb_f hash:ip,port,ip && table=mangle && { ! iptables -t security -S INPUT >/dev/null 2>&1 || table=security; } && for i in iptables ip6tables; do
set=fb_a; [ "$i" = iptables ] || { set=fb_6; ipset create fb_6 hash:net family inet6; }
printf "*%s\n:FB-A - [0:0]\n-A FB-A -m conntrack --ctstate ESTABLISHED -j RETURN\n-A FB-A -m conntrack --ctstate DNAT --ctdir ORIGINAL -p tcp --ctorigdstport 1:2 -j RETURN\n-A FB-A -p tcp -m multiport --dports 1,2 -m set --match-set $set src -m comment --comment x -j RETURN\n-A FB-A -m set ! --match-set $set src ! --update-counters -m time --datestop 2030-01-01T00:00:00 -g FB-A2\n-A FB-A -j SET --add-set $set src\n-A FB-A -m limit --limit 1/minute -j LOG --log-prefix x\nCOMMIT\n" "$table" | sed -e "s/^:FB-A .*/&\n:FB-A2 - [0:0]/" | "$i-restore" -n || exit 1; done' 2>&1 | head -n 3 | tr '\n' ' ')
fi
say iptables "${iptables_said:-ok}"
say conntrack "$(cat /proc/sys/net/netfilter/nf_conntrack_count /proc/sys/net/netfilter/nf_conntrack_max 2>/dev/null | tr '\n' ' ')"

for service in ufw firewalld docker fail2ban nftables netfilter-persistent shorewall ferm csf; do
  case $(systemctl is-active "$service.service" 2>/dev/null) in active) echo "active=$service" ;; esac
done
grep -q '^ENABLED=yes' /etc/ufw/ufw.conf 2>/dev/null && echo active=ufw
grep -q '^[[:space:]]*flush ruleset' /etc/nftables.conf 2>/dev/null && echo flushes=/etc/nftables.conf
say legacy "$(cat /proc/net/ip_tables_names /proc/net/ip6_tables_names 2>/dev/null | sort -u | tr '\n' ' ')"
say tables "$(nft list tables 2>/dev/null | sed -n 's/^table //p' | grep -v '^inet firebreak\(_witness\)\{0,1\}$' | tr '\n' ',')"
nft list tables 2>/dev/null | grep -qx 'table inet firebreak' && echo ourTable=yes
say ourHost "$(cat /etc/firebreak/host-id 2>/dev/null)"
[ -f /etc/firebreak/rules.nft ] && echo ourRulesLeft=yes

if [ -s /proc/net/if_inet6 ]; then echo ipv6=on; else echo ipv6=off; fi
# Options with which the file system of folder $1 is mounted.
mounted() { df -P "$1" 2>/dev/null | awk 'NR == 2 { print $6 }' | while read -r point; do awk -v at="$point" '$2 == at { options = $4 } END { print options }' /proc/mounts; done; }
# The nearest folder that is there: whether it can be written. busybox says of a file system that is mounted read-only that root can.
for folder in /usr/local/lib /usr/local/sbin /etc/systemd/system /etc /var/lib /run; do
  at=$folder
  while [ ! -d "$at" ]; do at=${at%/*}; [ -n "$at" ] || at=/; done
  case ,$(mounted "$at"), in *,ro,*) echo "readonly=$folder" ;; *) [ -w "$at" ] || echo "readonly=$folder" ;; esac
done
say mount "$(mounted /usr/local)"
say freeKib "$(df -Pk /var/lib 2>/dev/null | awk 'NR == 2 { print $4 }')"
say memoryKib "$(sed -n 's/^MemAvailable: *\([0-9]*\) kB$/\1/p' /proc/meminfo 2>/dev/null)"
# timedatectl would start a service that writes to /var/tmp.
for service in systemd-timesyncd chrony chronyd ntp ntpd ntpsec openntpd; do
  case $(systemctl is-active "$service.service" 2>/dev/null) in active) timekeeper=$service ;; esac
done
case ${timekeeper-} in
  systemd-timesyncd) if [ -e /run/systemd/timesync/synchronized ]; then echo ntp=yes; else echo ntp=no; fi ;;
  chron*) if timeout 5 chronyc -n tracking 2>/dev/null | grep -q '^Leap status *: Normal'; then echo ntp=yes; else echo ntp=no; fi ;;
  '') [ ! -d /run/systemd/system ] || echo ntp=none ;;
esac
say selinux "$(cat /sys/fs/selinux/enforce 2>/dev/null)"
exit 0
