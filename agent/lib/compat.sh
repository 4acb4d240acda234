# `compat`: what facts-compat.sh prints, for logins whose sudo allows the agent and no shell. Changes nothing.
# shellcheck shell=sh disable=SC2154

cmd_compat() {
  compat_ssh=
  while [ $# -gt 0 ]; do
    case $1 in
      --ssh) need_value "$1" $#; compat_ssh=$2; shift ;;
      *) fail 2 USAGE "compat does not know $1" ;;
    esac
    shift
  done
  printf '{"v":1,"lines":'
  # A line that is there twice says nothing new.
  sh "$lib_dir/facts-compat.sh" "$compat_ssh" 2>/dev/null | json_lines 200 400
  printf '}\n'
}
