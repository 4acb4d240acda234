# `uninstall`: timers, units, files, state; and the rules in one of three ways. Nothing is left, not even the lock, but what was asked for.
#   --rules remove   (default) the table goes: nothing is blocked
#   --rules leave    the rules stay, also over reboots, by one unit and two files of plain nft
#   --rules restore  the table goes, and what the first install found under its name comes back
# shellcheck shell=sh disable=SC2154,SC2034

cmd_uninstall() {
  uninstall_rules=remove
  while [ $# -gt 0 ]; do
    case $1 in
      --rules) need_value "$1" $#; uninstall_rules=$2; shift ;;
      *) fail 2 USAGE "uninstall does not know $1" ;;
    esac
    shift
  done
  case $uninstall_rules in remove | leave | restore) ;; *) fail 2 USAGE '--rules is remove, leave or restore' ;; esac
  require_root_and_tools
  make_scratch
  lock_or_fail
  foreign_tables >"$scratch/foreign-before"
  before_remember
  if [ "$uninstall_rules" = leave ]; then leave_rules; fi
  if [ "$uninstall_rules" != leave ]; then uninstall_table; fi
  if pending_exists; then disarm "$(pending_get id)"; fi
  units_remove
  log "agent uninstalled, rules: $uninstall_rules"
  uninstall_report
  files_remove
  before_remove_folders
  rm -rf "$run_dir"
}

# In one transaction, and before anything else goes: where nft refuses it, nothing has changed and the agent goes on looking after the rules.
uninstall_table() {
  if table_loaded; then echo 'delete table inet firebreak'; fi >"$scratch/uninstall.nft"
  if [ "$uninstall_rules" = restore ]; then cat "$scratch/before-table.nft" >>"$scratch/uninstall.nft"; fi
  [ -s "$scratch/uninstall.nft" ] || return 0
  nft_ -f "$scratch/uninstall.nft" >"$scratch/nft-error" 2>&1 || fail 1 TABLE_NOT_REMOVED "nothing has changed: $(nft_error)"
}

# `othersUntouched`: every other table is as it was a moment ago. `changedSinceInstall`: what others changed since then; null when that is not known.
uninstall_report() {
  foreign_tables >"$scratch/foreign-after"
  uninstall_same=
  if cmp -s "$scratch/foreign-before" "$scratch/foreign-after"; then uninstall_same=true; fi
  uninstall_changed=null
  if [ -n "$before_known" ]; then uninstall_changed=$(before_changed_tables | json_lines 200 200); fi
  uninstall_left='[]'
  if [ "$uninstall_rules" = leave ]; then uninstall_left=$(printf '%s\n' "$left_rules_path" "$left_names_path" "$(has_systemd && echo "$unit_dir/$left_unit")" | json_lines 9 200); fi
  json_object n:v 1 b:uninstalled true s:rules "$uninstall_rules" b:othersUntouched "$uninstall_same" r:changedSinceInstall "$uninstall_changed" r:left "$uninstall_left"
}

# Writes the confirmed policy where nothing of the agent is needed to load it, and the unit that does so at boot.
leave_rules() {
  pending_finish_confirmed
  pending_exists && fail 4 PENDING 'a push waits for its confirmation' s:id "$(pending_get id)" s:by "$(pending_get by)"
  { [ -f "$confirmed_path" ] && leave_fault=$(bundle_fault "$confirmed_path") && [ -z "$leave_fault" ]; } || fail 6 NOTHING_TO_GO_BACK_TO "no confirmed policy that is whole: $leave_fault"
  leave_units=$(bundle_units "$confirmed_path" | head -n 5 | tr '\n' ' ')
  [ -z "$leave_units" ] || fail 3 RULES_NOT_LEFT "rules name systemd units ($leave_units): without the agent they match nobody once such a unit starts again"
  [ "$(kernel_hash)" = "$(state_get kernel_hash)" ] || restore_rules || fail 1 RESTORE_FAILED 'the confirmed rules cannot be loaded'
  undo=left_rules_remove
  { put_file "$left_rules_path" <"$confirmed_path" && fill_statements "$confirmed_path" | put_file "$left_names_path"; } || fail 7 FILES_NOT_WRITTEN "$left_rules_path cannot be written"
  if has_systemd; then
    leave_unit || fail 1 UNITS_NOT_INSTALLED "$left_unit: $(head -c 500 "$scratch/unit-error" 2>/dev/null)"
  else
    log 'no systemd: the rules that are left are gone after a reboot'
  fi
  undo=:
}

leave_unit() {
  left_unit_text | put_file "$unit_dir/$left_unit" && chmod 644 "$unit_dir/$left_unit" && systemctl daemon-reload &&
    systemctl enable --quiet "$left_unit" 2>"$scratch/unit-error" && systemctl start "$left_unit" 2>"$scratch/unit-error"
}

# nftables.service flushes everything on Debian: its restart (PartOf), its start (WantedBy) and its reload bring these rules back.
left_unit_text() {
  cat <<'EOT'
# Rules that Firebreak left when its agent was removed. To be rid of them:
#   systemctl disable --now firebreak-rules.service; nft delete table inet firebreak
#   rm -r /etc/firebreak /etc/systemd/system/firebreak-rules.service; systemctl daemon-reload
[Unit]
Description=Rules that Firebreak left
DefaultDependencies=no
RequiresMountsFor=/etc/firebreak
Wants=network-pre.target
Before=network-pre.target shutdown.target
After=local-fs.target systemd-modules-load.service nftables.service
Conflicts=shutdown.target
PartOf=nftables.service
ReloadPropagatedFrom=nftables.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -c 'cat /etc/firebreak/rules.nft /etc/firebreak/names.nft | nft -f -'
ExecReload=/bin/sh -c 'cat /etc/firebreak/rules.nft /etc/firebreak/names.nft | nft -f -'
TimeoutStartSec=60

[Install]
WantedBy=sysinit.target nftables.service
EOT
}
