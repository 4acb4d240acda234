# The undo: back to the last good rules, verified by reading back.
# shellcheck shell=sh disable=SC2154,SC2034

# Loads the first of confirmed, its copy, previous and failsafe that loads, and records what runs. True when rules of ours run afterwards;
# `restored_from` says which file. Never needs the disk: a state that cannot be written is logged and does not stop the load.
restore_rules() {
  for rung in $(confirmed_rungs) "$previous_path" "$failsafe_path"; do
    [ -f "$rung" ] || continue
    rung_fault=$(bundle_fault "$rung")
    if [ -n "$rung_fault" ]; then log "skips ${rung##*/}: $rung_fault"; continue; fi
    if restore_from "$rung"; then
      restored_from=${rung##*/}
      [ "$rung" != "$confirmed_copy_path" ] || restored_from=$rung
      log "runs ${rung##*/} (policy $(bundle_header "$rung" policy), mode $(bundle_header "$rung" mode))"
      return 0
    fi
    log "cannot load ${rung##*/}: $(nft_error)"
  done
  return 1
}

# Loads $1; for the confirmed policy the result must be what ran when it was confirmed, else the table is made anew.
restore_from() {
  nft_ -c -f "$1" >"$scratch/nft-error" 2>&1 || restore_anew_check "$1" || return 1
  load_bundle "$1" || load_bundle_anew "$1" || return 1
  restored_hash=$(kernel_hash)
  wanted_hash=
  if is_confirmed "$1"; then wanted_hash=$(state_get confirmed_kernel_hash); fi
  if [ -n "$wanted_hash" ] && [ "$restored_hash" != "$wanted_hash" ] && [ "$(state_get running_boot)" = "$boot_id" ]; then
    log "the table differs from what was confirmed; makes it anew"
    load_bundle_anew "$1" || return 1
    restored_hash=$(kernel_hash)
  fi
  state_running "$1" "$restored_hash" || log 'the state folder cannot be written'
  if is_confirmed "$1"; then state_set "confirmed_kernel_hash=$restored_hash" "$(confirmed_file_known "$1")" || :; fi
}

is_confirmed() { [ "$1" = "$confirmed_path" ] || [ "$1" = "$confirmed_copy_path" ]; }

# A table that somebody changed can refuse a good bundle (a set of ours with another type): tries it with the table gone.
restore_anew_check() {
  { printf 'table %s\ndelete table %s\n' "inet firebreak" "inet firebreak"; cat "$1"; } >"$scratch/anew"
  nft_ -c -f "$scratch/anew" >"$scratch/nft-error" 2>&1
}
