# Finds why a bundle for iptables must not be loaded. Behind bundle-head.awk. Refused are statements that reach beyond
# chains FB-… and sets fb_…, and options that are not among those that bundles have (--modprobe would run a program).
BEGIN {
  n = split("-A -j -g -m -p -s -d -i -o ! --comment --match-set --add-set --update-counters --ctstate --ctdir --ctorigdst --ctorigdstport --dports --dport --sport --icmp-type --icmpv6-type --src-range --dst-range --uid-owner --gid-owner --datestop --tcp-flags --limit --limit-burst --log-prefix --log-level", list, " ")
  for (i = 1; i <= n; i++) is_option[list[i]] = 1
}
/^# --- phase 1: sets$/ { phases = phases "1"; next }
/^# --- phase 2: iptables$/ { phases = phases "4"; next }
/^# --- phase 2: ip6tables$/ { phases = phases "6"; next }
phases == "1" && /^# fill [ug]_[0-9a-f]+ (user|group) [^ ]+$/ { fills++ }
fault != "" || /^#/ || /^$/ { next }
phases == "1" {
  if (/^create fb_[a-z0-9_]+ hash:[a-z,]+ family inet6? maxelem [0-9]+( timeout [0-9]+ counters)?$/) next
  if (/^add fb_a[46]_[0-9a-f]+ [0-9a-f.:\/]+$/) next
  refuse("a statement that bundles do not have: " substr($0, 1, 40))
}
phases == "14" || phases == "146" {
  if ($0 == "*security" || $0 == "COMMIT" || /^:FB-[A-Z-]+ - \[0:0\]$/) next
  if ($1 != "-A" || $2 !~ /^FB-[A-Z-]+$/) { refuse("a statement outside our chains: " substr($0, 1, 40)); next }
  line = $0
  gsub(/"[^"]*"/, "", line)
  n = split(line, word, " ")
  for (i = 1; i <= n; i++) if (word[i] ~ /^-/ && !(word[i] in is_option)) refuse("an option that bundles do not have: " substr(word[i], 1, 40))
  next
}
{ refuse("a statement that bundles do not have: " substr($0, 1, 40)) }
END {
  if (fault == "" && phases != "146") fault = "the text does not have sets, iptables and ip6tables"
  print_parts()
}
