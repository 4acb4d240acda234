# `facts`: what the host is. Changes nothing; every part prints valid JSON whatever it finds.
# shellcheck shell=sh disable=SC2154,SC2034

cmd_facts() {
  need facts-containers facts-posture
  facts_ssh=
  while [ $# -gt 0 ]; do
    case $1 in
      --ssh) need_value "$1" $#; facts_ssh=$2; shift ;;
      *) fail 2 USAGE "facts does not know $1" ;;
    esac
    shift
  done
  printf '{'
  facts_system
  printf ',"addresses":'
  facts_addresses
  printf ',"ssh":'
  facts_ssh_connection "$facts_ssh"
  printf ',"resolvers":'
  facts_resolvers | json_lines 64 45
  printf ',"timeServers":'
  facts_time_servers | json_lines 64 255
  printf ',"listening":'
  facts_listening
  printf ',"published":'
  facts_published
  printf ',"bypasses":'
  facts_bypasses
  printf ',"firewalls":'
  facts_firewalls
  printf ',"features":{'
  facts_features
  printf '},"timers":'
  facts_timers
  printf ',"cron":'
  facts_cron
  printf ',"posture":'
  facts_posture
  facts_zone=$(facts_time_zone)
  if [ -n "$facts_zone" ]; then printf ',"timeZone":"%s"}\n' "$facts_zone"; else printf ',"timeZone":null}\n'; fi
}
