# -v sockets, tracked, owners: files of session-sockets.awk, session-tracked.awk and socket_owners. -v first_port, last_port: the ports that the
# kernel gives to outgoing connections. -v max. Prints the members `sessions`, `total` and `truncated`.
function read_first(path,   line) {
  if ((getline line < path) <= 0) line = ""
  close(path)
  return line
}
function process_of(pid) {
  if (pid == "") return ""
  if (!(pid in comm)) comm[pid] = read_first("/proc/" pid "/comm")
  return comm[pid]
}
function unit_of(pid,   line, parts, m, j) {
  if (pid == "") return ""
  if (pid in unit) return unit[pid]
  unit[pid] = ""
  while ((getline line < ("/proc/" pid "/cgroup")) > 0) {
    if (line !~ /^(0::|[0-9]+:name=systemd:)/) continue
    sub(/^[0-9]+:[^:]*:/, "", line)
    m = split(line, parts, "/")
    for (j = m; j > 0 && unit[pid] == ""; j--) if (parts[j] ~ /\.(service|scope|socket)$/) unit[pid] = parts[j]
  }
  close("/proc/" pid "/cgroup")
  return unit[pid]
}
function or_null(s, limit) { return s == "" ? "null" : json_string(s, limit) }
function is_local(address) { return address ~ /^127\./ || address == "0:0:0:0:0:0:0:1" }
function add(protocol, direction, path, ends, uid, pid, unit_text, age,   part) {
  total++
  if (total > max) return
  split(ends, part, " ")
  printf "%s{\"protocol\":\"%s\",\"direction\":\"%s\",\"path\":\"%s\",\"local\":\"%s\",\"localPort\":%d,\"peer\":\"%s\",\"peerPort\":%d,\"uid\":%s,\"user\":%s,\"process\":%s,\"unit\":%s,\"ageSeconds\":%s}", \
    (total > 1 ? "," : ""), protocol, direction, path, part[1], part[2], part[3], part[4], (uid == "" ? "null" : uid), or_null(user_of[uid], 255), or_null(process_of(pid), 255), or_null(unit_text, 255), (age ~ /^[0-9]+$/ ? age : "null")
}
BEGIN {
  while ((getline line < owners) > 0) { split(line, f, " "); if (!(f[1] in pid_of) || f[2] + 0 < pid_of[f[1]] + 0) pid_of[f[1]] = f[2] }
  while ((getline line < "/etc/passwd") > 0) { split(line, f, ":"); user_of[f[3]] = f[1] }
  while ((getline line < sockets) > 0) {
    split(line, f, " ")
    if (f[2] == "listen") { if (!((f[1] " " f[4]) in listener) || listener[f[1] " " f[4]] == "") listener[f[1] " " f[4]] = pid_of[f[8]] }
    else socket[f[1] " " f[3] " " f[4] " " f[5] " " f[6]] = f[7] " " f[8]
  }
  while ((getline line < tracked) > 0) {
    split(line, f, " ")
    key = f[1] " " f[4] " " f[5] " " f[6] " " f[7]
    seen[key] = f[2] " " f[3] " " f[8]
  }
  printf "\"sessions\":["
  for (key in socket) {
    split(key, f, " ")
    # Both ends on this host: never seen by rules, which accept everything over lo.
    if (is_local(f[2]) || ((f[1] " " f[4] " " f[5] " " f[2] " " f[3]) in socket)) continue
    split(socket[key], own, " ")
    split((key in seen) ? seen[key] : "", track, " ")
    pid = pid_of[own[2]]
    # A socket with a peer is no listener, whatever else listens on its port; TCP never gives a listening port to an outgoing connection.
    if (f[1] == "tcp" && ((f[1] " " f[3]) in listener)) direction = "in"
    else if (track[2] != "") direction = track[2]
    else direction = (f[3] >= first_port && f[3] <= last_port) ? "out" : "unknown"
    unit_text = (direction == "in" && listener[f[1] " " f[3]] != "") ? unit_of(listener[f[1] " " f[3]]) : unit_of(pid)
    add(f[1], direction, "local", substr(key, 5), own[1], pid, unit_text, track[3])
  }
  for (key in seen) {
    if (key in socket) continue
    split(key, f, " ")
    split(seen[key], track, " ")
    # TCP of this host without a socket is over, whatever connection tracking still remembers.
    if (is_local(f[2]) || (track[1] == "local" && f[1] == "tcp")) continue
    pid = (track[1] == "local" && track[2] == "in") ? listener[f[1] " " f[3]] : ""
    add(f[1], track[2], track[1], substr(key, 5), "", pid, unit_of(pid), track[3])
  }
  printf "],\"total\":%d,\"truncated\":%s", total, (total > max ? "true" : "false")
}
