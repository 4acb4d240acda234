# Files that survive a power cut: written beside, synced, renamed, folder synced.
# shellcheck shell=sh disable=SC2154,SC2034

# Forces files and folders to the disk; a `sync` without operands where the host's cannot sync one file.
sync_paths() { sync "$@" 2>/dev/null || sync; }

# Puts stdin at path $1 (0600) whole or not at all. Returns non-zero with the former file intact.
put_file() {
  cat >"$1.new" 2>/dev/null && sync_paths "$1.new" && mv -f "$1.new" "$1" && sync_paths "${1%/*}" && return 0
  rm -f "$1.new"
  return 1
}

# Those lines of stdin that file $1 does not have. (comm and an empty `grep -f` are not the same everywhere.)
lines_missing_in() { awk -v other="$1" 'BEGIN { while ((getline line < other) > 0) known[line] = 1 } !($0 in known)'; }

# The value of key $1 in the state file, or nothing.
state_get() { [ -f "$state_path" ] && sed -n "s/^$1=//p" "$state_path" | head -n 1; }

# state_set KEY=VALUE …: replaces these keys, keeps the others. Values are single-line and ours.
state_set() {
  {
    printf '%s\n' "$@"
    [ -f "$state_path" ] && cat "$state_path"
  } | awk -F= '!($1 in seen) { seen[$1] = 1; print }' | put_file "$state_path"
}

# Remembers how the last pending push ended. $1: id, $2: event.
state_last() { state_set "last_id=$1" "last_event=$2" "last_at=$(clock_s)"; }

# Refuses when the state folder cannot hold a change now; a full disk must show before rules are touched, not after.
# The space stays taken while the push waits, so that its end can be written down on a disk that is full by then.
require_state_space() {
  [ -d "$state_dir" ] || fail 6 NOT_INSTALLED "$state_dir is missing: install the agent first"
  head -c 65536 /dev/zero 2>/dev/null | put_file "$reserve_path" || fail 7 DISK_FULL "$state_dir cannot be written"
}

# Gives the space of require_state_space back, before the end of a push is written. Idempotent.
release_space() { rm -f "$reserve_path"; }

# Removes what a command left half written that was killed or lost its power. Only with the lock held: then nobody else writes.
clear_leftovers() {
  rm -rf "$state_dir"/*.new "$pending_dir.old"
  pending_exists || release_space
}
