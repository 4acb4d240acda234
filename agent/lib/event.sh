# Events: what happened to the rules, in the journal and, for the console, in a bounded file. agent/README.md “Events” has the form.
# shellcheck shell=sh disable=SC2154,SC2034

# event NAME [member pairs as in json_members]: one line in the journal and one in the file. Needs the lock. Never fails:
# with a full disk the journal alone has it.
event() {
  event_name=$1
  shift
  event_seq=$(($(last_event_seq) + 1))
  log "event=$event_name seq=$event_seq$(awk -f "$lib_dir/json.awk" -f "$lib_dir/event-pairs.awk" "$@")"
  {
    tail -n "$((events_max - 1))" "$events_path" 2>/dev/null
    json_object n:v 1 n:seq "$event_seq" n:at "$(clock_s)" s:event "$event_name" r:fields "{$(json_members "$@")}"
  } | put_file "$events_path" || log 'the event could not be kept for the console'
}

# The number of the last event. A fresh host begins at its clock, so that numbers rise even across uninstall and install.
last_event_seq() {
  event_last=$(last_event_seq_kept)
  echo "${event_last:-$(clock_s)}"
}

# The number of the last event in the file, or nothing.
last_event_seq_kept() { tail -n 1 "$events_path" 2>/dev/null | sed -n 's/^{"v":1,"seq":\([0-9][0-9]*\),.*}$/\1/p'; }
