# stdin: `nft -s -t list ruleset inet`; -v declared: a file of "KIND NAME". Prints statements that delete what our table has and the file does not;
# chains are emptied first, since they may refer to each other.
BEGIN { while ((getline line < declared) > 0) wanted[line] = 1 }
/^table / { ours = ($0 ~ /^table inet firebreak \{/) }
/^\}/ { ours = 0 }
ours && /^\t[a-z]+ [A-Za-z0-9_]+ \{/ && !(($1 " " $2) in wanted) {
  if ($1 == "chain") chains[++chain_count] = $2
  else others[++other_count] = $1 " inet firebreak " $2
}
END {
  for (i = 1; i <= chain_count; i++) print "flush chain inet firebreak " chains[i]
  for (i = 1; i <= chain_count; i++) print "delete chain inet firebreak " chains[i]
  for (i = 1; i <= other_count; i++) print "delete " others[i]
}
