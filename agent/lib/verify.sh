# `verify`: finds rules, agent files and units that are not as they were confirmed and installed, puts them right, and says so.
# Run by its timer, after nftables.service has started, after each snapshot, and by the console.
# shellcheck shell=sh disable=SC2154,SC2034

cmd_verify() {
  [ $# -eq 0 ] || fail 2 USAGE 'verify takes no arguments'
  require_root_and_tools
  make_scratch
  { [ -d "$state_dir" ] || [ -d "$config_dir" ]; } || fail 6 NOT_INSTALLED "$config_dir and $state_dir are missing: install the agent again"
  verify_found='' verify_unrepaired='' verify_pending=''
  # Whoever holds the lock is about to load or to put right; the next run looks again.
  if lock_try 5; then
    if [ -d "$state_dir" ]; then clear_leftovers; fi
    pending_finish_confirmed
    verify_copies
    verify_files
    verify_units
    verify_rules
    verify_fills
    cgroups_remember
    clock_s >"$verified_path"
  else
    verify_pending=true
  fi
  json_object n:v 1 s:found "${verify_found# }" s:unrepaired "${verify_unrepaired# }" b:skipped "$verify_pending"
}

# While a push waits, the rules are its own and its timer's business, unless that was lost.
verify_rules() {
  if pending_exists; then
    if ! pending_is_lost; then verify_pending=true; return 0; fi
    verify_found="$verify_found pending"
    restore_rules || { verify_unrepaired="$verify_unrepaired pending"; return 0; }
    end_pending rolled-back-timeout
    return 0
  fi
  drift_begin
  # Read once more before anybody is blamed: on a host under load a listing can end by its time limit, half printed. What was changed stays so.
  if [ "$drift_hash" != "$(state_get kernel_hash)" ]; then drift_begin; fi
  if [ -n "$drift_hash" ] && [ "$drift_hash" = "$(state_get kernel_hash)" ]; then verify_rung; return 0; fi
  verify_found="$verify_found rules"
  find_suspect
  if [ -n "$drift_hash" ]; then snapshot_before_swap; fi
  if restore_rules; then
    drift_end "$suspect" "$suspect_confidence"
  else
    event tampered s:what rules s:difference 'nothing of ours loads any more' s:process "$suspect" s:confidence "$suspect_confidence"
    verify_unrepaired="$verify_unrepaired rules"
  fi
}

# Another rung than the confirmed policy, loaded when that did not load for a moment (an nft that hung), must not stay. Nobody tampered.
verify_rung() {
  if [ "$(state_get running_bundle)" = "$(bundle_header "$confirmed_path" hash 2>/dev/null)" ] || ! copy_sound "$confirmed_path"; then return 0; fi
  verify_found="$verify_found rules"
  # Asked first, so that one that still does not load leaves alone what runs.
  if { nft_ -c -f "$confirmed_path" >"$scratch/nft-error" 2>&1 || restore_anew_check "$confirmed_path"; } && restore_rules && [ "$(state_get running_bundle)" = "$(bundle_header "$confirmed_path" hash)" ]; then
    event restored s:what rules s:from "$restored_from" s:bundle "$(state_get running_bundle)"
  else
    log "the confirmed policy does not load: $(nft_error)"
    verify_unrepaired="$verify_unrepaired rules"
  fi
}

# What the host fills, and the drop-ins by which units tell that they started: neither is in the kernel's hash.
verify_fills() {
  grep -q '^# fill [ugc]_' "$(running_path)" 2>/dev/null || return 0
  if ! table_loaded || [ "$(bundle_header "$(running_path)" hash 2>/dev/null)" != "$(state_get running_bundle)" ]; then return 0; fi
  if ! dropins_add "$(running_path)"; then
    log "$(nft_error)"
    verify_found="$verify_found units" verify_unrepaired="$verify_unrepaired units"
  elif [ -n "$dropins_changed" ]; then
    verify_found="$verify_found units"
    event unit-repaired s:units "${dropins_changed# }"
  fi
  refill_sets
}

# What the rules after a reboot depend on, against its second copies.
verify_copies() {
  mend_copies >"$scratch/mended"
  verify_mended=$(sed 's/^ //; s/ /; /g' "$scratch/mended")
  [ -n "$verify_mended" ] || return 0
  verify_found="$verify_found agent-file"
  event tampered s:what agent-file s:difference "$verify_mended"
  if copies_are_mended; then
    event restored s:what agent-file s:from 'second copies'
  else
    log 'a policy file or the pinned key has no copy that is proved sound: push again, or install the agent again'
    verify_unrepaired="$verify_unrepaired agent-file"
  fi
}

# The program against MANIFEST, and MANIFEST against what was remembered at the install.
verify_files() {
  verify_manifest=$(state_get manifest)
  if program_is_sound "$program_dir" && [ "$(readlink "$program_link")" = "$program_dir/firebreak-agent" ] && [ -x "$program_dir/firebreak-agent" ] && [ -n "$(slot_used)" ]; then
    # Whoever waited here while another verify mended the program began in the folder that goes now.
    lib_dir=$program_dir/lib
    verify_spare
    return 0
  fi
  verify_found="$verify_found agent-file"
  # What was damaged may be what tells of it.
  verify_spare_sound=''
  if program_is_sound "$spare_dir"; then verify_spare_sound=true lib_dir=$spare_dir/lib; fi
  event tampered s:what agent-file s:difference "$(damaged_files)"
  if [ -n "$verify_spare_sound" ] && mend_program; then
    lib_dir=$program_dir/lib
    event restored s:what agent-file s:from "$spare_dir"
  else
    log 'the agent has no sound copy to mend itself from: install it again'
    verify_unrepaired="$verify_unrepaired agent-file"
  fi
}

# An install that was cut after it put the new program in use has not come to the second copy. The folder of the former program goes
# now: whoever still ran it when the new one came has long ended.
verify_spare() {
  if ! cmp -s "$program_dir/MANIFEST" "$spare_dir/MANIFEST" || ! files_sound "$spare_dir"; then
    spare_put "$program_dir" || log 'the second copy of the agent cannot be written'
  fi
  rm -rf "$(slot_free)" "$program_dir".[ab].new
}

# Whether folder $1 holds the program as it was installed.
program_is_sound() {
  [ -f "$1/MANIFEST" ] || return 1
  # Without ssh-keygen the remembered hash must do: a package that was removed is no tampering.
  if [ -s "$signers_path" ] && command -v ssh-keygen >/dev/null 2>&1; then
    manifest_is_signed "$1" "$signers_path" || return 1
  elif [ -n "$verify_manifest" ]; then
    [ "$(sha256sum <"$1/MANIFEST" | cut -d ' ' -f 1)" = "$verify_manifest" ] || return 1
  fi
  files_sound "$1"
}

# Names of the files that differ, by the spare's MANIFEST, at most 600 bytes.
damaged_files() {
  verify_list=$spare_dir/MANIFEST
  [ -f "$verify_list" ] || verify_list=$program_dir/MANIFEST
  cmp -s "$program_dir/MANIFEST" "$verify_list" || printf 'MANIFEST; '
  cmp -s "$program_dir/MANIFEST.sig" "$spare_dir/MANIFEST.sig" || [ ! -f "$spare_dir/MANIFEST.sig" ] || printf 'MANIFEST.sig; '
  (cd "$program_dir" && sha256sum -c "$verify_list" 2>/dev/null) | sed -n 's/: FAILED.*/;/p' | head -c 600 | tr '\n' ' '
  [ -x "$program_dir/firebreak-agent" ] || printf 'firebreak-agent is not executable; '
  [ "$(readlink "$program_link")" = "$program_dir/firebreak-agent" ] || printf '%s; ' "$program_link"
}

mend_program() { program_put "$spare_dir" && program_is_sound "$program_dir"; }

# Unit files, their links, and that the timers run and the boot unit has run.
verify_units() {
  has_systemd || return 0
  verify_bad_units=$(bad_units)
  [ -n "$verify_bad_units" ] || return 0
  verify_found="$verify_found units"
  if units_install && [ -z "$(damaged_units)" ]; then
    # Not waited for: it needs the lock. Not while a push waits: a boot ends that; the next run finds that it was not started.
    pending_exists || systemctl --no-block start firebreak-boot.service
    event unit-repaired s:units "$verify_bad_units"
  else
    event tampered s:what units s:difference "$verify_bad_units"
    verify_unrepaired="$verify_unrepaired units"
  fi
}

bad_units() {
  damaged_units
  systemctl show -p Id -p ActiveState firebreak-boot.service firebreak-collect.timer firebreak-verify.timer 2>/dev/null |
    awk -F= '$1 == "Id" { id = $2 } $1 == "ActiveState" { state = $2 } id != "" && state != "" { if (state != "active" && state != "activating" && state != "reloading") print id " is " state; id = state = "" }' | tr '\n' ';'
}

# A masked unit is a link to /dev/null: it differs too.
damaged_units() {
  for unit in $unit_names; do cmp -s "$unit_dir/$unit" "$program_dir/units/$unit" || printf '%s;' "$unit"; done
  for link in $unit_links; do [ -e "$unit_dir/$link" ] || printf '%s;' "$link"; done
}
