# Facts about the system: names, versions, timers, other firewalls, what nft can do.
# shellcheck shell=sh disable=SC2154,SC2034

facts_system() {
  json_members n:v 1 s:hostname "$(head -c 255 /proc/sys/kernel/hostname)" s:machineId "$(head -c 64 /etc/machine-id 2>/dev/null)" s:bootId "$boot_id" n:clock "$(clock_s)"
  printf ',"os":{'
  json_members s:id "$(os_release ID 64)" s:version "$(os_release VERSION_ID 64)" s:name "$(os_release PRETTY_NAME 200)"
  printf '},'
  json_members s:kernel "$(uname -r | head -c 128)" s:arch "$(uname -m | head -c 32)" \
    s:nftVersion "$(nft --version 2>/dev/null | sed -n 's/^nftables v\([^ ]*\).*/\1/p' | head -c 64)" \
    s:shell "$(basename "$(readlink -f /bin/sh)" | head -c 64)" b:systemd "$(has_systemd && echo true)"
}

# Value of $1 in os-release(5), read and not run, at most $2 bytes.
os_release() {
  cat /etc/os-release /usr/lib/os-release 2>/dev/null | sed -n "s/^$1=//p" | head -n 1 | sed 's/^"\(.*\)"$/\1/' | head -c "$2"
}

# systemd timers with when they last fired and fire next, epoch seconds.
facts_timers() {
  if has_systemd; then timeout 10 systemctl list-timers --all --output=json 2>/dev/null; fi | awk -f "$lib_dir/json.awk" -f "$lib_dir/timers.awk"
}

# Other firewall managers, with their state; foreign nft tables by family and name.
facts_firewalls() {
  {
    if has_systemd; then
      for service in ufw firewalld docker fail2ban nftables netfilter-persistent; do
        service_state=$(systemctl is-active "$service.service" 2>/dev/null)
        [ -e "/lib/systemd/system/$service.service" ] || [ -e "/usr/lib/systemd/system/$service.service" ] || [ -e "$unit_dir/$service.service" ] || continue
        printf '%s.service\t%s, %s\n' "$service" "$service_state" "$(systemctl is-enabled "$service.service" 2>/dev/null)"
      done
    fi
    if grep -q '^ENABLED=yes' /etc/ufw/ufw.conf 2>/dev/null; then printf 'ufw\tenabled\n'; fi
    sed -n 's/^\([a-z]*\)$/iptables-legacy \1\tloaded/p' /proc/net/ip_tables_names /proc/net/ip6_tables_names 2>/dev/null
    nft_ list tables 2>/dev/null | grep -vx 'table inet firebreak\(_witness\)\{0,1\}' | sed -n 's/^table \(.*\)$/nft \1\tloaded/p'
  } | awk -F '\t' -f "$lib_dir/json.awk" -f "$lib_dir/firewalls.awk"
}

# What nft and the kernel really accept, tried with `nft -c`.
facts_features() {
  feature_first=yes
  feature cgroupKeys 'set s { typeof ip saddr . meta l4proto . th dport . socket cgroupv2 level 2; flags dynamic,timeout; timeout 1d; size 64; counter; }
    chain c { type filter hook input priority 0; update @s { ip saddr . meta l4proto . th dport . socket cgroupv2 level 2 }; }'
  feature typeofSets 'set s { typeof ip saddr . meta l4proto . th dport; flags dynamic,timeout; timeout 1d; size 64; counter; }'
  feature constantKeys 'set s { typeof ip saddr . meta l4proto . th dport; flags dynamic,timeout; timeout 1d; size 64; }
    chain c { update @s { ip saddr . meta l4proto . 0 }; }'
  feature intervalSets 'set s { type ipv4_addr; flags interval; elements = { 10.0.0.0/24, 10.0.1.1-10.0.1.9 }; }'
  feature conntrack 'chain c { ct state established,related accept; }'
  feature rejectIcmpx 'chain c { type filter hook output priority 0; reject with icmpx type admin-prohibited; }'
  feature logLimit 'chain c { limit rate 10/minute log prefix "x "; }'
  if [ -n "${backend_iptables-}" ]; then printf ',"iptables":true'; fi
}

# Prints one member: whether a table with body $2 passes `nft -c`. $1: name.
feature() {
  [ -n "$feature_first" ] || printf ','
  feature_first=
  if printf 'table inet firebreak_probe {\n%s\n}\n' "$2" | nft_ -c -f - >/dev/null 2>&1; then printf '"%s":true' "$1"; else printf '"%s":false' "$1"; fi
}
