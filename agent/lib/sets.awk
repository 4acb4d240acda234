# stdin: `nft -j list set` documents, one after the other, then "@complete". Prints "NAME":<elem array>,… for every name of `names`,
# streaming: a record ends at each "]", so that no more than one element is in memory. An elem array ends with an object, the arrays
# inside it (concatenated keys) never do. Ids of cgroups and users go to file `ids`. Exit 1 when the input was not complete.
function remember(kind, value) {
  if ((kind value) in seen) return
  seen[kind value] = 1
  print kind, value > ids
}
function key(rec,   f, n) {
  if (rec !~ /"concat": *\[/) return
  sub(/.*"concat": *\[/, "", rec)
  n = split(rec, f, /, */)
  if (f[n] !~ /^"[0-9]+"$/) { if (n == 4 && f[n] ~ /^[0-9]+$/ && name ~ /out/) remember("user", f[n]); return }
  gsub(/"/, "", f[n])
  remember("cgroup", f[n])
  if (n == 5) remember("user", f[4])
}
function member(n) { printf "%s\"%s\":", (printed++ ? "," : ""), n; done[n] = 1 }
BEGIN { RS = "]" }
inside {
  printf "%s]", $0
  if ($0 ~ /}[ \n]*$/) inside = 0
  else key($0)
  next
}
{
  if ($0 ~ /@complete/) complete = 1
  if (match($0, /"set": *\{[^{]*"name": *"[A-Za-z0-9_]+"/)) {
    name = substr($0, RSTART, RLENGTH)
    sub(/"$/, "", name)
    sub(/.*"/, "", name)
  }
  if (match($0, /"elem": *\[/)) {
    rest = substr($0, RSTART + RLENGTH)
    member(name)
    printf "[%s]", rest
    inside = rest !~ /}[ \n]*$/
    if (inside) key(rest)
  }
}
END {
  if (!complete) exit 1
  n = split(names, all, " ")
  for (i = 1; i <= n; i++) if (!(all[i] in done)) { member(all[i]); printf "[]" }
}
