# Which processes hold the outgoing connections of this moment, for the end of a snapshot; after session-addresses.awk, sets.awk. Environment
# firebreak_owners: command that prints "socket:[INODE] /proc/PID/fd/N". Everything is bounded: what is not looked at stays unknown.
function first_line(path,   line) {
  if ((getline line < path) <= 0) line = ""
  close(path)
  return line
}
function comm_of(pid) {
  if (!(pid in comm)) comm[pid] = first_line("/proc/" pid "/comm")
  return comm[pid]
}
# `known[key]` becomes the one name, or "" for ever when there are two.
function one_name(known, key, name) {
  if (!(key in known)) known[key] = name
  else if (known[key] != name) known[key] = ""
}

# Sets wanted[inode] = "PEER PROTOCOL PORT UID": TCP that is open or being opened and did not come in to a listening port, UDP with a peer.
function find_sockets(   net, protocol, path, line, f, local, peer, n, i, lines) {
  split("tcp tcp6 udp udp6", net, " ")
  for (i = 1; i <= 4; i++) {
    path = "/proc/net/" net[i]
    protocol = substr(net[i], 1, 3)
    while ((getline line < path) > 0) {
      split(line, f, " ")
      split(f[2], local, ":")
      if (protocol == "tcp" && f[4] == "0A") listens[local[2]] = 1
      else if ((f[4] == "01" || (protocol == "tcp" && (f[4] == "02" || f[4] == "08"))) && f[10] ~ /^[1-9][0-9]*$/ && n < 20000) lines[++n] = protocol " " local[2] " " f[3] " " f[8] " " f[10]
    }
    close(path)
  }
  for (i = 1; i <= n && wanted_count < 2048; i++) {
    split(lines[i], f, " ")
    if (f[1] == "tcp" && (f[2] in listens)) continue
    split(f[3], peer, ":")
    peer[1] = from_proc(peer[1])
    if (peer[1] ~ /^127\./ || peer[1] == "0:0:0:0:0:0:0:1") continue
    wanted[f[5]] = peer[1] " " f[1] " " hex(peer[2]) " " f[4]
    used_user[f[4]] = 1
    wanted_count++
  }
}

# Sets socket_process["PEER PROTOCOL PORT UID"].
function find_owners(   command, line, inode, pid) {
  if (!wanted_count) return
  command = ENVIRON["firebreak_owners"]
  while ((command | getline line) > 0) {
    if (line !~ /^socket:\[[0-9]+\] \/proc\/[0-9]+\//) continue
    inode = substr(line, 9, index(line, "]") - 9)
    if (!(inode in wanted)) continue
    pid = line
    sub(/^[^ ]* \/proc\//, "", pid)
    sub(/\/.*/, "", pid)
    if (comm_of(pid) != "") one_name(socket_process, wanted[inode], comm_of(pid))
  }
  close(command)
}

# Sets unit_process["CGROUP UID"] of the units that outgoing elements name and that live: the name that all their processes of that user have.
function find_unit_processes(   root, line, f, id, path, pid, uid, units, pids) {
  while ((getline line < "/proc/mounts") > 0) { split(line, f, " "); if (f[3] == "cgroup2") { root = f[2]; break } }
  close("/proc/mounts")
  if (root == "") return
  for (id in out_cgroup) {
    if (!(id in is_living) || units++ >= 64) continue
    path = root "/" path_of[id] "/cgroup.procs"
    while ((getline pid < path) > 0 && pids++ < 1024) {
      uid = ""
      while ((getline line < ("/proc/" pid "/status")) > 0) if (line ~ /^Uid:/) { split(line, f, /[ \t]+/); uid = f[3]; break }
      close("/proc/" pid "/status")
      if (uid != "" && comm_of(pid) != "") one_name(unit_process, id " " uid, comm_of(pid))
    }
    close(path)
  }
}

function print_processes(   key, f, n) {
  printf ",\"processes\":{\"sockets\":["
  for (key in socket_process) {
    if (socket_process[key] == "") continue
    split(key, f, " ")
    printf "%s[\"%s\",\"%s\",%d,%d,%s]", (n++ ? "," : ""), f[1], f[2], f[3], f[4], json_string(socket_process[key], 64)
  }
  printf "],\"units\":["
  n = 0
  for (key in unit_process) {
    if (unit_process[key] == "") continue
    split(key, f, " ")
    printf "%s[\"%s\",%d,%s]", (n++ ? "," : ""), f[1], f[2], json_string(unit_process[key], 64)
  }
  printf "]}"
}
