# Numeric cgroup ids → paths. A cgroup's id is the inode of its folder; the kernel forgets it with the unit, this file does not.
# shellcheck shell=sh disable=SC2154,SC2034

# "ID PATH" of every cgroup that lives, to the depth that recording sets can name.
living_cgroups() {
  cgroup_root=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
  [ -n "$cgroup_root" ] || return 0
  if find "$cgroup_root" -maxdepth 0 -printf '' 2>/dev/null; then
    find "$cgroup_root" -mindepth 1 -maxdepth 3 -type d -printf '%i %P\n' 2>/dev/null
  else
    # busybox: no -printf.
    find "$cgroup_root" -mindepth 1 -maxdepth 3 -type d -exec ls -di {} + 2>/dev/null | sed "s|^ *\([0-9]*\) $cgroup_root/|\1 |"
  fi
}

# Adds what lives now to the remembered ones, newest first; ids in neither the kernel's sets ($1: file of ids) nor alive are forgotten.
remember_cgroups() {
  living_cgroups >"$scratch/living"
  cat "$scratch/living" "$cgroups_path" 2>/dev/null | awk -v used="$1" -v living="$scratch/living" '
    BEGIN { while ((getline id < used) > 0) keep[id] = 1; while ((getline line < living) > 0) { split(line, f, " "); keep[f[1]] = 1 } }
    /^[0-9]+ ./ && ($1 in keep) && !($1 in seen) { seen[$1] = 1; print }' >"$scratch/cgroups"
  put_file "$cgroups_path" <"$scratch/cgroups"
}
