# `cut`: ends live connections that the rules which were just confirmed would not let anybody open. What was cut cannot be put back,
# so that only a confirmed push may do it: before, a rollback must find the host as it was.
# shellcheck shell=sh disable=SC2154,SC2034

cmd_cut() {
  cut_id='' cut_ssh=''
  while [ $# -gt 0 ]; do
    need_value "$1" $#
    case $1 in
      --id) cut_id=$2 ;;
      --ssh) cut_ssh=$2 ;;
      *) fail 2 USAGE "cut does not know $1" ;;
    esac
    shift 2
  done
  require_root_and_tools
  make_scratch
  head -c 4194304 >"$scratch/asked-raw"
  awk -v max="$sessions_max" -f "$lib_dir/session-addresses.awk" -f "$lib_dir/cut-asked.awk" <"$scratch/asked-raw" >"$scratch/asked" ||
    fail 2 USAGE "cut reads at most $sessions_max lines PROTOCOL LOCAL PORT PEER PORT"
  lock_or_fail
  pending_finish_confirmed
  require_just_confirmed
  cut_sessions
}

# Only for the push that was confirmed last, while it enforces and nothing else waits.
require_just_confirmed() {
  if pending_exists; then fail 4 PENDING 'a push waits for its confirmation' s:id "$(pending_get id)" s:by "$(pending_get by)"; fi
  { [ -n "$cut_id" ] && [ "$(state_get last_id)" = "$cut_id" ] && [ "$(state_get last_event)" = confirmed ]; } || fail 3 NOT_CONFIRMED "push $cut_id is not the one that was confirmed last"
  [ "$(state_get running_mode)" = enforce ] || fail 3 NOT_CONFIRMED 'the rules here do not enforce'
}

cut_sessions() {
  live_sockets >"$scratch/live-sockets"
  tracked_sessions >"$scratch/tracked"
  cut_plan <"$scratch/asked" >"$scratch/cut-plan"
  planned socket >"$scratch/to-kill"
  kill_sockets
  # What still lives, and what never was a socket of its own, is at least forgotten: its next packet is judged like the first of a new connection.
  live_sockets >"$scratch/live-sockets"
  cut_plan <"$scratch/to-kill" >"$scratch/after-kill"
  { sed -n 's/^socket //p' "$scratch/after-kill"; planned tracked; } >"$scratch/to-forget"
  cut_forgotten=0
  if command -v conntrack >/dev/null 2>&1; then forget_sessions; fi
  report_cut
}

cut_plan() {
  awk -v sockets="$scratch/live-sockets" -v tracked="$scratch/tracked" -v consoles="$(bundle_header "$confirmed_path" console)" \
    -v ssh_port="$(bundle_header "$confirmed_path" sshport)" -v ssh="$cut_ssh" -f "$lib_dir/session-addresses.awk" -f "$lib_dir/cut-plan.awk"
}

planned() { sed -n "s/^$1 //p" "$scratch/cut-plan"; }

# ss -K ends exactly the sockets of its filter, with a reset to the peer (needs CONFIG_INET_DIAG_DESTROY; without it nothing happens, which shows).
kill_sockets() {
  command -v ss >/dev/null 2>&1 || return 0
  awk -f "$lib_dir/cut-filters.awk" "$scratch/to-kill" | while read -r protocol_option filter; do
    timeout 20 ss -K -H -n "$protocol_option" "$filter" </dev/null >/dev/null 2>&1
  done
}

# Both directions: who began is not told. conntrack ends with 0 when it deleted something.
forget_sessions() {
  while read -r protocol address port peer peer_port; do
    for ends in "$address $port $peer $peer_port" "$peer $peer_port $address $port"; do
      # shellcheck disable=SC2086 # four words
      if forget_one "$protocol" $ends; then
        cut_forgotten=$((cut_forgotten + 1))
        break
      fi
    done
  done <"$scratch/to-forget"
}

# forget_one PROTOCOL SOURCE PORT TARGET PORT
forget_one() {
  case $2 in *:*) forget_family=ipv6 ;; *) forget_family=ipv4 ;; esac
  timeout 10 conntrack -D -f "$forget_family" -p "$1" --orig-src "$2" --orig-port-src "$3" --orig-dst "$4" --orig-port-dst "$5" </dev/null >/dev/null 2>&1
}

report_cut() {
  cut_asked=$(lines_in "$scratch/cut-plan")
  cut_kept=$(planned kept | wc -l)
  cut_gone=$(planned gone | wc -l)
  cut_failed=$(($(lines_in "$scratch/to-forget") - cut_forgotten))
  cut_count=$((cut_asked - cut_kept - cut_gone - cut_failed - cut_forgotten))
  if [ "$cut_asked" -gt 0 ]; then event sessions-cut s:push "$cut_id" n:count "$cut_count" n:forgotten "$cut_forgotten" n:failed "$cut_failed" n:kept "$((cut_kept + 0))"; fi
  json_object n:v 1 n:asked "$cut_asked" n:cut "$cut_count" n:forgotten "$cut_forgotten" n:failed "$cut_failed" n:kept "$((cut_kept + 0))" n:gone "$((cut_gone + 0))"
}

lines_in() { echo "$(($(wc -l <"$1") + 0))"; }
