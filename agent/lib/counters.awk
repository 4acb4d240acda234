# stdin: `nft -t list table`. Prints "NAME":PACKETS members of the named counters.
/^\tcounter [A-Za-z0-9_]+ \{/ { name = $2; next }
name != "" && $1 == "packets" { printf "%s\"%s\":%s", (n++ ? "," : ""), name, $2 }
/^\t\}/ { name = "" }
