# `events`: what happened, for the console. Changes nothing.
# shellcheck shell=sh disable=SC2154,SC2034

cmd_events() {
  { [ $# -eq 2 ] && [ "$1" = --after ]; } || fail 2 USAGE 'events --after CURSOR'
  case $2 in '' | *[!0-9]* | ???????????????*) fail 2 USAGE 'the cursor is a number' ;; esac
  [ -f "$events_path" ] || return 0
  awk -v after="$2" 'match($0, /^[{]"v":1,"seq":[0-9]+,/) && substr($0, 14, RLENGTH - 14) + 0 > after + 0' "$events_path"
}
