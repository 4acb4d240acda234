# stdin: lines of listening_sockets; -v owners: file of "INODE PID". Prints the facts' listening array.
function hex(s,   i, v) {
  v = 0
  for (i = 1; i <= length(s); i++) v = v * 16 + index("0123456789ABCDEF", toupper(substr(s, i, 1))) - 1
  return v
}
# /proc/net prints addresses as 32-bit words in the machine's own byte order; little endian is assumed where the loopback address says so.
function byte_at(h, i) { return substr(h, (int(i / 4) * 8) + (swap ? 3 - i % 4 : i % 4) * 2 + 1, 2) }
function address(h,   i, out, zeros) {
  if (length(h) == 8) return hex(byte_at(h, 0)) "." hex(byte_at(h, 1)) "." hex(byte_at(h, 2)) "." hex(byte_at(h, 3))
  if (h ~ /^0+$/) return "::"
  for (i = 0; i < 16; i += 2) out = out (i ? ":" : "") sprintf("%x", hex(byte_at(h, i) byte_at(h, i + 1)))
  # The longest run of zero groups is not searched: the first of three or more is enough to be short, and any form is valid.
  if (match(out, /(^|:)0:0:0(:0)*(:|$)/)) out = substr(out, 1, RSTART - 1) "::" substr(out, RSTART + RLENGTH)
  return out
}
function read_first(path,   line, all) {
  all = ""
  while ((getline line < path) > 0) all = all (all == "" ? "" : "\n") line
  close(path)
  return all
}
function unit_of(pid,   text, lines, n, i, parts, m, j) {
  text = read_first("/proc/" pid "/cgroup")
  n = split(text, lines, "\n")
  for (i = 1; i <= n; i++) {
    if (lines[i] !~ /^(0::|[0-9]+:name=systemd:)/) continue
    sub(/^[0-9]+:[^:]*:/, "", lines[i])
    m = split(lines[i], parts, "/")
    for (j = m; j > 0; j--) if (parts[j] ~ /\.(service|scope|socket)$/) return parts[j]
  }
  return ""
}
function or_null(s, max) { return s == "" ? "null" : json_string(s, max) }
BEGIN {
  "uname -m" | getline machine
  swap = machine !~ /^(s390x|ppc64|ppc|mips|mips64|sparc64)$/
  while ((getline line < owners) > 0) { split(line, f, " "); if (!(f[1] in pid_of) || f[2] + 0 < pid_of[f[1]] + 0) pid_of[f[1]] = f[2] }
  while ((getline line < "/etc/passwd") > 0) { split(line, f, ":"); user_of[f[3]] = f[1] }
  printf "["
}
n < 4096 {
  split($2, end, ":")
  pid = ($4 in pid_of) ? pid_of[$4] : ""
  process = unit = ""
  if (pid != "") { process = read_first("/proc/" pid "/comm"); unit = unit_of(pid) }
  protocol = $1
  sub(/6$/, "", protocol)
  printf "%s{\"protocol\":\"%s\",\"address\":\"%s\",\"port\":%d,\"process\":%s,\"pid\":%s,\"uid\":%d,\"user\":%s,\"unit\":%s}", (n++ ? "," : ""), protocol, address(end[1]), hex(end[2]), or_null(process, 255), (pid == "" ? "null" : pid), $3, or_null(user_of[$3], 255), or_null(unit, 255)
}
END { printf "]" }
