# The push that waits for its confirmation: pending/bundle.nft, pending/meta and, once loaded, pending/kernel-hash.
# The folder appears whole by one rename. Moving bundle.nft to confirmed.nft is the point of no return of a confirmation.
# shellcheck shell=sh disable=SC2154,SC2034

pending_exists() { [ -d "$pending_dir" ]; }

# Value of $1 (id, by, bundle, window_s, until_uptime_s, boot_id) of the pending push.
pending_get() { sed -n "s/^$1=//p" "$pending_dir/meta" 2>/dev/null | head -n 1; }

# Seconds left in the window, by a clock that nobody can set; 0 when it is over.
pending_seconds_left() {
  until_uptime_s=$(pending_get until_uptime_s)
  left_s=$((${until_uptime_s:-0} - $(uptime_s)))
  [ "$left_s" -gt 0 ] && echo "$left_s" || echo 0
}

# Writes the pending folder from bundle $1 and the arguments of `apply`. Synced before it returns; non-zero when the disk refuses.
pending_write() {
  rm -rf "$pending_dir.new"
  mkdir "$pending_dir.new" 2>/dev/null || return 1
  if cat "$1" >"$pending_dir.new/bundle.nft" 2>/dev/null && pending_meta "$1" >"$pending_dir.new/meta" 2>/dev/null &&
    sync_paths "$pending_dir.new/bundle.nft" "$pending_dir.new/meta" "$pending_dir.new" && cmp -s "$1" "$pending_dir.new/bundle.nft" &&
    mv "$pending_dir.new" "$pending_dir" && sync_paths "$state_dir"; then return 0; fi
  rm -rf "$pending_dir.new"
  return 1
}

pending_meta() {
  printf 'id=%s\nby=%s\nbundle=%s\nwindow_s=%s\nuntil_uptime_s=%s\nboot_id=%s\n' \
    "$apply_id" "$apply_by" "$(bundle_header "$1" hash)" "$apply_window_s" "$apply_until_s" "$boot_id"
}

# Removes the pending folder by one rename, so that half of it is never read.
pending_drop() {
  rm -rf "$pending_dir.old"
  mv "$pending_dir" "$pending_dir.old" && sync_paths "$state_dir"
  rm -rf "$pending_dir.old"
}

# Ends a confirmation that was cut between its point of no return and its end. True when there was one.
pending_finish_confirmed() {
  { pending_exists && [ ! -f "$pending_dir/bundle.nft" ]; } || return 1
  confirmed_id=$(pending_get id)
  state_set "confirmed_kernel_hash=$(cat "$pending_dir/kernel-hash" 2>/dev/null)"
  state_last "$confirmed_id" confirmed
  failsafe_bundle "$confirmed_path" | put_file "$failsafe_path"
  pending_drop
  disarm "$confirmed_id"
}

# Ends the pending push, if there is one, after the former rules run again. $1: the event to remember.
end_pending() {
  pending_exists || { [ "$1" = rolled-back-boot ] || state_last none "$1"; return 0; }
  ended_id=$(pending_get id)
  log "push $ended_id: $1"
  state_last "$ended_id" "$1" || log 'the state folder cannot be written'
  pending_drop
  disarm "$ended_id"
}
