# Numeric cgroup ids → paths. A cgroup's id is the inode of its folder; the kernel forgets it with the unit, $cgroups_path does not. That
# file lies in memory: after a reboot other cgroups have these ids.
# shellcheck shell=sh disable=SC2154,SC2034

# A command that prints "ID PATH" of every cgroup that lives, to the depth that recording sets can name. busybox has no -printf.
# shellcheck disable=SC2016 # run by awk or eval
living_cgroups='while read -r _ root type _; do [ "$type" != cgroup2 ] || break; root=; done </proc/mounts
[ -z "$root" ] || find "$root" -mindepth 1 -maxdepth 3 -type d -printf "%i %P\n" 2>/dev/null ||
find "$root" -mindepth 1 -maxdepth 3 -type d -exec ls -di {} + 2>/dev/null | sed "s|^ *\([0-9]*\) $root/|\1 |"'

# Keeps what the snapshot found, where that is anything new.
cgroups_keep() {
  [ ! -f "$state_dir/cgroups" ] || rm -f "$state_dir/cgroups" # where agents of before had it
  [ ! -f "$scratch/cgroups" ] || mv -f "$scratch/cgroups" "$cgroups_path" 2>/dev/null || log 'the memory of cgroups cannot be written'
}

# Adds what lives now to the memory, so that a unit that ends before the next snapshot has a name there.
cgroups_remember() {
  eval "$living_cgroups" | awk -v known="$cgroups_path" '
    BEGIN { while ((getline line < known) > 0) { print line; split(line, f, " "); seen[f[1]] = 1 } }
    /^[0-9]+ ./ && !($1 in seen) { print; added = 1 } END { exit !added }' >"$scratch/cgroups" || { rm -f "$scratch/cgroups"; return 0; }
  cgroups_keep
}
