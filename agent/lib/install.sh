# `install`: run from the folder that the console unpacked. Idempotent; on failure what it added goes again.
# shellcheck shell=sh disable=SC2154,SC2034

cmd_install() {
  install_host='' install_bundle='' install_replace=
  while [ $# -gt 0 ]; do
    case $1 in
      --host-id) need_value "$1" $#; install_host=$2; shift ;;
      --bundle) need_value "$1" $#; install_bundle=$2; shift ;;
      --replace) install_replace=yes ;;
      *) fail 2 USAGE "install does not know $1" ;;
    esac
    shift
  done
  printf '%s\n' "$install_host" | grep -qx 'h_[0-9a-z]\{12\}' || fail 2 USAGE '--host-id is missing or not an id'
  require_root_and_tools
  make_scratch
  if [ -n "$install_bundle" ]; then
    [ -r "$install_bundle" ] || fail 2 USAGE "cannot read $install_bundle"
    bundle_receive "$scratch/bundle.nft" <"$install_bundle"
  else
    bundle_receive "$scratch/bundle.nft"
  fi
  require_manifest "$home_dir"
  lock_or_fail
  require_installable
  install_all
  units_mark_booted
  print_status
}

# Everything that can be refused is refused before the first effect.
require_installable() {
  pending_finish_confirmed
  pending_exists && fail 4 PENDING 'a push waits for its confirmation' s:id "$(pending_get id)" s:by "$(pending_get by)"
  install_former_host=$(cat "$host_id_path" 2>/dev/null)
  if [ -n "$install_former_host" ] && [ "$install_former_host" != "$install_host" ] && [ -z "$install_replace" ]; then
    fail 3 OTHER_CONSOLE "this host is already $install_former_host of another workspace: uninstall it there, or install with --replace"
  fi
  host_id_path=$scratch/host-id
  printf '%s\n' "$install_host" >"$host_id_path"
  require_good_bundle "$scratch/bundle.nft"
  [ "$(bundle_header "$scratch/bundle.nft" mode)" = observe ] || fail 3 BUNDLE_REFUSED 'an agent is installed with an observe bundle'
  host_id_path=$config_dir/host-id
}

install_all() {
  install_fresh=
  if [ -z "$install_former_host" ] && [ ! -f "$confirmed_path" ]; then install_fresh=yes; fi
  install_had_table=
  if table_loaded; then install_had_table=yes; fi
  undo=undo_install
  files_install "$home_dir" || abort_install 7 FILES_NOT_WRITTEN "the program could not be written to $program_dir"
  if [ "$install_former_host" != "$install_host" ]; then rm -f "$confirmed_path" "$previous_path" "$failsafe_path"; fi
  printf '%s\n' "$install_host" | put_file "$host_id_path" || abort_install 7 FILES_NOT_WRITTEN "$host_id_path cannot be written"
  put_file "$observe_path" <"$scratch/bundle.nft" || abort_install 7 FILES_NOT_WRITTEN "$observe_path cannot be written"
  install_rules
  units_install || abort_install 1 UNITS_NOT_INSTALLED "$(head -c 500 "$scratch/unit-error" 2>/dev/null)"
  undo=:
  log "agent $agent_version installed as $install_host"
}

# A confirmed policy is kept, and loaded when nothing of ours runs; without one, or when the confirmed one is itself an observe bundle, the new observe bundle becomes it.
install_rules() {
  if [ -f "$confirmed_path" ] && [ "$(bundle_header "$confirmed_path" mode)" != observe ] && [ -z "$(bundle_fault "$confirmed_path")" ]; then
    if table_loaded; then return 0; fi
    restore_rules || abort_install 1 LOAD_FAILED "$(nft_error)"
    return 0
  fi
  load_bundle "$scratch/bundle.nft" || load_bundle_anew "$scratch/bundle.nft" || abort_install 1 LOAD_FAILED "$(nft_error)"
  install_hash=$(kernel_hash)
  if ! put_file "$confirmed_path" <"$scratch/bundle.nft" || ! failsafe_bundle "$confirmed_path" | put_file "$failsafe_path" ||
    ! state_running "$confirmed_path" "$install_hash" || ! state_set "confirmed_kernel_hash=$install_hash"; then
    abort_install 7 FILES_NOT_WRITTEN "$state_dir cannot be written"
  fi
}

abort_install() {
  undo=:
  undo_install
  fail "$1" "$2" "$3"
}

# A fresh install leaves nothing; a failed upgrade leaves the former rules and state, and files that MANIFEST names in their old or new form.
undo_install() {
  [ -n "$install_fresh" ] || { restore_rules; return 0; }
  units_remove
  [ -n "$install_had_table" ] || nft_ delete table inet firebreak 2>/dev/null
  files_remove
}
