# After sets.awk and processes.awk: the names of the ids that the sets have, and the snapshot's last braces. Environment firebreak_living: command that prints
# "ID PATH" of the cgroups that live; -v remembered: file of those that were seen since the boot, remembered_next: what it becomes, where that is anything else.
function print_cgroups(   living, line, id, n) {
  living = ENVIRON["firebreak_living"]
  while ((living | getline line) > 0) know_cgroup(line, "living")
  close(living)
  while ((getline line < remembered) > 0) { know_cgroup(line, "remembered"); former++ }
  printf "},\"cgroups\":{"
  for (id in path_of) {
    if (!(id in used_cgroup) && !(id in is_living)) { is_changed = 1; continue }
    kept++
    if (id in used_cgroup) printf "%s\"%s\":%s", (n++ ? "," : ""), id, json_string(path_of[id], 512)
  }
  if (!is_changed && kept + 0 == former + 0) return
  for (id in path_of) if ((id in used_cgroup) || (id in is_living)) print id, path_of[id] > remembered_next
  close(remembered_next)
}
function know_cgroup(line, how,   id) {
  if (line !~ /^[0-9]+ ./) return
  id = line
  sub(/ .*/, "", id)
  if (how == "living") is_living[id] = 1
  if (id in path_of) return
  path_of[id] = substr(line, length(id) + 2)
}

# Names from the file, and from the directory for those that it does not have: one getent, waited for 5 s.
function print_users(   line, uid, n, unknown, asked_of) {
  printf "},\"users\":{"
  while ((getline line < "/etc/passwd") > 0) print_user(line)
  unknown = ""
  for (uid in used_user) if (uid ~ /^[0-9]+$/ && !(uid in named) && asked_of++ < 256) unknown = unknown " " uid
  if (unknown == "") return
  line = ""
  unknown = "timeout -s KILL 5 getent passwd" unknown " 2>/dev/null"
  while ((unknown | getline line) > 0) print_user(line)
  close(unknown)
}
function print_user(line,   f) {
  split(line, f, ":")
  if (!(f[3] in used_user) || (f[3] in named) || f[3] !~ /^[0-9]+$/) return
  named[f[3]] = 1
  printf "%s\"%s\":%s", (users++ ? "," : ""), f[3], json_string(f[1], 255)
}
END {
  if (incomplete) exit 1
  find_sockets()
  find_owners()
  print_cgroups()
  print_users()
  printf "}"
  find_unit_processes()
  print_processes()
  printf "}\n"
}
