# Events: what happened to the rules, in the journal and, for the console, in a bounded file. agent/README.md “Events” has the form.
# shellcheck shell=sh disable=SC2154,SC2034

# event NAME [member pairs as in json_members]: one line in the journal and one in the file. Needs the lock. Never fails:
# with a full disk the journal alone has it.
event() {
  event_name=$1
  shift
  event_at=$(clock_s)
  event_last=$(last_event_seq_kept)
  event_seq=$((${event_last:-$event_at} + 1))
  # The first line is for the journal, the second for the file.
  event_texts=$(awk -v seq="$event_seq" -v at="$event_at" -v name="$event_name" -f "$lib_dir/json.awk" -f "$lib_dir/event.awk" "$@")
  log "${event_texts%%
*}"
  {
    tail -n "$((events_max - 1))" "$events_path" 2>/dev/null
    printf '%s\n' "${event_texts#*
}"
  } | put_file "$events_path" || log 'the event could not be kept for the console'
}

# The number of the last event in the file, or nothing.
last_event_seq_kept() {
  event_line=$(tail -n 1 "$events_path" 2>/dev/null)
  case $event_line in '{"v":1,"seq":'[0-9]*,*'}') event_line=${event_line#*:*:} && event_line=${event_line%%,*} ;; *) return 0 ;; esac
  case $event_line in *[!0-9]* | ????????????????*) ;; *) echo "$event_line" ;; esac
}
