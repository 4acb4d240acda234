# Facts about cron: jobs that may not have run since the host is observed. Only where a cron daemon runs.
# shellcheck shell=sh disable=SC2154

facts_cron() {
  { if cron_runs; then cron_lines; fi; } | head -c 262144 | awk -f "$lib_dir/json.awk" -f "$lib_dir/cron.awk"
}

# The host's own time zone, in which cron reads its tables; empty where it cannot be told.
facts_time_zone() {
  {
    readlink -f /etc/localtime | sed -n 's|.*/zoneinfo/||p'
    head -n 1 /etc/timezone
  } 2>/dev/null | grep -E '^[A-Za-z0-9_+/-]{1,64}$' | head -n 1
}

cron_runs() { [ -e "${cron_root:-}/run/crond.pid" ] || [ -e "${cron_root:-}/var/run/crond.pid" ]; }

# Each line of each table behind the name of its user, which the tables of the system say themselves.
cron_lines() {
  for cron_table in "${cron_root:-}/etc/crontab" "${cron_root:-}"/etc/cron.d/*; do
    case ${cron_table##*/} in *[!A-Za-z0-9_-]*) continue ;; esac
    cron_table_lines '' "$cron_table"
  done
  for cron_table in "${cron_root:-}"/var/spool/cron/crontabs/* "${cron_root:-}"/var/spool/cron/*; do
    cron_table_lines "${cron_table##*/}" "$cron_table"
  done
}

# A folder, a link to somewhere or what is no table is not read.
cron_table_lines() {
  if [ -f "$2" ] && [ ! -h "$2" ]; then
    printf '%s\tFIREBREAK_NEXT_FILE=\n' "$1"
    # The name of a file is any bytes: awk would run escapes in a variable that is set by -v.
    CRON_USER=$1 awk '{ print ENVIRON["CRON_USER"] "\t" $0 } FNR >= 1000 { exit }' "$2"
  fi 2>/dev/null
}
