# One lock for everything that changes something. The kernel frees it when the holder and its children are gone,
# so that a killed apply whose nft still commits keeps others out until that has ended. No stale lock can exist.
# shellcheck shell=sh disable=SC2154,SC2034

# Takes the lock or waits for $1 seconds; returns non-zero when somebody else still holds it.
# Fd 9 stays open for the life of this process; whatever outlives it must be started with 9>&-.
lock_try() {
  # Tried first: an exec whose file cannot be opened ends the shell.
  ( : 9>>"$lock_path" ) 2>/dev/null || return 1
  exec 9>>"$lock_path"
  flock -n 9 2>/dev/null || timeout "$1" flock 9 || return 1
  # An uninstall that was waited for took the lock along: nothing may be made anew after it.
  [ -e "$lock_path" ] || return 1
  proc_identity $$ >"$run_dir/lock-owner"
}

lock_or_fail() {
  lock_try "$lock_wait_s" || fail 1 BUSY "another agent command holds the lock"
  clear_leftovers
}

# For the undo only: waits, then ends whoever holds the lock (a stopped or hung apply must not outlive its window), then goes on in any case.
lock_for_undo() {
  if lock_try 15; then
    clear_leftovers
    return 0
  fi
  owner=$(cat "$run_dir/lock-owner" 2>/dev/null)
  if [ -n "$owner" ] && [ "$(proc_identity "${owner% *}")" = "$owner" ]; then
    log "rollback ends the process ${owner% *} that holds the lock"
    kill -KILL "${owner% *}" 2>/dev/null
  fi
  lock_try "$((nft_timeout_s + 5))" || log 'rollback goes on without the lock'
}

# Prints "PID START" of a live process, START in clock ticks since boot (proc(5), stat field 22); nothing when it is gone.
proc_identity() {
  proc_stat=
  while IFS= read -r proc_line; do proc_stat=$proc_stat$proc_line; done 2>/dev/null <"/proc/$1/stat"
  # shellcheck disable=SC2086 # numbers and one letter after the name, which may hold anything
  [ -z "$proc_stat" ] || proc_fields "$1" ${proc_stat##*) }
}
proc_fields() { [ $# -lt 21 ] || printf '%s %s\n' "$1" "${21}"; }
