# `boot`: for the boot unit, before the network comes up.
# shellcheck shell=sh disable=SC2154,SC2034

cmd_boot() {
  [ $# -eq 0 ] || fail 2 USAGE 'boot takes no arguments'
  require_root_and_tools
  make_scratch
  if lock_try 20; then clear_leftovers; else log 'boot goes on without the lock'; fi
  pending_finish_confirmed
  restore_rules || fail 1 RESTORE_FAILED 'none of confirmed, previous and failsafe loads: this host is open'
  end_pending rolled-back-boot
  json_object n:v 1 s:loaded "$restored_from"
}
