# stdin: connection tracking as /proc/net/nf_conntrack and `conntrack -L -o extended` print it; -v own: file of own addresses.
# Prints "PROTOCOL PATH DIRECTION LOCAL PORT PEER PORT AGE" of what is live (TCP established, UDP with traffic both ways for more than a moment):
# PATH `local` (an end is a process here) or `forward` (DNAT to, or NAT for, another network namespace or machine; or routed), AGE in seconds or `-`.
# LOCAL is the end that is an own address as the first packet had it; of what is merely routed the answering end.
BEGIN { while ((getline line < own) > 0) mine[from_text(line)] = 1 }
function value(name,   i) {
  for (i = at; i <= NF; i++) if (index($i, name "=") == 1) { at = i + 1; return substr($i, length(name) + 2) }
  return ""
}
$3 == "tcp" && ($6 == "ESTABLISHED" || /OFFLOAD\]/) || $3 == "udp" && /\[ASSURED\]/ {
  at = 5
  source = from_text(value("src")); target = from_text(value("dst")); source_port = value("sport"); target_port = value("dport")
  answerer = from_text(value("src")); answered = from_text(value("dst"))
  age = match($0, /delta-time=[0-9]+/) ? substr($0, RSTART + 11, RLENGTH - 11) : "-"
  if (source == "" || target == "" || source_port !~ /^[0-9]+$/ || target_port !~ /^[0-9]+$/) next
  if ((source in mine) && (answerer in mine)) next
  if (source in mine) print $3, "local", "out", source, source_port, target, target_port, age
  else if (answerer in mine) print $3, "local", "in", target, target_port, source, source_port, age
  else if (target in mine) print $3, "forward", "in", target, target_port, source, source_port, age
  else if (answered in mine) print $3, "forward", "out", source, source_port, target, target_port, age
  else print $3, "forward", "routed", target, target_port, source, source_port, age
}
