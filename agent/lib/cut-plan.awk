# -v sockets, tracked: files of session-sockets.awk and session-tracked.awk; -v consoles, ssh_port, ssh (SSH_CONNECTION): whom to leave alone.
# stdin: cut-asked.awk. Prints "WHAT PROTOCOL LOCAL PORT PEER PORT" each once: WHAT is `kept` (a console's SSH), `socket` (a socket here has it),
# `tracked` (only connection tracking knows it, or the socket has no peer of its own) or `gone`.
BEGIN {
  n = split(consoles, list, " ")
  for (i = 1; i <= n; i++) console[from_text(list[i])] = 1
  if (split(ssh, mine, " ") == 4) {
    console[from_text(mine[1])] = 1
    own_session = "tcp " from_text(mine[3]) " " mine[4] " " from_text(mine[1]) " " mine[2]
  }
  while ((getline line < sockets) > 0) { split(line, f, " "); if (f[2] == "live") socket[f[1] " " f[3] " " f[4] " " f[5] " " f[6]] = 1 }
  while ((getline line < tracked) > 0) { split(line, f, " "); flow[f[1] " " f[4] " " f[5] " " f[6] " " f[7]] = 1 }
}
!($0 in done) {
  done[$0] = 1
  if ($0 == own_session || ($1 == "tcp" && ($4 in console) && ($3 == ssh_port || $3 == mine[4]))) what = "kept"
  else if ($0 in socket) what = "socket"
  else if ($0 in flow) what = "tracked"
  else what = "gone"
  print what, $0
}
