# `collect` and `drain`, and the snapshot before a change of rules.
# shellcheck shell=sh disable=SC2154,SC2034

drain_max_bytes=33554432

cmd_collect() {
  [ "${1:-}" = --within-lock ] || [ $# -eq 0 ] || fail 2 USAGE 'collect takes no arguments'
  require_root_and_tools
  make_scratch
  [ -d "$state_dir" ] || fail 6 NOT_INSTALLED "$state_dir is missing: install the agent first"
  [ $# -eq 1 ] || { lock_or_fail; refill_sets; }
  collect_now
  printf '{"v":1,"seq":%s}\n' "$last_seq"
}

# A snapshot, unless our table is not loaded: then there is nothing to read, and `status` says so.
collect_now() {
  snapshot_table || { log 'nothing to collect: the table is not loaded'; find_last_seq; return 0; }
  spool_snapshot || fail 7 SPOOL_NOT_WRITTEN 'the snapshot could not be taken or kept; the former one is intact'
}

# Counts so far belong to the rules so far. Bounded in time and never a reason not to go on: the undo runs through here too.
snapshot_before_swap() {
  timeout -s KILL 10 "$self" collect --within-lock >/dev/null 2>&1 || log 'no snapshot before the change of rules'
}

cmd_drain() {
  drain_after='' drain_now=
  while [ $# -gt 0 ]; do
    case $1 in
      --after) need_value "$1" $#; drain_after=$2; shift ;;
      --now) drain_now=yes ;;
      *) fail 2 USAGE "drain does not know $1" ;;
    esac
    shift
  done
  case $drain_after in '' | *[!0-9]* | ???????????????*) fail 2 USAGE 'drain needs --after CURSOR, a number' ;; esac
  require_root_and_tools
  make_scratch
  if [ -n "$drain_now" ]; then
    [ -d "$state_dir" ] || fail 6 NOT_INSTALLED "$state_dir is missing: install the agent first"
    lock_or_fail
    snapshot_table || { log 'nothing to collect: the table is not loaded'; drain_now=; }
  fi
  if [ -n "$drain_now" ] && spool_snapshot; then drain_now=; fi
  drain_spool
  if [ -n "$drain_now" ]; then drain_unspooled; fi
}

# With a full disk the snapshot of now goes to the console only, numbered above all that it has seen.
drain_unspooled() {
  log 'the snapshot could not be kept in the spool; it goes to the console only'
  find_last_seq
  [ "$last_seq" -gt "$drain_after" ] || last_seq=$drain_after
  snapshot_into cat "$scratch/line" "$((last_seq + 1))" "$(clock_s)" || fail 1 SNAPSHOT_FAILED 'the recording sets could not be read'
  cat "$scratch/line"
}

# Snapshots above the cursor, oldest first, a line each; stops after 32 MiB (the next call goes on). A damaged file is skipped and said.
drain_spool() {
  drained_bytes=0
  for file in "$spool_dir"/*.gz; do
    [ -f "$file" ] || continue
    spool_file_seq "$file"
    [ "$file_seq" -gt "$drain_after" ] || continue
    if ! gzip -dc "$file" >"$scratch/line" 2>/dev/null; then log "skips ${file##*/}: damaged"; continue; fi
    cat "$scratch/line" || return
    drained_bytes=$((drained_bytes + $(wc -c <"$scratch/line")))
    [ "$drained_bytes" -lt "$drain_max_bytes" ] || return 0
  done
}
