# `confirm`: makes what was proved permanent.
# shellcheck shell=sh disable=SC2154,SC2034

cmd_confirm() {
  [ $# -eq 1 ] || fail 2 USAGE 'confirm ID'
  confirm_id=$1
  require_root_and_tools
  make_scratch
  lock_or_fail
  pending_finish_confirmed
  require_confirmable
  confirm_pending
  print_status "$confirm_hash"
}

# Only the push that waits, only within its window, and only when the kernel still runs what was loaded.
require_confirmable() {
  pending_exists || fail 5 NOT_PENDING "nothing waits for a confirmation; last: $(state_get last_id) $(state_get last_event)"
  [ "$(pending_get id)" = "$confirm_id" ] || fail 5 NOT_PENDING "another push waits" s:id "$(pending_get id)" s:by "$(pending_get by)"
  { [ "$(pending_get boot_id)" = "$boot_id" ] && [ "$(pending_seconds_left)" -gt 0 ]; } || fail 5 NOT_PENDING 'its window is over; the host goes back to its former rules'
  [ -f "$pending_dir/kernel-hash" ] || fail 5 NOT_PENDING 'its rules were not loaded completely; the host goes back by itself'
  confirm_hash=$(kernel_hash)
  [ "$confirm_hash" = "$(cat "$pending_dir/kernel-hash")" ] || fail 3 KERNEL_CHANGED 'the rules in the kernel are not those that were loaded; the host goes back by itself'
}

# previous.nft first, then the one rename that decides. Whatever is cut after it, pending_finish_confirmed ends.
confirm_pending() {
  if [ -f "$confirmed_path" ]; then put_file "$previous_path" <"$confirmed_path" || fail 7 DISK_FULL "$previous_path cannot be written"; fi
  confirmed_begin "$pending_dir/bundle.nft" || fail 7 DISK_FULL "$state_path cannot be written"
  mv -f "$pending_dir/bundle.nft" "$confirmed_path" || fail 7 DISK_FULL "$confirmed_path cannot be written"
  sync_paths "$state_dir" "$pending_dir"
  pending_finish_confirmed
}
