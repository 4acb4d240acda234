# `boot`: for the boot unit, before the network comes up.
# shellcheck shell=sh disable=SC2154,SC2034

cmd_boot() {
  [ $# -eq 0 ] || fail 2 USAGE 'boot takes no arguments'
  require_root_and_tools
  make_scratch
  if lock_try 20; then clear_leftovers; else log 'boot goes on without the lock'; fi
  pending_finish_confirmed
  boot_mended=$(mend_copies)
  drift_begin
  if boot_is_done; then
    json_object n:v 1 s:loaded kept
    return 0
  fi
  restore_rules || fail 1 RESTORE_FAILED 'none of confirmed, previous and failsafe loads: this host is open'
  # In the boot that these rules were loaded in, something flushed or changed them: nftables.service, which our units follow.
  if [ -n "$drift_same_boot" ]; then drift_end nftables.service inferred; fi
  if [ -n "$boot_mended" ]; then
    event tampered s:what agent-file s:difference "${boot_mended# }"
    if copies_are_mended; then event restored s:what agent-file s:from 'second copies'; fi
  fi
  end_pending rolled-back-boot
  # Who flushes while this runs asks systemd for a unit that is already running, and gets no second run.
  table_loaded || restore_rules || fail 1 RESTORE_FAILED 'flushed while the rules were loaded, and nothing loads any more'
  json_object n:v 1 s:loaded "$restored_from"
}

# Two units call this at each boot, so that the loss of either does not leave the host open: the second one finds that nothing is left to do.
# A push that was loaded in this boot, still runs and has its timer is left to it: verify may start the boot unit just before one.
boot_is_done() {
  [ -z "$boot_mended" ] && [ -n "$drift_hash" ] && [ "$(state_get running_boot)" = "$boot_id" ] && [ "$drift_hash" = "$(state_get kernel_hash)" ] && { ! pending_exists || { [ -f "$pending_dir/kernel-hash" ] && ! pending_is_lost; }; }
}
