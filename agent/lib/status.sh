# `status`: what runs, read back from the kernel and the state folder.
# shellcheck shell=sh disable=SC2154,SC2034

cmd_status() {
  [ $# -eq 0 ] || fail 2 USAGE 'status takes no arguments'
  require_root_and_tools
  make_scratch
  print_status
}

# Prints AgentStatus. Changes nothing. $1: the kernel's hash, where the caller has just read it with the lock held.
# In few processes, since each push asks for it, and its load and its confirmation answer with it.
print_status() {
  status_hash=${1:-$(kernel_hash)}
  status_id=''
  { read -r status_id <"$host_id_path"; } 2>/dev/null
  # Before the state: a push that ends meanwhile is then seen either as waiting or with its end, never as gone without a trace.
  status_pending_id=''
  if pending_exists && [ -f "$pending_dir/bundle.nft" ]; then
    status_pending_id=$(pending_get id) status_pending_by=$(pending_get by) status_pending_bundle=$(pending_get bundle) status_left_s=$(pending_seconds_left)
  fi
  state_read
  b_hash='' b_policy='' b_fills=0
  [ ! -f "$confirmed_path" ] || bundle_read "$confirmed_path"
  status_spool=$(spool_size)
  set -- n:v 1 s:agentVersion "$agent_version" S:hostId "$status_id" s:bootId "$boot_id" n:clock "$(clock_s)" n:eventSeq "$(last_event_seq_kept)" \
    n:bundleSeq "$(last_bundle_seq)" b:pinned "$([ -s "$signers_path" ] && echo true)"
  if [ -n "$status_hash" ]; then
    set -- "$@" b:loaded true S:runningBundle "$st_running_bundle" S:runningMode "$st_running_mode" n:runningSeq "$st_running_policy"
  else
    set -- "$@" b:loaded false S:runningBundle '' S:runningMode '' n:runningSeq ''
  fi
  set -- "$@" S:kernelHash "$status_hash" S:expectedKernelHash "$st_kernel_hash" S:confirmedBundle "$b_hash" n:confirmedSeq "$b_policy" r:unresolved "$(status_unresolved)"
  if [ -n "$status_pending_id" ]; then
    set -- "$@" o:pending '' s:id "$status_pending_id" s:by "$status_pending_by" s:bundle "$status_pending_bundle" n:deadline "$(($(clock_s) + status_left_s))" n:secondsLeft "$status_left_s" c:pending ''
  else
    set -- "$@" r:pending null
  fi
  if [ -n "$st_last_event" ]; then
    set -- "$@" o:last '' s:id "$st_last_id" s:event "$st_last_event" n:at "$st_last_at" c:last ''
  else
    set -- "$@" r:last null
  fi
  json_object "$@" n:footprintSeq "$(footprint_last_seq)" \
    b:timerEnabled "$([ -e "$unit_dir/timers.target.wants/firebreak-collect.timer" ] && [ -e "$unit_dir/timers.target.wants/firebreak-verify.timer" ] && echo true)" \
    b:bootUnitEnabled "$([ -e "$unit_dir/sysinit.target.wants/firebreak-boot.service" ] && echo true)" n:spoolBytes "${status_spool% *}" n:spoolFiles "${status_spool#* }"
}

# What the running bundle names and this host does not have, as a JSON array. Where the confirmed one runs, print_status has read how many sets it fills.
status_unresolved() {
  status_running=$(running_path)
  if [ -z "$status_hash" ]; then b_fills=0; elif [ "$status_running" != "$confirmed_path" ]; then bundle_read "$status_running"; fi
  fill_unresolved "$status_running" "$b_fills"
}

# Bytes and files of the spool.
spool_size() {
  # shellcheck disable=SC2012 # file names are ours
  ls -ln "$spool_dir" 2>/dev/null | awk '/^-/ { bytes += $5; files++ } END { printf "%d %d", bytes, files }'
}
