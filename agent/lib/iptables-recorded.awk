# stdin: `ipset save`, "@rules", and what `iptables-save -c` and `ip6tables-save -c` print of our table. -v part: `heads` prints the names of the recording sets and the
# counters, `sets` their elements, both as `nft list ruleset` has them, under the names that nft sets without control groups have. ICMP of all types is one
# element with port 0, as there. What was redirected into a container and refused is known here by the container's port alone, not by the one that was asked
# for: it counts as lost.
function name_of(set) {
  if (set ~ /^fb_(miss_)?(in|out)[46]$/) return substr(set, 4) "x"
  return set ~ /^fb_fwd[46]$/ ? substr(set, 4) : ""
}
function add(key, packets, left) {
  if (!(key in count)) order[++keys] = key
  count[key] += packets
  if (left > expires[key] + 0) expires[key] = left
}
/^@rules$/ { in_rules = 1; next }
in_rules {
  if (!match($0, /--comment "?(lost_in|lost_out|lost_fwd|invalid_in|invalid_out|midstream)"?( |$)/)) next
  # Refused ones are counted again there, and nft has one counter for what came in.
  if (/midstream/ && /-A FB-MREC-/) next
  what = substr($0, RSTART, RLENGTH)
  gsub(/--comment|[" ]/, "", what)
  split(substr($1, 2), n, ":")
  counter[what] += n[1]
  next
}
$1 == "create" { if (name_of($2) != "") is_there[name_of($2)] = 1; next }
$1 == "add" {
  packets = left = 0
  for (i = 4; i < NF; i += 2) { if ($i == "packets") packets = $(i + 1); else if ($i == "timeout") left = $(i + 1) }
  if ($2 ~ /^fb_miss_fwd[46]$/) { counter["lost_in"] += packets; next }
  set = name_of($2)
  if (set == "") next
  n_parts = split($3, parts, ",")
  at = index(parts[2], ":")
  protocol = substr(parts[2], 1, at - 1)
  port = substr(parts[2], at + 1)
  if (protocol == "icmpv6") protocol = "ipv6-icmp"
  if (protocol !~ /^(tcp|udp|sctp|udplite)$/ || port !~ /^[0-9]+$/) port = 0
  add(set SUBSEP (n_parts == 3 ? parts[1] " . " parts[3] : parts[1]) " . " protocol " . " port, packets, left)
}
END {
  if (part == "heads") {
    for (set in is_there) printf "\tset %s {\n\t}\n", set
    split("lost_in lost_out lost_fwd invalid_in invalid_out midstream", names, " ")
    for (i = 1; i <= 6; i++) printf "\tcounter %s {\n\t\tpackets %.0f bytes 0\n\t}\n", names[i], counter[names[i]]
    exit
  }
  for (i = 1; i <= keys; i++) {
    split(order[i], where, SUBSEP)
    elements[where[1]] = elements[where[1]] sprintf("\t\t\t%s counter packets %.0f bytes 0 timeout 1d expires %ds,\n", where[2], count[order[i]], expires[order[i]])
  }
  for (set in is_there) {
    printf "\tset %s {\n", set
    if (elements[set] != "") printf "\t\telements = {\n%s\t\t}\n", elements[set]
    printf "\t}\n"
  }
}
