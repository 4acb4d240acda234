# "SET KIND NAME NUMBER" of each account that rules name → nft statements that fill its set. -v known: the file with "KIND NAME NUMBER TOLD", what was told
# last and when (epoch seconds); next_known: where the new one goes, only when it says something else or is an hour old; sure: kinds of which this host has
# all in its own files, a space before each; keep: for how long a number is kept that is not told any more; at: now.
BEGIN {
  while ((getline line < known) > 0) {
    n = split(line, f, " ")
    if (n == 4 && f[3] ~ /^[0-9]+$/ && f[4] ~ /^[0-9]+$/) { number[f[1] " " f[2]] = f[3]; told[f[1] " " f[2]] = f[4] }
    lines++
  }
}
NF == 4 {
  name = $2 " " $3
  id = $4
  if (id ~ /^[0-9]+$/) {
    if (number[name] != id || at - told[name] >= 3600 || at < told[name]) { changed = 1; told[name] = at }
    number[name] = id
  } else if (index(sure " ", " " $2 " ") || number[name] == "" || at - told[name] > keep) {
    if (number[name] != "") changed = 1
    id = ""
  } else id = number[name]
  print "flush set inet firebreak " $1
  if (id != "") { print "add element inet firebreak " $1 " { " id " }"; kept[++count] = name " " number[name] " " told[name] }
}
END {
  if (count != lines) changed = 1
  if (!changed) exit
  for (i = 1; i <= count; i++) print kept[i] > next_known
}
