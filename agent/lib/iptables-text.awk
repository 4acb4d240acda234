# stdin: "@iptables" and "@ip6tables", each with what iptables-save prints of our table, then "@sets" with the sorted lines of `ipset save` that are about policy
# sets. Prints each chain of ours, each jump of the kernel's chains to ours with whether it is the first rule there, and each set that a rule asks for, as one line.
/^@sets$/ { family = "sets"; next }
/^@/ { family = substr($0, 2); if ($0 == "@unreadable") print "\tunreadable"; next }
family == "sets" {
  if (!($2 in asked)) next
  if ($1 == "create") sub(/ bucketsize [0-9]+/, "")
  sub(/ hashsize [0-9]+/, "")
  sub(/ initval [^ ]+/, "")
  sets[$2] = sets[$2] "\001\t\t" $0
  next
}
/^:FB-/ { name = family " " substr($1, 2); chains[name] = chains[name]; next }
/^-A / {
  chain = $2
  place[family " " chain]++
  if (chain !~ /^FB-/ && !/ -[jg] FB-/) next
  rule = $0
  sub(/^-A [^ ]+ /, "", rule)
  gsub(/--uid-owner [0-9]+/, "--uid-owner N", rule)
  gsub(/--gid-owner [0-9]+/, "--gid-owner N", rule)
  if (chain !~ /^FB-/) rule = rule (place[family " " chain] == 1 ? " first" : " behind others")
  chains[family " " chain] = chains[family " " chain] "\001\t\t" rule
  n = split(rule, word, " ")
  for (i = 1; i <= n; i++) if (word[i] ~ /^fb_a[46]_/) asked[word[i]] = 1
}
END {
  for (name in chains) print "\tchain " name " {" chains[name] "}"
  for (name in sets) print "\tset " name " {" sets[name] "}"
}
