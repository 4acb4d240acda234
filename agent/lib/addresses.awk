# stdin: `ip -o addr`. Prints the facts' addresses array.
BEGIN { printf "[" }
($3 == "inet" || $3 == "inet6") && n < 4096 {
  name = $2
  sub(/@[^@]*$/, "", name)
  prefix = ($3 == "inet") ? 32 : 128
  address = $4
  if (split($4, part, "/") == 2) { address = part[1]; prefix = part[2] }
  scope = "unknown"
  for (i = 5; i < NF; i++) {
    if ($i == "peer" && split($(i + 1), part, "/") == 2) prefix = part[2]
    if ($i == "scope") { scope = $(i + 1); break }
  }
  if (address !~ /^[0-9a-fA-F:.]+$/ || prefix !~ /^[0-9]+$/) next
  printf "%s{\"interface\":%s,\"family\":%s,\"address\":\"%s\",\"prefix\":%d,\"scope\":%s}", (n++ ? "," : ""), json_string(name, 64), ($3 == "inet" ? 4 : 6), address, prefix, json_string(scope, 32)
}
END { printf "]" }
