# `status`: what runs, read back from the kernel and the state folder.
# shellcheck shell=sh disable=SC2154,SC2034

cmd_status() {
  [ $# -eq 0 ] || fail 2 USAGE 'status takes no arguments'
  require_root_and_tools
  make_scratch
  print_status
}

# Prints AgentStatus. Changes nothing.
print_status() {
  status_kernel_hash=$(kernel_hash)
  printf '{'
  json_members n:v 1 s:agentVersion "$agent_version" S:hostId "$(cat "$host_id_path" 2>/dev/null)" s:bootId "$boot_id" n:clock "$(clock_s)" n:eventSeq "$(last_event_seq_kept)" n:bundleSeq "$(last_bundle_seq)" b:pinned "$([ -s "$signers_path" ] && echo true)"
  printf ','
  if [ -n "$status_kernel_hash" ]; then status_running; else status_not_running; fi
  printf ','
  status_confirmed
  printf ',"unresolved":'
  { [ -z "$status_kernel_hash" ] || fill_missing "$(running_path)"; } 2>/dev/null | json_lines 1000 200
  printf ',"pending":'
  status_pending
  printf ',"last":'
  status_last
  printf ',"footprintSeq":%s,' "$(footprint_last_seq)"
  status_units
  printf ','
  status_spool
  printf '}\n'
}

status_running() {
  json_members b:loaded true S:runningBundle "$(state_get running_bundle)" S:runningMode "$(state_get running_mode)" \
    n:runningSeq "$(state_get running_policy)" S:kernelHash "$status_kernel_hash" S:expectedKernelHash "$(state_get kernel_hash)"
}

status_not_running() {
  json_members b:loaded false S:runningBundle '' S:runningMode '' n:runningSeq '' S:kernelHash '' S:expectedKernelHash "$(state_get kernel_hash)"
}

status_confirmed() {
  if [ -f "$confirmed_path" ]; then
    json_members S:confirmedBundle "$(bundle_header "$confirmed_path" hash)" n:confirmedSeq "$(bundle_header "$confirmed_path" policy)"
  else
    json_members S:confirmedBundle '' n:confirmedSeq ''
  fi
}

status_pending() {
  { pending_exists && [ -f "$pending_dir/bundle.nft" ]; } || { printf null; return; }
  status_left_s=$(pending_seconds_left)
  printf '{'
  json_members s:id "$(pending_get id)" s:by "$(pending_get by)" s:bundle "$(pending_get bundle)" \
    n:deadline "$(($(clock_s) + status_left_s))" n:secondsLeft "$status_left_s"
  printf '}'
}

status_last() {
  [ -n "$(state_get last_event)" ] || { printf null; return; }
  printf '{'
  json_members s:id "$(state_get last_id)" s:event "$(state_get last_event)" n:at "$(state_get last_at)"
  printf '}'
}

status_units() {
  json_members b:timerEnabled "$([ -e "$unit_dir/timers.target.wants/firebreak-collect.timer" ] && [ -e "$unit_dir/timers.target.wants/firebreak-verify.timer" ] && echo true)" \
    b:bootUnitEnabled "$([ -e "$unit_dir/sysinit.target.wants/firebreak-boot.service" ] && echo true)"
}

status_spool() {
  # shellcheck disable=SC2012 # file names are ours
  ls -ln "$spool_dir" 2>/dev/null | awk '/^-/ { bytes += $5; files++ } END { printf "\"spoolBytes\":%d,\"spoolFiles\":%d", bytes, files }'
}
