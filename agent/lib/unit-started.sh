# `unit-started UNIT`: called by the unit's drop-in, in its new cgroup, before it opens a socket. Quick, without the lock, without a document.
# shellcheck shell=sh disable=SC2154,SC2034

cmd_unit_started() {
  [ $# -eq 1 ] || fail 2 USAGE 'unit-started UNIT'
  for started_path in "$confirmed_path" "$pending_dir/bundle.nft"; do
    [ ! -f "$started_path" ] || fill_lines "$started_path"
  done | sort -u | while read -r fill_set fill_kind fill_name; do
    if [ "$fill_kind" = unit ] && [ "$fill_name" = "$1" ]; then fill_unit "$fill_set" "$fill_name"; fi
  done
}
