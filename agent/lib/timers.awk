# stdin: `systemctl list-timers --output=json` (times in µs, 0 or null: never). Prints the facts' timers array.
function field(rec, name,   m) {
  if (!match(rec, "\"" name "\": *[0-9]+")) return "null"
  m = substr(rec, RSTART, RLENGTH)
  sub(/.*: */, "", m)
  return (length(m) > 6) ? substr(m, 1, length(m) - 6) : "null"
}
BEGIN { RS = "}"; printf "[" }
match($0, /"unit": *"[A-Za-z0-9:_.@\\-]+"/) && n < 1024 {
  unit = substr($0, RSTART, RLENGTH)
  sub(/^"unit": *"/, "", unit)
  sub(/"$/, "", unit)
  printf "%s{\"unit\":\"%s\",\"lastFiredAt\":%s,\"nextFiresAt\":%s}", (n++ ? "," : ""), unit, field($0, "last"), field($0, "next")
}
END { printf "]" }
