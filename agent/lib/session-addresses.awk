# Addresses as one text each, so that what /proc, conntrack and the console write of the same address is equal:
# IPv4 dotted, IPv6 as eight groups without leading zeros, IPv4-mapped IPv6 as the IPv4 that it is on the wire.
function hex(s,   i, v) {
  v = 0
  for (i = 1; i <= length(s); i++) v = v * 16 + index("0123456789abcdef", tolower(substr(s, i, 1))) - 1
  return v
}

# /proc/net prints addresses as 32-bit words in the machine's own byte order.
function swap_words(   machine) {
  if (swap_known) return swap
  "uname -m" | getline machine
  close("uname -m")
  swap_known = 1
  swap = machine !~ /^(s390x|ppc64|ppc|mips|mips64|sparc64)$/
  return swap
}
function byte_at(h, i) { return substr(h, (int(i / 4) * 8) + (swap_words() ? 3 - i % 4 : i % 4) * 2 + 1, 2) }
function dotted(h, from) { return hex(byte_at(h, from)) "." hex(byte_at(h, from + 1)) "." hex(byte_at(h, from + 2)) "." hex(byte_at(h, from + 3)) }
function from_proc(h,   i, out) {
  if (h in proc_known) return proc_known[h]
  if (length(h) == 8) return proc_known[h] = dotted(h, 0)
  out = ""
  for (i = 0; i < 16; i += 2) out = out (i ? ":" : "") sprintf("%x", hex(byte_at(h, i) byte_at(h, i + 1)))
  if (out ~ /^0:0:0:0:0:ffff:/) out = dotted(h, 12)
  return proc_known[h] = out
}

# Text of an address → its one form; empty when it is none. A zone index is not part of an address.
function from_text(s,   n, groups, i, j, missing, out, sides, written) {
  written = s
  if (s in text_known) return text_known[s]
  if (s ~ /^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$/) {
    split(s, groups, ".")
    for (i = 1; i <= 4; i++) if (length(groups[i]) > 3 || groups[i] + 0 > 255) return ""
    return text_known[s] = (groups[1] + 0) "." (groups[2] + 0) "." (groups[3] + 0) "." (groups[4] + 0)
  }
  if (s == "::") return "0:0:0:0:0:0:0:0"
  if (s !~ /^[0-9a-fA-F:]+$/ || s !~ /:/ || length(s) > 39 || split(s, sides, "::") > 2) return ""
  missing = 9 - split(s, groups, ":")
  if (s ~ /^::/) { missing++; sub(/^:/, "", s) }
  if (s ~ /::$/) { missing++; sub(/:$/, "", s) }
  n = split(s, groups, ":")
  out = ""
  for (i = 1; i <= n; i++) {
    if (groups[i] == "") for (j = 1; j <= missing; j++) out = out ":0"
    else if (length(groups[i]) > 4) return ""
    else out = out ":" sprintf("%x", hex(groups[i]))
  }
  out = substr(out, 2)
  return text_known[written] = (split(out, groups, ":") == 8) ? out : ""
}
