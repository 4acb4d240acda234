# One snapshot of the recording sets as JSON on stdout.
# shellcheck shell=sh disable=SC2154,SC2034

recording_sets='in4 in6 in4x in6x out4 out6 out4x out6x fwd4 fwd6 miss_in4 miss_in6 miss_in4x miss_in6x miss_out4 miss_out6 miss_out4x miss_out6x'

# Prints the snapshot with number $1 (agent/README.md “Snapshot”). One set at a time is in memory, and only inside nft.
# The last character is the closing brace only when every set was read.
snapshot() {
  : >"$scratch/ids"
  nft_ -t list table inet firebreak >"$scratch/table-counters" || return 1
  printf '{'
  json_members n:v 1 n:seq "$1" n:at "$(clock_s)" s:bootId "$boot_id" s:epoch "$(state_get epoch)" S:bundle "$(state_get running_bundle)" S:mode "$(state_get running_mode)"
  printf ',"counters":{'
  awk -f "$lib_dir/counters.awk" "$scratch/table-counters"
  printf '},"sets":{'
  # shellcheck disable=SC2046 # names are ours, one word each
  list_sets $(present_recording_sets) | awk -v names="$recording_sets" -v ids="$scratch/ids" -f "$lib_dir/sets.awk" || return 1
  printf '},"cgroups":{'
  sed -n 's/^cgroup //p' "$scratch/ids" >"$scratch/used-cgroups"
  remember_cgroups "$scratch/used-cgroups" || log 'the memory of cgroups cannot be written'
  awk -v used="$scratch/used-cgroups" -f "$lib_dir/json.awk" -f "$lib_dir/cgroup-names.awk" "$scratch/cgroups"
  printf '},"users":{'
  snapshot_users
  printf '}}\n'
}

present_recording_sets() {
  kernel_objects <"$scratch/table-counters" | sed -n 's/^set //p' | grep -Fx "$(printf '%s' "$recording_sets" | tr ' ' '\n')"
}

# `nft -j list set` of each name, then a line that says that all went well. /sys/fs/cgroup is hidden: nft would walk it once an element
# (9 s for 1000 elements beside 318 cgroups, NFTABLES.md section 0b). Where a mount namespace is refused it is walked after all.
list_sets() {
  # shellcheck disable=SC2016 # for the inner shell
  list_all='for name in "$@"; do timeout -s KILL 30 nft -j list set inet firebreak "$name" || exit 1; done; echo "@complete"'
  if unshare -m true 2>/dev/null; then
    unshare -m sh -c '[ ! -d /sys/fs/cgroup ] || mount -t tmpfs none /sys/fs/cgroup; '"$list_all" list "$@"
  else
    sh -c "$list_all" list "$@"
  fi
}

# "UID": "NAME" for the uids that the sets name.
snapshot_users() {
  sed -n 's/^user //p' "$scratch/ids" | head -n 256 | while read -r uid; do
    getent passwd "$uid" 2>/dev/null || grep "^[^:]*:[^:]*:$uid:" /etc/passwd
  done | awk -F: -f "$lib_dir/json.awk" -f "$lib_dir/user-names.awk"
}
