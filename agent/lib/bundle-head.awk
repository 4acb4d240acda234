# What bundles of nft and of iptables have in common; sourced before bundle.awk or iptables-bundle.awk, whose own rules set phases, fills and fault. -v first: the first line of those that are known.
# print_parts prints what bundle_read takes, one a line: whether the first line is `first`; host, policy, mode, zone, console, sshport, hash, seq of the header (lines below `# hash` do not count, and a value of
# other characters is none); how many sets the host fills; whether anything follows the signature; last why it must not be loaded, or nothing.
function refuse(why) { if (fault == "") fault = "line " NR ": " why }
NR == 1 { known = ($0 == first) ? "yes" : "no"; head = 1 }
head && !/^# / { head = 0 }
head {
  key = $2
  if (!(key in value)) {
    text = $0
    sub(/^# [a-z]+ ?/, "", text)
    value[key] = (text ~ /^[A-Za-z0-9_.: \/-]*$/) ? text : ""
  }
  if (key == "hash") head = 0
}
/^# -----BEGIN SSH SIGNATURE-----$/ { signed = 1 }
signed && !/^# [A-Za-z0-9+\/= -]*$/ { tail = "bad" }
function print_parts(  n, i, keys) {
  print known
  n = split("host policy mode zone console sshport hash seq", keys, " ")
  for (i = 1; i <= n; i++) print value[keys[i]]
  print fills + 0
  print tail
  print fault
}
