# argv: the table as `nft -t list` prints it; -v seq, at, boot_id, state: file of the agent's state, names: of all recording sets, commands: file to write.
# Prints a snapshot's beginning, up to `"sets":{`, and writes one nft command for each recording set that the table has.
function text_or_null(s) { return s == "" ? "null" : json_string(s, 64) }
BEGIN {
  while ((getline line < state) > 0) {
    cut = index(line, "=")
    if (cut > 1 && !(substr(line, 1, cut - 1) in value)) value[substr(line, 1, cut - 1)] = substr(line, cut + 1)
  }
  printf "{\"v\":1,\"seq\":%s,\"at\":%s,\"bootId\":%s,\"epoch\":%s", json_number(seq), json_number(at), json_string(boot_id, 64), json_string(value["epoch"], 64)
  printf ",\"bundle\":%s,\"mode\":%s,\"counters\":{", text_or_null(value["running_bundle"]), text_or_null(value["running_mode"])
  n = split(names, list, " ")
  for (i = 1; i <= n; i++) recording[list[i]] = 1
  printf "" > commands
}
/^\tset [A-Za-z0-9_]+ \{/ && ($2 in recording) { print "list set inet firebreak " $2 > commands; next }
/^\tcounter [A-Za-z0-9_]+ \{/ { name = $2; next }
name != "" && $1 == "packets" { printf "%s\"%s\":%s", (counters++ ? "," : ""), name, json_number($2) }
/^\t\}/ { name = "" }
END { printf "},\"sets\":{" }
