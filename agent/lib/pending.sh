# The push that waits for its confirmation: pending/bundle.nft, pending/meta and, once loaded, pending/kernel-hash.
# The folder appears whole by one rename. Moving bundle.nft to confirmed.nft is the point of no return of a confirmation.
# shellcheck shell=sh disable=SC2154,SC2034

pending_exists() { [ -d "$pending_dir" ]; }

# Value of $1 (id, by, bundle, window_s, until_uptime_s, boot_id) of the pending push.
pending_get() {
  while IFS= read -r pending_line; do
    case $pending_line in "$1="*) printf '%s\n' "${pending_line#*=}"; return 0 ;; esac
  done 2>/dev/null <"$pending_dir/meta" || :
}

# Sets until_uptime_s to the end of the window, 0 where the file has no number: shells end at arithmetic with anything else.
pending_until() {
  until_uptime_s=$(pending_get until_uptime_s)
  case $until_uptime_s in '' | *[!0-9]* | 0?* | ????????????????*) until_uptime_s=0 ;; esac
}

# Seconds left in the window, by a clock that nobody can set; 0 when it is over.
pending_seconds_left() {
  pending_until
  left_s=$((until_uptime_s - $(uptime_s)))
  [ "$left_s" -gt 0 ] && echo "$left_s" || echo 0
}

# Whether the timer of the pending push was lost: its window is long over, or it is from before a reboot.
pending_is_lost() {
  pending_until
  [ "$(pending_get boot_id)" != "$boot_id" ] || [ "$((until_uptime_s + 30))" -le "$(uptime_s)" ]
}

# Writes the pending folder from bundle $1 and the arguments of `apply`. Synced before it returns; non-zero when the disk refuses.
pending_write() {
  [ ! -e "$pending_dir.new" ] || rm -rf "$pending_dir.new"
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
  [ ! -e "$pending_dir.old" ] || rm -rf "$pending_dir.old"
  mv "$pending_dir" "$pending_dir.old" && sync_paths "$state_dir"
  rm -rf "$pending_dir.old"
}

# Ends a confirmation that was cut between its point of no return and its end. True when there was one: a bundle that is merely gone was
# never confirmed, and its timer must go on.
pending_finish_confirmed() {
  { pending_exists && [ ! -f "$pending_dir/bundle.nft" ]; } || return 1
  bundle_read "$confirmed_path"
  [ "$b_hash" = "$(pending_get bundle)" ] || return 1
  confirmed_id=$(pending_get id)
  state_set "confirmed_kernel_hash=$(cat "$pending_dir/kernel-hash" 2>/dev/null)" "bundle_seq=$(last_bundle_seq)" "confirmed_file=$(file_hash "$confirmed_path")" \
    "last_id=$confirmed_id" last_event=confirmed "last_at=$(clock_s)"
  keep_copies || log 'the copies of the confirmed policy cannot be written'
  event confirmed s:push "$confirmed_id" s:by "$(pending_get by)" s:bundle "$b_hash" n:policy "$b_policy" s:mode "$b_mode"
  pending_drop
  disarm "$confirmed_id"
}

# Ends the pending push, if there is one, after the former rules run again. $1: the event to remember.
end_pending() {
  ended_id=none
  if pending_exists; then ended_id=$(pending_get id); elif [ "$1" = rolled-back-boot ]; then return 0; fi
  log "push $ended_id: $1"
  state_last "$ended_id" "$1" || log 'the state folder cannot be written'
  event rolled-back s:push "$ended_id" s:because "${1#rolled-back-}" s:bundle "$(state_get running_bundle)"
  pending_exists || return 0
  pending_drop
  disarm "$ended_id"
}
