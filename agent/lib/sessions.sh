# `sessions`: connections that live now, for a console that wants to know which of them a new policy would not let anybody open.
# shellcheck shell=sh disable=SC2154,SC2034

sessions_max=20000
# Lines of connection tracking that are read; more is a flood, and said.
tracked_max=300000

cmd_sessions() {
  [ $# -eq 0 ] || fail 2 USAGE 'sessions takes no arguments'
  require_root_and_tools
  make_scratch
  read_sessions
  read -r first_port last_port </proc/sys/net/ipv4/ip_local_port_range
  printf '{'
  json_members n:v 1 n:clock "$(clock_s)" s:tracking "$(find_tracking)"
  printf ','
  awk -v sockets="$scratch/live-sockets" -v tracked="$scratch/tracked" -v owners="$scratch/owners" -v first_port="$first_port" -v last_port="$last_port" \
    -v max="$sessions_max" -f "$lib_dir/json.awk" -f "$lib_dir/sessions.awk" </dev/null
  printf '}\n'
}

# Fills $scratch/live-sockets, $scratch/tracked and $scratch/owners.
read_sessions() {
  live_sockets >"$scratch/live-sockets"
  tracked_sessions >"$scratch/tracked"
  socket_owners >"$scratch/owners"
}

# TCP that listens or lives, UDP with and without a peer, in the network namespace that the agent runs in.
live_sockets() {
  for protocol in tcp tcp6 udp udp6; do
    awk -v protocol="$protocol" 'NR > 1 { print protocol, $2, $3, $4, $8, $10 }' "/proc/net/$protocol" 2>/dev/null
  done | awk -f "$lib_dir/session-addresses.awk" -f "$lib_dir/session-sockets.awk"
}

# What connection tracking knows beyond the sockets: UDP, forwarded connections, and who began.
tracked_sessions() {
  ip -o addr 2>/dev/null | awk '{ sub(/\/.*/, "", $4); print $4 }' >"$scratch/own-addresses"
  tracking_lines | head -n "$tracked_max" | awk -v own="$scratch/own-addresses" -f "$lib_dir/session-addresses.awk" -f "$lib_dir/session-tracked.awk"
}

# The kernel's own file where it has one (CONFIG_NF_CONNTRACK_PROCFS), else conntrack-tools where they are installed.
find_tracking() {
  if [ -r /proc/net/nf_conntrack ]; then echo proc; elif command -v conntrack >/dev/null 2>&1; then echo conntrack; else echo none; fi
}

tracking_lines() {
  case $(find_tracking) in
    proc) cat /proc/net/nf_conntrack ;;
    conntrack)
      for family in ipv4 ipv6; do
        for protocol in tcp udp; do timeout 20 conntrack -L -f "$family" -p "$protocol" -o extended 2>/dev/null; done
      done
      ;;
  esac
}
