# One snapshot of the recording sets as JSON on stdout. In few processes: on a small host each costs a millisecond of CPU.
# shellcheck shell=sh disable=SC2154,SC2034

recording_sets='in4 in6 in4x in6x out4 out6 out4u out6u out4x out6x fwd4 fwd6 miss_in4 miss_in6 miss_in4x miss_in6x miss_out4 miss_out6 miss_out4u miss_out6u miss_out4x miss_out6x'

# Reads our table, without the elements of its sets, for the snapshot that follows. Non-zero when it is not loaded.
snapshot_table() {
  nft_into "$scratch/ruleset" -t list ruleset inet
  own_table <"$scratch/ruleset" >"$scratch/recorded"
  [ -s "$scratch/recorded" ]
}

# Prints the snapshot with number $1, taken at $2 (epoch seconds), of the table in $scratch/recorded. $3: how to list, see list_sets.
# Sets are streamed; non-zero, and no closing braces, when one was not read whole.
snapshot() {
  awk -v seq="$1" -v at="$2" -v boot_id="$boot_id" -v state="$(state_newest)" -v names="$recording_sets" -v commands="$scratch/commands" \
    -f "$lib_dir/json.awk" -f "$lib_dir/snapshot-head.awk" "$scratch/recorded" || return 1
  list_sets "$3" | firebreak_living=$living_cgroups firebreak_owners=$socket_links awk -v commands="$scratch/commands" -v names="$recording_sets" -v remembered="$cgroups_path" \
    -v remembered_next="$scratch/cgroups" -f "$lib_dir/json.awk" -f "$lib_dir/sets.awk" -f "$lib_dir/session-addresses.awk" -f "$lib_dir/processes.awk" \
    -f "$lib_dir/snapshot-end.awk" || return 1
  cgroups_keep
}

# A command that prints "socket:[INODE] /proc/PID/fd/N" of every socket that a process holds; nothing on a host of more than 1,000
# processes, and no longer than 2 s: a sample must not cost more than what it samples. As socket_owners, with and without find -printf.
# shellcheck disable=SC2016 # run by awk
socket_links='set -- /proc/[0-9]*/fd; [ $# -le 1000 ] || exit 0
if find / -maxdepth 0 -lname x -printf "" >/dev/null 2>&1; then timeout -s KILL 2 find "$@" -maxdepth 1 -lname "socket:*" -printf "%l %p\n" 2>/dev/null
else timeout -s KILL 2 find -L "$@" -maxdepth 1 -type s -exec ls -diL {} + 2>/dev/null | sed "s/^ *\([0-9]*\) /socket:[\1] /"; fi'

# nft's listings of the sets in $scratch/commands, then a line that says that all went well. /sys/fs/cgroup is hidden: nft would walk it
# once an element (9 s for 1000 elements beside 318 cgroups, NFTABLES.md section 0b). $1: `together`, one nft (-i reads the commands
# line by line; HOME, since it leaves a history file there), or `apart`, one nft for each set, also where a mount namespace is refused.
list_sets() {
  # -n: mount(8) would leave a folder /run/mount.
  hide='[ ! -d /sys/fs/cgroup ] || mount -n -t tmpfs none /sys/fs/cgroup;'
  # shellcheck disable=SC2016 # for the inner shell
  together='HOME=${1%/*} exec timeout -s KILL 120 nft -i <"$1" 2>/dev/null' apart='while read -r _ _ _ _ name; do timeout -s KILL 30 nft list set inet firebreak "$name" </dev/null || exit 1; done <"$1"'
  if [ "$1" = together ]; then
    unshare -m sh -c "$hide$together" list "$scratch/commands" 2>/dev/null
  elif unshare -m true 2>/dev/null; then
    unshare -m sh -c "$hide$apart" list "$scratch/commands"
  else
    sh -c "$apart" list "$scratch/commands"
  fi && echo @complete
}

# The snapshot with number $3, taken at $4, through command $1 into file $2; with each way to list until one gives a whole one.
snapshot_into() {
  for way in together apart; do
    [ ! -f "$scratch/whole" ] || rm -f "$scratch/whole"
    # shellcheck disable=SC2086 # the command has words
    { snapshot "$3" "$4" "$way" && : >"$scratch/whole"; } | $1 >"$2" 2>/dev/null && [ -f "$scratch/whole" ] && return 0
  done
  return 1
}
