# `latency`: what the running rules add to the time of a TCP connect, measured on this host in network namespaces of its own.
# The host's own traffic, tables and interfaces are not touched. agent/README.md “Footprint” says what the figures mean.
# shellcheck shell=sh disable=SC2154,SC2034

latency_connects=2000

cmd_latency() {
  [ $# -eq 0 ] || fail 2 USAGE 'latency takes no arguments'
  require_root_and_tools
  make_scratch
  # By its path: busybox sh takes its own `ip` first, which cannot make pairs of interfaces.
  for latency_ip in /usr/sbin/ip /sbin/ip /usr/bin/ip /bin/ip; do [ ! -x "$latency_ip" ] || break; done
  for tool in "$latency_ip" bash unshare nsenter mkfifo; do
    command -v "$tool" >/dev/null 2>&1 || fail 6 TOOL_MISSING "$tool: without it nothing can be measured here"
  done
  # shellcheck disable=SC2016 # for bash: a clock in µs, since 5.0
  bash -c '[ -n "${EPOCHREALTIME-}" ]' || fail 6 TOOL_MISSING 'bash 5: without its clock nothing can be measured here'
  latency_path=$(running_path)
  { table_loaded && [ -f "$latency_path" ]; } || fail 6 NOTHING_LOADED 'no rules of ours are loaded'
  # A connection that no rule explains walks all of them; refused instead of accepted it could not be timed. No lines for the kernel's log.
  sed -e '/ log prefix /d' -e 's/^\(\t*counter\) drop/\1 accept/' -e 's/^\(\t*counter\) reject.*/\1 accept/' "$latency_path" >"$scratch/rules.nft"
  timeout -s KILL 90 unshare -n sh "$lib_dir/latency-space.sh" "$scratch" "$latency_connects" "$latency_ip" >"$scratch/times" 2>"$scratch/latency-error" </dev/null 9>&- ||
    fail 1 LATENCY_NOT_MEASURED "$(one_line "$(tail -n 1 "$scratch/latency-error")" 300)"
  json_object n:v 1 S:bundle "$(state_get running_bundle)" n:connects "$latency_connects" \
    n:withoutP50Us "$(latency_at without 50)" n:withoutP99Us "$(latency_at without 99)" n:withP50Us "$(latency_at with 50)" n:withP99Us "$(latency_at with 99)"
}

# The $2th percentile of the times called $1: of each of ten rounds, and of these the lowest. What else the host does can only add to a round.
latency_at() {
  sed -n "s/^$1 //p" "$scratch/times" | awk -v round="$((latency_connects / 10))" '{ print int((NR - 1) / round), $1 }' | sort -n -k 1,1 -k 2,2 |
    awk -v percent="$2" -v round="$((latency_connects / 10))" '(NR - 1) % round + 1 == int((round * percent + 99) / 100) { if (least == "" || $2 + 0 < least) least = $2 + 0 } END { print least }'
}
