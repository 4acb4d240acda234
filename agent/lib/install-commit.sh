# What an install changes in the state, made whole by one rename: `installing/` is finished by whatever command comes next, so that a host is
# never found with the id of one workspace and the policy of another.
# shellcheck shell=sh disable=SC2154,SC2034

installing_dir=$state_dir/installing

# Prints bundle $1 as made for host $2. Its signature would not hold any more and goes; its text, its hash and its number stay.
bundle_rehost() { bundle_unsigned "$1" | awk -v host="$2" '!body && /^# host / { print "# host " host; next } /^# hash / { body = 1 } { print }'; }

# Ends an install that was cut after its rename. Each step can be done twice.
install_finish() {
  [ -d "$installing_dir" ] || return 0
  if [ -f "$installing_dir/forget" ]; then rm -f "$previous_path" "$installing_dir/forget"; fi
  for name in failsafe.nft previous.nft observe.nft confirmed.nft; do
    [ ! -f "$installing_dir/$name" ] || mv -f "$installing_dir/$name" "$state_dir/$name" || return 1
  done
  mkdir -p "$config_dir" && chmod 700 "$config_dir" && put_file "$host_id_path" <"$installing_dir/host-id" || return 1
  if [ -s "$installing_dir/signers" ]; then
    put_file "$signers_path" <"$installing_dir/signers" && put_file "$signers_copy_path" <"$installing_dir/signers" || return 1
  fi
  if grep -q '^confirmed_file=' "$installing_dir/state"; then
    put_file "$confirmed_copy_path" <"$confirmed_path" || return 1
  else
    finish_replaced=$(mend_pair "$confirmed_path" "$confirmed_copy_path")
    [ -z "$finish_replaced" ] || event tampered s:what agent-file s:difference "${finish_replaced# }"
  fi
  put_file "$observe_copy_path" <"$observe_path" || return 1
  state_set "$(cat "$installing_dir/state")" "bundle_seq=$(last_bundle_seq)" "$(confirmed_file_known "$confirmed_path")" || return 1
  keep_copies || return 1
  left_rules_remove
  sync_paths "$state_dir"
  rm -rf "$installing_dir.old"
  mv "$installing_dir" "$installing_dir.old" && rm -rf "$installing_dir.old"
}

# What `uninstall --rules leave` left goes when an agent looks after the host again.
left_rules_remove() {
  [ -f "$left_rules_path" ] || [ -f "$unit_dir/$left_unit" ] || return 0
  if has_systemd; then systemctl --quiet disable "$left_unit" 2>/dev/null; fi
  rm -f "$left_rules_path" "$left_names_path" "$unit_dir/$left_unit" "$unit_dir/sysinit.target.wants/$left_unit" "$unit_dir/nftables.service.wants/$left_unit"
  if has_systemd; then
    systemctl daemon-reload
    systemctl stop "$left_unit" 2>/dev/null
  fi
  return 0
}
