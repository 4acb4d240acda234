# stdin: lines "USER<tab>LINE"; USER is empty where the line names it itself (the system's crontabs). Prints the facts' cron array.
# Of a command only its program's name: the rest may hold passwords. Jobs of the system's own folders are told by the folder.
BEGIN { printf "["; at["@hourly"] = at["@daily"] = at["@midnight"] = at["@weekly"] = at["@monthly"] = at["@yearly"] = at["@annually"] = 1 }
{
  user = substr($0, 1, index($0, "\t") - 1)
  line = substr($0, index($0, "\t") + 1)
  sub(/^[ \t]+/, "", line)
  if (line == "" || line ~ /^#/) next
  # TZ is of the commands alone (crontab(5)).
  if (line ~ /^CRON_TZ[ \t]*=/) { zone = line; sub(/^[^=]*=[ \t]*/, "", zone); gsub(/["'\r]|[ \t]+$/, "", zone); next }
  if (line ~ /^FIREBREAK_NEXT_FILE=$/) { zone = ""; next }
  if (line ~ /^[A-Za-z_][A-Za-z0-9_]*[ \t]*=/) next
  # A quoted value is one word: its parts may be those of a password.
  gsub(/\\./, "x", line)
  gsub(/=("[^"]*"|'[^']*')/, "=x", line)
  count = split(line, word, /[ \t]+/)
  if (word[1] in at) { schedule = word[1]; first = 2 }
  else if (count >= 6 && word[1] ~ /^[0-9*]/) { schedule = word[1] " " word[2] " " word[3] " " word[4] " " word[5]; first = 6 }
  else next
  if (user == "") user = word[first++]
  if (match(line, /\/etc\/cron\.(hourly|daily|weekly|monthly)/)) name = substr(line, RSTART + 5, RLENGTH - 5)
  else {
    while (first < count && (word[first] ~ /^[A-Za-z_][A-Za-z0-9_]*=/ || word[first] ~ /^([[(]|[0-9]+|test|if|cd|nice|ionice|chronic|env|command|exec|-.*)$/)) first++
    name = word[first]
    sub(/.*\//, "", name)
    sub(/[;&|)]+$/, "", name)
  }
  if (name == "" || n >= 256) next
  printf "%s{\"user\":%s,\"schedule\":%s,\"zone\":%s,\"name\":%s}", (n++ ? "," : ""), json_string(user, 64), json_string(schedule, 120), (zone == "" ? "null" : json_string(zone, 64)), json_string(name, 64)
}
END { printf "]" }
