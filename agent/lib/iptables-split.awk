# A bundle for iptables → files BASE.ipset, BASE.v4 and BASE.v6. -v base, table: which table the rules stand in; accounts: file of "SET NUMBER"; nobody: the
# number for those that are not in it.
BEGIN {
  while ((getline line < accounts) > 0) { split(line, f, " "); number["@" f[1]] = f[2] }
  split("ipset v4 v6", names, " ")
  for (i in names) printf "" > (base "." names[i])
}
/^# --- phase 1/ { file = base ".ipset"; next }
/^# --- phase 2: iptables$/ { file = base ".v4"; next }
/^# --- phase 2: ip6tables$/ { file = base ".v6"; next }
/^#/ || file == "" { next }
$0 == "*security" { print "*" table > file; next }
/ --[ug]id-owner @/ {
  for (i = 1; i <= NF; i++) if ($i ~ /^@[ug]_[0-9a-f]+$/) $i = ($i in number) ? number[$i] : nobody
}
{ print > file }
