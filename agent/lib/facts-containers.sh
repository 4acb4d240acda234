# Facts about what does not end in a process of the host: ports that lead elsewhere, and ways past our hooks.
# shellcheck shell=sh disable=SC2154,SC2034

# Ports of the host that somebody's rules redirect. iptables is asked itself: nft 1.0.6 leaves out an IPv6 DNAT of ip6tables-nft that it prints as text.
# The legacy tables only where they are loaded: to list them would load them.
facts_published() {
  {
    nft_ list tables 2>/dev/null | sed -n 's/^table \(ip\|ip6\|inet\) \([A-Za-z0-9_.-]*\)$/\1 \2/p' | grep -vx 'inet firebreak\(_witness\)\{0,1\}' | head -n 64 | while read -r family table; do
      nft_ -t -n list table "$family" "$table" 2>/dev/null </dev/null
    done
    for ip in ip ip6; do
      if nft_ list tables 2>/dev/null | grep -qx "table $ip nat"; then timeout 10 "${ip}tables-nft-save" -t nat 2>/dev/null; fi
      if grep -qx nat "/proc/net/${ip}_tables_names" 2>/dev/null; then timeout 10 "${ip}tables-legacy-save" -t nat 2>/dev/null; fi
    done
  } | awk -f "$lib_dir/json.awk" -f "$lib_dir/published.awk"
}

# Ways in and out that no hook of the host's own network namespace sees, or that are taken before our hooks: "KIND<tab>NAME" lines → a JSON array.
facts_bypasses() {
  {
    timeout 10 ip -o -d link 2>/dev/null | awk -f "$lib_dir/bypasses.awk"
    other_namespaces | while read -r pid; do
      if ! command -v nsenter >/dev/null 2>&1; then
        printf 'not-looked\tnsenter is missing, so containers were not looked into\n'
        break
      fi
      if [ "$pid" = more ]; then
        printf 'not-looked\tthere are more than 64 network namespaces, and the rest was not looked into\n'
        break
      fi
      timeout 5 nsenter -t "$pid" -n ip -o -d link 2>/dev/null </dev/null | firebreak_place=$(head -c 64 "/proc/$pid/comm" 2>/dev/null | tr -d '\000-\037') awk -v other=1 -f "$lib_dir/bypasses.awk"
    done
    nft_ list tables netdev 2>/dev/null | sed -n 's/^table netdev \([A-Za-z0-9_.-]*\)$/\1/p' | head -n 64 | while read -r table; do
      if nft_ -t list table netdev "$table" 2>/dev/null </dev/null | grep -q ' fwd '; then printf 'netdev-forward\t%s\n' "$table"; fi
    done
  } | sort -u | awk -F '\t' -f "$lib_dir/json.awk" -f "$lib_dir/kind-names.awk"
}

# One process of each other network namespace, at most 64, then `more` where there are more.
other_namespaces() {
  # shellcheck disable=SC2012 # the names are the kernel's, and not every find prints where a link leads
  ls -l /proc/self/ns/net /proc/[0-9]*/ns/net 2>/dev/null | awk '
    $NF !~ /^net:/ { next }
    $(NF - 2) ~ /^\/proc\/self\// { seen[$NF] = 1; next }
    { split($(NF - 2), path, "/"); if (!($NF in first)) first[$NF] = path[3] }
    END { for (net in first) if (!(net in seen)) { if (++n > 64) { print "more"; break }; print first[net] } }'
}
