# `rollback`: back to the confirmed rules now. The rollback timer runs this with `--because timeout`.
# shellcheck shell=sh disable=SC2154,SC2034

cmd_rollback() {
  rollback_id='' rollback_event=rolled-back-asked rollback_observe=
  while [ $# -gt 0 ]; do
    case $1 in
      --id) need_value "$1" $#; rollback_id=$2; shift ;;
      --because) need_value "$1" $#; [ "$2" = timeout ] && rollback_event=rolled-back-timeout timer_fired=yes; shift ;;
      --to-observe) rollback_observe=yes ;;
      *) fail 2 USAGE "rollback does not know $1" ;;
    esac
    shift
  done
  # A login whose sudo allows `rollback --id *` must not come to this.
  [ -z "$rollback_observe" ] || [ -z "$rollback_id" ] || fail 2 USAGE '--to-observe is for no single push'
  require_root_and_tools
  make_scratch
  lock_for_undo
  pending_finish_confirmed
  if [ -n "$rollback_id" ] && [ "$(pending_get id)" != "$rollback_id" ]; then
    fail 5 NOT_PENDING "push $rollback_id does not wait for a confirmation"
  fi
  snapshot_before_swap
  if [ -n "$rollback_observe" ]; then confirm_observe; fi
  restore_or_open
  end_pending "$rollback_event"
  print_status
}

# The way back at the machine's own console: what blocks nothing becomes the confirmed policy, so that a reboot keeps it.
confirm_observe() {
  copy_sound "$observe_path" || mend_pair "$observe_path" "$observe_copy_path" >/dev/null
  [ -f "$observe_path" ] || fail 6 NO_OBSERVE_BUNDLE "$observe_path is missing: install the agent again"
  observe_fault=$(bundle_fault "$observe_path")
  [ -z "$observe_fault" ] || fail 3 BUNDLE_REFUSED "$observe_path: $observe_fault"
  if [ -f "$confirmed_path" ]; then put_file "$previous_path" <"$confirmed_path" || log 'previous.nft cannot be written'; fi
  confirmed_begin "$observe_path" || :
  put_file "$confirmed_path" <"$observe_path" || log 'confirmed.nft cannot be written: a reboot brings the former policy back'
  state_set confirmed_kernel_hash= "confirmed_file=$(file_hash "$confirmed_path")" || :
  keep_copies || log 'the copies of the confirmed policy cannot be written'
}

# A host that can load none of its files must not stay locked under a policy that nobody confirmed: the table goes, and that is said.
restore_or_open() {
  for _ in 1 2 3; do
    restore_rules && return 0
    sleep 2
  done
  nft_ delete table inet firebreak 2>/dev/null
  log 'NO RULES LOAD: the table was removed, this host is open'
  end_pending rolled-back-open
  fail 1 RESTORE_FAILED 'none of confirmed, previous and failsafe loads; the table was removed and this host is open'
}
