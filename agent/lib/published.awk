# stdin: tables as `nft -n list table` and as iptables-save print them. Prints the facts' published array: the rules that redirect, by what they match.
# A rule whose ports are not plain numbers (a set, a map, a negation) has `port` null.
function emit(protocol, ports, address, to,   from, till, part, key) {
  from = till = "null"
  if (split(ports, part, /[-:]/) <= 2 && part[1] ~ /^[0-9]+$/ && part[1] < 65536) {
    from = part[1]
    till = (part[2] ~ /^[0-9]+$/ && part[2] < 65536) ? part[2] : from
  }
  sub(/\/(32|128)$/, "", address)
  key = protocol " " from " " till " " address " " to
  if (key in seen || n >= 256) return
  seen[key] = 1
  printf "%s{\"protocol\":%s,\"port\":%s,\"portEnd\":%s,\"address\":%s,\"to\":%s}", (n++ ? "," : ""), (protocol == "" ? "null" : json_string(protocol, 16)), from, till, (address == "" ? "null" : json_string(address, 64)), json_string(to, 128)
}
# Every port of a list apart; a list that is no list of numbers as one rule without a port.
function emit_all(protocol, ports, address, to,   list, i, m) {
  gsub(/[{} ]/, "", ports)
  m = split(ports, list, ",")
  if (m == 0) emit(protocol, "", address, to)
  for (i = 1; i <= m; i++) emit(protocol, list[i], address, to)
}
function name_of(protocol) { return (protocol == "6") ? "tcp" : (protocol == "17") ? "udp" : (protocol == "132") ? "sctp" : protocol }
# The word or the braces behind the end of the last match().
function behind(   rest) {
  rest = substr($0, RSTART + RLENGTH)
  if (rest ~ /^\{/) return substr(rest, 1, index(rest, "}"))
  sub(/ .*/, "", rest)
  return rest
}
BEGIN { printf "[" }
/^-A .* -j DNAT / {
  protocol = match($0, / -p /) ? behind() : ""
  ports = match($0, / --dports? /) ? behind() : ""
  if ($0 ~ /! --dports? /) ports = ""
  address = match($0, / -d /) ? behind() : ""
  if ($0 ~ /! -d /) address = ""
  to = match($0, / --to-destination /) ? behind() : "?"
  emit_all(name_of(protocol), ports, address, to)
  next
}
/[^-]dnat (ip6? )?(prefix )?to / && !/^-A / {
  line = $0
  protocol = match($0, / ?(tcp|udp|sctp|dccp) dport /) ? $0 : ""
  if (protocol != "") {
    protocol = substr($0, RSTART, RLENGTH)
    sub(/^ /, "", protocol)
    sub(/ .*/, "", protocol)
    ports = match($0, /(tcp|udp|sctp|dccp) dport /) ? behind() : ""
  } else {
    protocol = match($0, /meta l4proto /) ? behind() : ""
    ports = match($0, /th dport /) ? behind() : ""
  }
  if (protocol ~ /^[{!@]/) protocol = ""
  address = match($0, /ip6? daddr /) ? behind() : ""
  if (address !~ /^[0-9a-fA-F:.\/]+$/) address = ""
  match($0, /dnat (ip6? )?(prefix )?to /)
  to = substr($0, RSTART + RLENGTH)
  sub(/ comment .*$/, "", to)
  if (to ~ /^[0-9a-fA-F\[]/) sub(/ .*/, "", to)
  emit_all(name_of(protocol), ports, address, to)
}
END { printf "]" }
