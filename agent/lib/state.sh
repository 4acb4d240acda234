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

# Path of the newest state: a copy in memory as long as the disk cannot take it, so that `status` tells the truth on a full disk too.
state_newest() { if [ -f "$state_spare_path" ]; then echo "$state_spare_path"; else echo "$state_path"; fi; }

# The value of key $1 in the state, or nothing.
state_get() {
  while IFS= read -r state_line; do
    case $state_line in "$1="*) printf '%s\n' "${state_line#*=}"; return 0 ;; esac
  done 2>/dev/null <"$(state_newest)" || :
}

# Sets st_… to what state_get says of each of these, without a process for each: one of them costs a millisecond or two on a small host.
state_read() {
  st_running_bundle='' st_running_mode='' st_running_policy='' st_running_boot='' st_kernel_hash='' st_epoch='' st_bundle_seq='' st_last_id='' st_last_event='' st_last_at=''
  state_now=$state_path
  [ ! -f "$state_spare_path" ] || state_now=$state_spare_path
  while IFS= read -r state_line; do
    state_value=${state_line#*=}
    case $state_line in
      running_bundle=*) st_running_bundle=${st_running_bundle:-$state_value} ;;
      running_mode=*) st_running_mode=${st_running_mode:-$state_value} ;;
      running_policy=*) st_running_policy=${st_running_policy:-$state_value} ;;
      running_boot=*) st_running_boot=${st_running_boot:-$state_value} ;;
      kernel_hash=*) st_kernel_hash=${st_kernel_hash:-$state_value} ;;
      epoch=*) st_epoch=${st_epoch:-$state_value} ;;
      bundle_seq=*) st_bundle_seq=${st_bundle_seq:-$state_value} ;;
      last_id=*) st_last_id=${st_last_id:-$state_value} ;;
      last_event=*) st_last_event=${st_last_event:-$state_value} ;;
      last_at=*) st_last_at=${st_last_at:-$state_value} ;;
    esac
  done 2>/dev/null <"$state_now" || :
}

# state_set KEY=VALUE …: replaces these keys, keeps the others. Values are single-line and ours. Non-zero when only memory could take it.
state_set() {
  {
    printf '%s\n' "$@"
    cat "$(state_newest)" 2>/dev/null
  } | awk -F= '!($1 in seen) { seen[$1] = 1; print }' >"$scratch/state"
  state_put "$scratch/state"
}

# Makes file $1 the state.
state_put() {
  if put_file "$state_path" <"$1"; then rm -f "$state_spare_path"; return 0; fi
  put_file "$state_spare_path" <"$1"
  return 1
}

# Remembers how the last pending push ended. $1: id, $2: event.
state_last() { state_set "last_id=$1" "last_event=$2" "last_at=$(clock_s)"; }

# Refuses when the state folder cannot hold a change now; a full disk must show before rules are touched, not after.
require_state_space() {
  [ -d "$state_dir" ] || fail 6 NOT_INSTALLED "$state_dir is missing: install the agent first"
  { head -c 65536 /dev/zero >"$state_dir/space" && sync_paths "$state_dir/space" && rm -f "$state_dir/space"; } 2>/dev/null || { rm -f "$state_dir/space"; fail 7 DISK_FULL "$state_dir cannot be written"; }
}

# Removes what a command left half written that was killed or lost its power, and brings a state that only memory could take to the disk.
# Only with the lock held: then nobody else writes.
clear_leftovers() {
  for leftover in "$state_dir"/*.new "$state_dir"/*.next "$state_dir"/*.old "$state_dir/space"; do
    [ ! -e "$leftover" ] || rm -rf "$leftover"
  done
  if [ -f "$state_spare_path" ]; then state_put "$state_spare_path"; fi
  install_finish || log 'an install that was cut cannot be ended: the disk refuses'
}
