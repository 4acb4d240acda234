# `install`: run from the folder that the console unpacked. Idempotent, and also the upgrade and the downgrade. On failure, and cut anywhere, the host has
# the former agent or the new one, whole, and the rules that it had.
# shellcheck shell=sh disable=SC2154,SC2034

cmd_install() {
  install_host='' install_bundle='' install_signer='' install_take='' install_downgrade=''
  while [ $# -gt 0 ]; do
    case $1 in
      --host-id) need_value "$1" $#; install_host=$2; shift ;;
      --bundle) need_value "$1" $#; install_bundle=$2; shift ;;
      --signer) need_value "$1" $#; install_signer=$2; shift ;;
      --adopt | --replace) [ -z "$install_take" ] || fail 2 USAGE '--adopt keeps the rules and --replace drops them: give one'; install_take=${1#--} ;;
      --allow-downgrade) install_downgrade=yes ;;
      # lib/backend.sh has looked at it.
      --backend) need_value "$1" $#; [ "$2" = iptables ] || fail 2 USAGE '--backend is iptables, or left out'; shift ;;
      *) fail 2 USAGE "install does not know $1" ;;
    esac
    shift
  done
  printf '%s\n' "$install_host" | grep -qx 'h_[0-9a-z]\{12\}' || fail 2 USAGE '--host-id is missing or not an id'
  if [ -n "$install_signer" ]; then
    printf '%s\n' "$install_signer" | grep -qx 'ssh-ed25519 [A-Za-z0-9+/=]\{68\}' || fail 2 USAGE '--signer is not an Ed25519 public key'
  fi
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
  install_look
  require_signer
  require_installable
  require_no_downgrade
  install_all
  units_mark_booted
  print_status
}

# What is there: whose it is, and what it confirmed. A lost host id is read from what is confirmed.
install_look() {
  install_former_host=$(known_host_id)
  install_former_policy=$confirmed_path
  install_left=
  if [ -z "$install_former_host" ] && [ -f "$left_rules_path" ]; then
    install_left=yes install_former_policy=$left_rules_path
    install_former_host=$(bundle_header "$left_rules_path" host)
  fi
  install_foreign=
  if [ -n "$install_left" ] || { [ -n "$install_former_host" ] && [ "$install_former_host" != "$install_host" ]; }; then install_foreign=yes; fi
  install_fresh=
  if [ -z "$install_former_host" ] && [ ! -f "$confirmed_path" ]; then install_fresh=yes; fi
}

# The key that holds from now on goes to $scratch/signers: the one that the console names, else the one that is pinned. Another than the
# pinned one is taken only when that is asked for, and makes the host another's, as another id does.
require_signer() {
  install_pinned=$signers_path
  [ -s "$install_pinned" ] || install_pinned=$signers_copy_path
  if [ -n "$install_signer" ]; then signer_line "$install_signer"; else cat "$install_pinned" 2>/dev/null; fi >"$scratch/signers"
  if [ -s "$install_pinned" ] && ! cmp -s "$install_pinned" "$scratch/signers"; then
    [ -n "$install_take" ] || fail 3 OTHER_KEY 'this host takes bundles that are signed with another key'
    install_foreign=yes
  fi
  require_signed_manifest "$home_dir" "$scratch/signers"
  require_signed_bundle "$scratch/bundle.nft" "$scratch/signers"
}

# Everything that can be refused is refused before the first effect.
require_installable() {
  pending_finish_confirmed
  pending_exists && fail 4 PENDING 'a push waits for its confirmation' s:id "$(pending_get id)" s:by "$(pending_get by)"
  if [ -n "$install_foreign" ] && [ -z "$install_take" ]; then
    [ -z "$install_left" ] || fail 3 RULES_LEFT "the rules of $install_former_host were left here when its agent was removed: --adopt keeps them, --replace drops them"
    fail 3 OTHER_CONSOLE "this host is already $install_former_host of another workspace: uninstall it there, or install with --adopt (rules stay) or --replace"
  fi
  host_id_path=$scratch/host-id
  printf '%s\n' "$install_host" >"$host_id_path"
  require_good_bundle "$scratch/bundle.nft"
  [ "$(bundle_header "$scratch/bundle.nft" mode)" = observe ] || fail 3 BUNDLE_REFUSED 'an agent is installed with an observe bundle'
  host_id_path=$config_dir/host-id
}

require_no_downgrade() {
  install_former_version=$(cat "$program_dir/VERSION" 2>/dev/null)
  [ -n "$install_former_version" ] && [ -z "$install_downgrade" ] || return 0
  if version_below "$agent_version" "$install_former_version"; then
    fail 3 DOWNGRADE_REFUSED "agent $install_former_version is here, and $agent_version is older: --allow-downgrade if that is meant" s:installed "$install_former_version"
  fi
}

# Whether version $1 is older than $2: numbers between dots, three of them.
version_below() { awk -v a="$1" -v b="$2" 'BEGIN { split(a, x, "."); split(b, y, "."); for (i = 1; i <= 3; i++) if (x[i] + 0 != y[i] + 0) exit !(x[i] + 0 < y[i] + 0); exit 1 }'; }

# The order is the undo's: what comes before install_finish can be taken back, and after it only goes forward.
install_all() {
  install_rules_touched='' install_units_touched='' slot_staged=''
  slot_migrate || fail 7 FILES_NOT_WRITTEN "$program_dir cannot be changed"
  install_former_slot=$(slot_used)
  undo=undo_install
  if [ -n "$install_fresh" ]; then before_record || abort_install 7 FILES_NOT_WRITTEN "$state_dir cannot be written"; fi
  { mkdir -p "$config_dir" "$state_dir" "$spool_dir" 2>/dev/null && chmod 700 "$config_dir" "$state_dir" "$spool_dir"; } || abort_install 7 FILES_NOT_WRITTEN "$state_dir cannot be made"
  slot_stage "$home_dir" || abort_install 7 FILES_NOT_WRITTEN "the program could not be written to $program_dir"
  install_check_staged
  slot_use "$slot_staged" || abort_install 7 FILES_NOT_WRITTEN "$program_dir cannot be changed"
  install_check_used
  install_stage_state || abort_install 7 FILES_NOT_WRITTEN "$state_dir cannot be written"
  copy_program "$slot_staged" "$spare_dir.next" || abort_install 7 FILES_NOT_WRITTEN "$spare_dir cannot be written"
  install_rules
  install_units_touched=yes
  units_install || abort_install 1 UNITS_NOT_INSTALLED "$(head -c 500 "$scratch/unit-error" 2>/dev/null)"
  { mv "$installing_dir.new" "$installing_dir" && sync_paths "$state_dir"; } || abort_install 7 FILES_NOT_WRITTEN "$state_dir cannot be written"
  undo=:
  install_finish || fail 7 FILES_NOT_WRITTEN "$state_dir or $config_dir cannot be written; the next command of the agent ends the install"
  rm -rf "$spare_dir" && mv "$spare_dir.next" "$spare_dir" && sync_paths "$state_dir"
  log "agent $agent_version installed as $install_host"
}

# The new program must be able to do its work here before it is put in use; on a fresh host there is nothing yet to try it on.
install_check_staged() {
  [ -f "$host_id_path" ] && [ -f "$confirmed_path" ] || return 0
  sh "$slot_staged/firebreak-agent" self-check >"$scratch/self-check" 2>&1 9>&- ||
    abort_install 1 SELF_CHECK_FAILED "agent $agent_version fails its own check on this host: $(sed -n 's/^firebreak-agent: //p' "$scratch/self-check" | head -c 800)"
}

# In use it must run by its path, by itself and under systemd (a /usr/local without exec, a security module).
install_check_used() {
  { "$program_link" status >"$scratch/used" 2>&1 9>&- && grep -qF "\"agentVersion\":\"$agent_version\"" "$scratch/used"; } ||
    abort_install 1 SELF_CHECK_FAILED "$program_link does not run: $(head -c 400 "$scratch/used")"
  has_systemd || return 0
  timeout 60 systemd-run --quiet --collect --unit="firebreak-self-check-$$" --property=Type=oneshot --property=StandardOutput=null --property=SyslogIdentifier=firebreak "$program_dir/firebreak-agent" status </dev/null >"$scratch/used" 2>&1 9>&- ||
    abort_install 1 SELF_CHECK_FAILED "systemd cannot run $program_dir/firebreak-agent: $(head -c 400 "$scratch/used")"
}

abort_install() {
  undo=:
  undo_install
  fail "$1" "$2" "$3"
}

# Where there was no agent, nothing of this one stays; else the former program, units, state and rules do.
undo_install() {
  host_id_path=$config_dir/host-id
  if [ -n "$install_fresh$install_left" ]; then
    before_remember
    units_remove
    if [ -n "$install_rules_touched" ]; then undo_install_rules; fi
    files_remove
    before_remove_folders
    return 0
  fi
  rm -rf "$installing_dir.new" "$spare_dir.next"
  if [ -n "$install_former_slot" ] && [ -n "$slot_staged" ]; then slot_use "$install_former_slot" && rm -rf "$slot_staged"; fi
  if [ -n "$install_units_touched" ]; then units_install; fi
  if [ -n "$install_rules_touched" ]; then undo_install_rules; fi
}
