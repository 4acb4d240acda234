# stdin: nft's listings of the sets named in file `commands`, as text, then "@complete". Prints "NAME":[elements],… for every name of
# `names`, each element as `nft -j` has it (agent/README.md “Snapshot”), one at a time: nft's JSON of a set costs twice the memory of its
# text. Ids go to used_cgroup, out_cgroup and used_user for snapshot-end.awk. Exit 1, with `incomplete` set, when a set was not printed whole.
BEGIN {
  while ((getline line < commands) > 0) { n = split(line, word, " "); asked[word[n]] = 1; asked_count++ }
}

# "1d2h3m4s5ms" → whole seconds.
function seconds(text,   total, at) {
  total = 0
  if (at = index(text, "d")) { total += substr(text, 1, at - 1) * 86400; text = substr(text, at + 1) }
  if (at = index(text, "h")) { total += substr(text, 1, at - 1) * 3600; text = substr(text, at + 1) }
  if ((at = index(text, "m")) && substr(text, at + 1, 1) != "s") { total += substr(text, 1, at - 1) * 60; text = substr(text, at + 1) }
  if ((at = index(text, "s")) && substr(text, at - 1, 1) != "m") total += substr(text, 1, at - 1)
  return total
}

# Prints one element from "KEY . KEY . KEY counter packets N bytes N expires T", its words in any order. A cgroup that nft could
# resolve is a path in quotes; it is taken out first, since it may hold anything.
function element(text,   n, f, i, parts, path, first, last, concat, packets, expires, timeout) {
  path = ""
  if (first = index(text, "\"")) {
    last = length(text)
    while (last > first && substr(text, last, 1) != "\"") last--
    path = substr(text, first + 1, last - first - 1)
    text = substr(text, 1, first - 1) "@" substr(text, last + 1)
  }
  n = split(text, f, " ")
  parts = 0
  for (i = 1; i <= n; i += 2) { key[++parts] = f[i]; if (f[i + 1] != ".") break }
  packets = expires = timeout = ""
  for (i++; i < n; i++) {
    if (f[i] == "packets") packets = f[i + 1]
    else if (f[i] == "expires") expires = seconds(f[i + 1])
    else if (f[i] == "timeout") timeout = seconds(f[i + 1])
  }
  if (packets !~ /^[0-9]+$/) return
  if (is_out && parts >= 4) used_user[key[4]] = 1
  concat = ""
  for (i = 1; i <= parts; i++) {
    if (key[i] == "@") concat = concat "," json_string(path, 255)
    else if (i == cgroup_part) { used_cgroup[key[i]] = 1; if (is_out) out_cgroup[key[i]] = 1; concat = concat "," json_string(key[i], 255) }
    else concat = concat "," (key[i] ~ /^[0-9]+$/ ? key[i] : json_string(key[i], 255))
  }
  printf "%s{\"elem\":{\"val\":{\"concat\":[%s]}%s%s,\"counter\":{\"packets\":%s}}}", (elements++ ? "," : ""), substr(concat, 2), (timeout == "" ? "" : ",\"timeout\":" timeout), (expires == "" ? "" : ",\"expires\":" expires), packets
}

# Prints the elements of a line: one, or several where nft prints them so.
function elements_of(line,   n, list, i) {
  if (line ~ /\}$/) { inside = 0; sub(/[ \t]*\}$/, "", line) }
  sub(/,[ \t]*$/, "", line)
  if (index(line, "\"") || !index(line, ", ")) { if (line ~ /[^ \t]/) element(line); return }
  n = split(line, list, /, /)
  for (i = 1; i <= n; i++) element(list[i])
}
function member(n) { printf "%s\"%s\":[", (members++ ? "," : ""), n; elements = 0 }

inside { elements_of($0); next }
/^\tset [A-Za-z0-9_]+ \{/ && ($2 in asked) && !($2 in done) {
  name = $2
  is_out = name ~ /^(miss_)?out[46]u?$/
  cgroup_part = name ~ /^(miss_)?in[46]$/ ? 4 : is_out ? 5 : 0
  member(name)
  next
}
name != "" && /^\t\telements = \{/ { inside = 1; sub(/^\t\telements = \{/, ""); elements_of($0); next }
name != "" && /^\t\}/ { printf "]"; done[name] = 1; done_count++; name = "" }
/^@complete$/ { complete = 1 }

END {
  incomplete = !complete || done_count + 0 != asked_count + 0
  if (incomplete) exit 1
  n = split(names, all, " ")
  for (i = 1; i <= n; i++) if (!(all[i] in done)) { member(all[i]); printf "]" }
}
