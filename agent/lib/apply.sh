# `apply`: a shell transaction. The undo is set before the first effect; the rollback timer and pending/ are there before the load.
# shellcheck shell=sh disable=SC2154,SC2034

cmd_apply() {
  apply_id='' apply_by='' apply_window_s=''
  while [ $# -gt 0 ]; do
    need_value "$1" $#
    case $1 in
      --id) apply_id=$2 ;;
      --by) apply_by=$(one_line "$2" 200) ;;
      --confirm-within) apply_window_s=$2 ;;
      *) fail 2 USAGE "apply does not know $1" ;;
    esac
    shift 2
  done
  require_apply_arguments
  require_root_and_tools
  make_scratch
  bundle_receive "$scratch/bundle.nft"
  lock_or_fail
  require_nothing_pending
  require_way_back
  require_trusted_bundle "$scratch/bundle.nft"
  require_good_bundle "$scratch/bundle.nft"
  require_state_space
  apply_bundle
  print_status "$apply_hash"
}

require_apply_arguments() {
  case $apply_id in '' | *[!A-Za-z0-9_]*) fail 2 USAGE '--id must be letters, digits and underscores' ;; esac
  [ ${#apply_id} -le 64 ] || fail 2 USAGE '--id is longer than 64 characters'
  case $apply_window_s in '' | *[!0-9]* | 0* | ??????*) fail 2 USAGE '--confirm-within is a number of seconds' ;; esac
  { [ "$apply_window_s" -ge 5 ] && [ "$apply_window_s" -le 3600 ]; } || fail 2 USAGE '--confirm-within must be from 5 to 3600 seconds'
}

# Refuses while another push waits. One whose window is long over, or that is from before a reboot, lost its timer: that one is undone first.
require_nothing_pending() {
  pending_finish_confirmed
  pending_exists || return 0
  pending_is_lost || fail 4 PENDING "another push waits for its confirmation" s:id "$(pending_get id)" s:by "$(pending_get by)" n:secondsLeft "$(pending_seconds_left)"
  restore_rules || fail 1 RESTORE_FAILED 'an earlier push lost its timer and could not be undone'
  end_pending rolled-back-timeout
}

require_way_back() {
  [ ! -f "$confirmed_path" ] || { bundle_judge "$confirmed_path"; [ -n "$b_fault" ] || return 0; }
  mend_pair "$confirmed_path" "$confirmed_copy_path" >/dev/null
  [ -f "$confirmed_path" ] || fail 6 NOTHING_TO_GO_BACK_TO "no confirmed policy: install the agent first"
  bundle_judge "$confirmed_path"
  [ -z "$b_fault" ] || fail 6 NOTHING_TO_GO_BACK_TO "the confirmed policy is broken: $b_fault"
}

apply_bundle() {
  apply_loading=
  undo=undo_apply
  # The timer first: one that finds nothing pending does nothing, but something pending without a timer would bar the next push.
  apply_until_s=$(($(uptime_s) + apply_window_s))
  arm "$apply_id" "$apply_window_s" || abort_apply 6 TIMER_NOT_ARMED "$(head -c 500 "$scratch/arm-error" 2>/dev/null)"
  pending_write "$scratch/bundle.nft" || abort_apply 7 DISK_FULL "$pending_dir cannot be written"
  snapshot_before_swap
  # A process that was stopped for longer than its window must not load behind the back of the rollback.
  [ "$(pending_seconds_left)" -gt 0 ] || abort_apply 1 WINDOW_OVER 'the window ended before the rules were loaded'
  apply_loading=yes
  load_bundle "$scratch/bundle.nft" || abort_apply 1 LOAD_FAILED "$(nft_error)"
  apply_hash=$(kernel_hash)
  [ -n "$apply_hash" ] || abort_apply 1 LOAD_FAILED 'the table cannot be read back'
  # The number too: who kept a bundle that was then rolled back must not be able to load it once more.
  state_running "$scratch/bundle.nft" "$apply_hash" "bundle_seq=$(last_bundle_seq "$scratch/bundle.nft")" || abort_apply 7 DISK_FULL "$state_path cannot be written"
  printf '%s\n' "$apply_hash" | put_file "$pending_dir/kernel-hash" || abort_apply 7 DISK_FULL "$pending_dir cannot be written"
  undo=:
  # state_running has read the bundle last.
  event applied s:push "$apply_id" s:by "$apply_by" s:bundle "$b_hash" n:policy "$b_policy" s:mode "$b_mode" n:secondsLeft "$(pending_seconds_left)"
}

# abort_apply EXIT CODE DETAIL: puts back first, then says what happened and whether that worked.
abort_apply() {
  undo=:
  if undo_apply; then fail "$1" "$2" "$3; put back, nothing has changed"; fi
  fail 1 "$2" "$3; PUTTING BACK FAILED, the armed rollback tries again"
}

# Back to before `apply`. When the former rules do not load, the timer stays armed and tries again.
undo_apply() {
  if [ -n "$apply_loading" ]; then restore_rules || return 1; fi
  disarm "$apply_id"
  if pending_exists; then pending_drop; fi
  rm -rf "$pending_dir.new"
}
