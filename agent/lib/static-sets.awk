# stdin: `nft -t list table`. Prints the names of sets and maps that no packet can fill, and that the host does not fill by itself (lib/fill.sh).
/^\t(set|map) [A-Za-z0-9_]+ \{/ { name = $2; dynamic = 0; next }
name != "" && /^\t\tflags / && /dynamic/ { dynamic = 1 }
/^\t\}/ { if (name != "" && !dynamic && name !~ /^[ugc]_/) print name; name = "" }
