# `uninstall`: table, timers, units, files, state. Nothing is left, not even the lock.
# shellcheck shell=sh disable=SC2154,SC2034

cmd_uninstall() {
  [ $# -eq 0 ] || fail 2 USAGE 'uninstall takes no arguments'
  require_root_and_tools
  make_scratch
  lock_or_fail
  if pending_exists; then disarm "$(pending_get id)"; fi
  units_remove
  if table_loaded; then
    nft_ delete table inet firebreak 2>"$scratch/nft-error" || fail 1 TABLE_NOT_REMOVED "$(nft_error)"
  fi
  log 'agent uninstalled'
  json_object n:v 1 b:uninstalled true
  files_remove
  rm -rf "$run_dir"
}
