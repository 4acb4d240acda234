# Reads a bundle in one pass. Prints its parts, one a line, in the order that bundle_read takes them: whether its first line is `first`; host, policy, mode, zone,
# console, sshport, hash, seq of its header (lines below `# hash` do not count, and a value of other characters is none); how many sets the host fills; whether
# anything follows the signature; last the reason why it reaches beyond `table inet firebreak` or lacks a phase, or nothing.
function refuse(why) { if (fault == "") fault = "line " NR ": " why }
NR == 1 { known = ($0 == first) ? "yes" : "no"; head = 1 }
head && !/^# / { head = 0 }
head {
  key = $2
  if (!(key in value)) {
    text = $0
    sub(/^# [a-z]+ ?/, "", text)
    value[key] = (text ~ /^[A-Za-z0-9_.: \/-]*$/) ? text : ""
  }
  if (key == "hash") head = 0
}
/^# -----BEGIN SSH SIGNATURE-----$/ { signed = 1 }
signed && !/^# [A-Za-z0-9+\/= -]*$/ { tail = "bad" }
/^# --- phase 1/ { phases = phases "1" }
/^# --- phase 2/ { phases = phases "2" }
phases !~ /2/ && /^# fill [ugc]_[0-9a-f]+ (user|group|unit) [^ ]+$/ { fills++ }
fault != "" || /^[[:space:]]*#/ || /^[[:space:]]*$/ { next }
$1 == "include" { refuse("a statement that bundles do not have: include") }
depth == 0 {
  if ($1 == "table") { if ($2 != "inet" || $3 != "firebreak") refuse("a table that is not ours") }
  else if ($1 ~ /^(flush|add|delete)$/) { if ($2 !~ /^(chain|set|element|rule|counter|map)$/ || $3 != "inet" || $4 != "firebreak") refuse("a statement outside our table") }
  else if ($1 != "}") refuse("a statement that bundles do not have: " substr($1, 1, 40))
}
{
  line = $0
  gsub(/"[^"]*"/, "", line)
  # nft does not count what is in a comment either.
  sub(/#.*/, "", line)
  if (line ~ /;[[:space:]]*(add|create|insert|replace|rename|reset|flush|delete|destroy|table|include|define|redefine|undefine|list|export|import|monitor|describe)([[:space:]\\]|$)/) refuse("several statements in one line")
  depth += gsub(/\{/, "", line) - gsub(/\}/, "", line)
}
END {
  if (fault == "" && phases != "12") fault = "the text does not have phase 1 and phase 2"
  print known
  n = split("host policy mode zone console sshport hash seq", keys, " ")
  for (i = 1; i <= n; i++) print value[keys[i]]
  print fills + 0
  print tail
  print fault
}
