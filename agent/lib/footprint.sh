# What each run of the agent costs, measured by itself: one process (date) for it. Kept in memory, not on the disk: a run that changes
# nothing must write nothing there. agent/README.md “Footprint”.
# shellcheck shell=sh disable=SC2154,SC2034

# Remembers where this run counts from. A unit of ours has a cgroup of its own, which counts exactly and knows the peak of memory.
footprint_begin() {
  footprint_nested='' footprint_cgroup='' footprint_us=''
  [ "${1:-}" != --within-lock ] || footprint_nested=yes
  while IFS= read -r footprint_line; do
    case $footprint_line in 0::/*/firebreak-*.service) footprint_cgroup=/sys/fs/cgroup${footprint_line#0::} ;; esac
  done 2>/dev/null </proc/self/cgroup
  [ -z "$footprint_cgroup" ] || footprint_read_us
  footprint_begin_us=${footprint_us:-}
}

# Sets footprint_us, the CPU of the unit's cgroup in µs; empty when it is not told.
footprint_read_us() {
  footprint_us=
  { read -r _ footprint_us <"$footprint_cgroup/cpu.stat"; } 2>/dev/null || footprint_us=
}

# Appends this run. $1: exit code. For the end of the process; never fails, never makes a folder, and a run within another counts there.
footprint_note() {
  { [ -d "$run_dir" ] && [ -f "$host_id_path" ] && [ -z "${footprint_nested-yes}" ]; } || return 0
  case $command:$1 in uninstall:0) return 0 ;; esac
  case $command in '' | *[!a-z-]* | ????????????????*) return 0 ;; esac
  footprint_at=$(clock_s)
  footprint_figures || return 0
  footprint_number
  { printf '%s %s %s %s %s %s %s %s\n' "$footprint_seq" "$footprint_at" "$command" "$1" "$footprint_cpu_ms" "$footprint_wall_ms" "$footprint_peak" "${drained_bytes:--}" >>"$footprint_path"; } 2>/dev/null
  { echo "$footprint_seq $footprint_count" >"$footprint_path-seq"; } 2>/dev/null
  [ "$footprint_count" -lt "$footprint_max_runs" ] || footprint_turn
}

# CPU of this process and of all that it waited for (proc(5), stat fields 14 to 17 and 22, hundredths of a second, each rounded down),
# or of the unit; time since it started; peak memory of the unit in bytes (Linux 5.19), `-` elsewhere: no file tells it of children.
footprint_figures() {
  { read -r footprint_stat </proc/$$/stat && read -r footprint_up _ </proc/uptime; } 2>/dev/null || return 1
  # shellcheck disable=SC2086 # numbers and one letter, to be split
  set -- ${footprint_stat##*) }
  [ $# -ge 20 ] || return 1
  case $footprint_up in 0*) return 1 ;; esac
  footprint_cpu_ms=$(((${12} + ${13} + ${14} + ${15}) * 10))
  footprint_wall_ms=$(((${footprint_up%.*}${footprint_up#*.} - ${20}) * 10))
  footprint_peak=-
  [ -n "$footprint_begin_us" ] || return 0
  footprint_read_us
  [ -z "$footprint_us" ] || footprint_cpu_ms=$(((footprint_us - footprint_begin_us + 999) / 1000))
  { read -r footprint_peak <"$footprint_cgroup/memory.peak"; } 2>/dev/null || footprint_peak=-
}

# Sets footprint_seq and footprint_count, how many runs the file has with this one. A fresh or torn counter begins at the clock, so that numbers rise.
footprint_number() {
  footprint_seq='' footprint_count=0
  { read -r footprint_seq footprint_count <"$footprint_path-seq"; } 2>/dev/null
  case $footprint_seq:$footprint_count in *[!0-9:]* | :* | *:) footprint_seq=$footprint_at footprint_count=0 ;; esac
  footprint_seq=$((footprint_seq + 1)) footprint_count=$((footprint_count + 1))
}

# Begins a new file and keeps the full one. A day of timers fills about one: what it cost is compared with the limit here, and told when it is over.
footprint_turn() {
  mv -f "$footprint_path" "$footprint_path.1" 2>/dev/null
  { echo "$footprint_seq 0" >"$footprint_path-seq"; } 2>/dev/null
  footprint_over=$(awk -v limit="$footprint_cpu_percent" '
    /^[0-9]+ [0-9]+ [a-z-]+ [0-9]+ [0-9]+ / { if (first == "") first = $2; last = $2; sum += $5 }
    END { span = last - first; if (span < 86400) span = 86400; percent = sum / 10 / span; if (percent > limit) printf "%.1f", percent }' "$footprint_path.1" 2>/dev/null)
  [ -z "$footprint_over" ] || log "the agent takes $footprint_over % of a CPU, more than its limit of $footprint_cpu_percent %"
}

# The number of the last run, or null.
footprint_last_seq() {
  footprint_last=''
  { read -r footprint_last footprint_last_count <"$footprint_path-seq"; } 2>/dev/null
  case $footprint_last:${footprint_last_count-} in *[!0-9:]* | :* | *:) echo null ;; *) echo "$footprint_last" ;; esac
}

# `footprint`: runs above the cursor, oldest first, then what lies in the state folder; a JSON line each.
cmd_footprint() {
  { [ $# -eq 2 ] && [ "$1" = --after ]; } || fail 2 USAGE 'footprint --after CURSOR'
  case $2 in '' | *[!0-9]* | ???????????????*) fail 2 USAGE 'the cursor is a number' ;; esac
  cat "$footprint_path.1" "$footprint_path" 2>/dev/null | awk -v after="$2" -f "$lib_dir/footprint.awk"
  find "$state_dir" -type f -exec ls -ln {} + 2>/dev/null | awk '{ bytes += $5 } END { printf "{\"v\":1,\"storedBytes\":%.0f}\n", bytes }'
}
