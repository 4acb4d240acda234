# Where everything lies on a host, and limits. Sourced first.
# shellcheck shell=sh disable=SC2154,SC2034

program_dir=/usr/local/lib/firebreak
program_link=/usr/local/sbin/firebreak-agent
config_dir=/etc/firebreak
host_id_path=$config_dir/host-id
signers_path=$config_dir/allowed_signers
left_rules_path=$config_dir/rules.nft
left_names_path=$config_dir/names.nft
left_unit=firebreak-rules.service
state_dir=/var/lib/firebreak
state_path=$state_dir/state
confirmed_path=$state_dir/confirmed.nft
previous_path=$state_dir/previous.nft
failsafe_path=$state_dir/failsafe.nft
observe_path=$state_dir/observe.nft
confirmed_copy_path=$config_dir/confirmed.nft
observe_copy_path=$config_dir/observe.nft
signers_copy_path=$state_dir/allowed_signers
pending_dir=$state_dir/pending
spool_dir=$state_dir/spool
seq_path=$state_dir/seq
events_path=$state_dir/events
spare_dir=$state_dir/program
run_dir=/run/firebreak
cgroups_path=$run_dir/cgroups
lock_path=$run_dir/lock
state_spare_path=$run_dir/state
verified_path=$run_dir/verified
footprint_path=$run_dir/footprint
names_path=$state_dir/names
unit_dir=/etc/systemd/system

bundle_max_bytes=33554432
nft_timeout_s=30
lock_wait_s=30
spool_max_bytes=268435456
spool_max_hours=720
spool_max_files=8192
events_max=512
# Runs in one of the two files: a day of timers. Both together stay under 40 KB.
footprint_max_runs=320
footprint_cpu_percent=1
# A week: longer than a directory is away, shorter than the time until a number is given to somebody else.
names_keep_s=604800

boot_id='' agent_version=''
{ read -r boot_id </proc/sys/kernel/random/boot_id; } 2>/dev/null
{ read -r agent_version <"$home_dir/VERSION"; } 2>/dev/null

# Prints the wall clock in epoch seconds.
clock_s() { date +%s; }

# Prints whole seconds since boot: a clock that nobody can set, for windows.
uptime_s() {
  { read -r uptime_now _ </proc/uptime; } 2>/dev/null
  echo "${uptime_now%%.*}"
}

has_systemd() { [ -d /run/systemd/system ] && command -v systemctl >/dev/null 2>&1; }

# Makes the run folder and this process's own scratch folder in it (memory, so that a full disk stops nothing); gone when the process ends.
make_scratch() {
  [ -d "$run_dir" ] || { mkdir -p "$run_dir" && chmod 700 "$run_dir"; } || fail 7 RUN_DIR_NOT_WRITABLE "$run_dir"
  for left in "$run_dir"/tmp.*; do
    [ -d "$left" ] && [ ! -d "/proc/${left##*.}" ] && rm -rf "$left"
  done
  scratch=$run_dir/tmp.$$
  [ ! -e "$scratch" ] || rm -rf "$scratch"
  mkdir "$scratch" || fail 7 RUN_DIR_NOT_WRITABLE "$scratch"
  trap 'exit 1' HUP INT TERM
  trap on_exit EXIT
}

# Runs at every end of the process. `undo` is what a transaction sets before its first effect and clears on success.
undo=:
on_exit() {
  exit_code=$?
  trap '' HUP INT TERM
  trap - EXIT
  $undo
  rm -rf "$scratch"
  footprint_note "$exit_code"
}

# Whether this process runs as root (proc(5), status: the second number of Uid is the effective one). id(1) where /proc does not say.
is_root() {
  while read -r status_key _ status_uid _; do
    if [ "$status_key" = Uid: ]; then [ "$status_uid" = 0 ] && return 0 || return 1; fi
  done 2>/dev/null </proc/self/status
  [ "$(id -u)" = 0 ]
}

# Refuses unless root and the tools are there.
require_root_and_tools() {
  is_root || fail 6 NOT_ROOT 'the agent must run as root'
  for tool in nft awk sed grep sort cmp head cut tr wc sha256sum gzip flock timeout setsid sync mktemp find; do
    command -v "$tool" >/dev/null 2>&1 || fail 6 TOOL_MISSING "$tool"
  done
}

# A line for the journal. What a host can name is in it only as a JSON string (lib/event.sh).
log() {
  logger -t firebreak -- "$1" 2>/dev/null || printf 'firebreak: %s\n' "$1" >&2
}
