# Finds why a bundle for nft reaches beyond `table inet firebreak` or lacks a phase. Behind bundle-head.awk.
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
  print_parts()
}
