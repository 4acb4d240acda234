# Which policy an install ends with, and the state that goes with it.
#   the host's own agent     what is confirmed stays; an observe bundle becomes the new one
#   --adopt (another's)      what is confirmed, or was left, stays, made out to this host
#   --replace (another's)    the new observe bundle; the former policy is forgotten
#   fresh                    the new observe bundle
# shellcheck shell=sh disable=SC2154,SC2034

# Writes `installing.new`: everything but the rules that a load decides. Non-zero when the disk refuses.
install_stage_state() {
  rm -rf "$installing_dir.new"
  mkdir "$installing_dir.new" 2>/dev/null || return 1
  printf '%s\n' "$install_host" | put_file "$installing_dir.new/host-id" && put_file "$installing_dir.new/signers" <"$scratch/signers" &&
    put_file "$installing_dir.new/observe.nft" <"$scratch/bundle.nft" &&
    printf 'manifest=%s\n' "$(sha256sum <"$slot_staged/MANIFEST" | cut -d ' ' -f 1)" | put_file "$installing_dir.new/state"
}

install_rules() {
  host_id_path=$scratch/host-id
  if [ -n "$install_foreign" ] && [ "$install_take" = adopt ] && install_adopted; then
    :
  elif [ -z "$install_foreign" ] && [ -f "$confirmed_path" ] && [ "$(bundle_header "$confirmed_path" mode)" != observe ] && [ -z "$(bundle_fault "$confirmed_path")" ]; then
    host_id_path=$config_dir/host-id
    install_keep_confirmed
  else
    [ -z "$install_foreign" ] || : >"$installing_dir.new/forget"
    install_new_policy "$scratch/bundle.nft"
  fi
  host_id_path=$config_dir/host-id
}

# Our own confirmed policy: loaded when nothing of ours runs.
install_keep_confirmed() {
  [ -f "$host_id_path" ] || host_id_path=$scratch/host-id
  if table_loaded; then return 0; fi
  install_rules_touched=yes
  restore_rules || abort_install 1 LOAD_FAILED "$(nft_error)"
}

# The former policy under the new id, and the one before it. False when there is none that is whole.
install_adopted() {
  [ -f "$install_former_policy" ] || return 1
  bundle_rehost "$install_former_policy" "$install_host" >"$scratch/adopted.nft"
  [ -z "$(bundle_fault "$scratch/adopted.nft")" ] || return 1
  if [ -z "$install_left" ] && [ -f "$previous_path" ]; then
    bundle_rehost "$previous_path" "$install_host" | put_file "$installing_dir.new/previous.nft" || abort_install 7 FILES_NOT_WRITTEN "$state_dir cannot be written"
  fi
  adopted_hash=$(kernel_hash)
  if [ -z "$install_left" ] && [ -n "$adopted_hash" ] && [ "$adopted_hash" = "$(state_get confirmed_kernel_hash)" ]; then
    install_confirm "$scratch/adopted.nft"
  else
    install_new_policy "$scratch/adopted.nft"
  fi
}

# Loads bundle $1 and makes it the confirmed one of this install.
install_new_policy() {
  install_rules_touched=yes
  load_bundle "$1" || load_bundle_anew "$1" || abort_install 1 LOAD_FAILED "$(nft_error)"
  install_hash=$(kernel_hash)
  [ -n "$install_hash" ] || abort_install 1 LOAD_FAILED 'the table cannot be read back'
  printf '%s\n' "running_bundle=$(bundle_header "$1" hash)" "running_mode=$(bundle_header "$1" mode)" "running_policy=$(bundle_header "$1" policy)" \
    "kernel_hash=$install_hash" "epoch=$state_epoch_next" "running_boot=$boot_id" "confirmed_kernel_hash=$install_hash" "manifest=$(sha256sum <"$slot_staged/MANIFEST" | cut -d ' ' -f 1)" |
    put_file "$installing_dir.new/state" || abort_install 7 FILES_NOT_WRITTEN "$state_dir cannot be written"
  install_confirm "$1"
}

install_confirm() {
  { cat "$installing_dir.new/state"; printf 'confirmed_file=%s\n' "$(file_hash "$1")"; } >"$scratch/install-state"
  { put_file "$installing_dir.new/state" <"$scratch/install-state" && put_file "$installing_dir.new/confirmed.nft" <"$1" && failsafe_bundle "$1" | put_file "$installing_dir.new/failsafe.nft"; } ||
    abort_install 7 FILES_NOT_WRITTEN "$state_dir cannot be written"
}

# Back to what ran: the former confirmed policy, what was left, or the table of our name that was there before us.
undo_install_rules() {
  if [ -z "$install_fresh$install_left" ]; then
    restore_rules || log 'the former rules cannot be loaded'
    return 0
  fi
  nft_ delete table inet firebreak 2>/dev/null
  if [ -n "$install_left" ]; then
    cat "$left_rules_path" "$left_names_path" | nft_ -f - 2>"$scratch/nft-error" || log "the rules that were left cannot be loaded: $(nft_error)"
  else
    before_restore_table || log "the table that was here cannot be loaded: $(nft_error)"
  fi
}
