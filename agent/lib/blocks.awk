# stdin: nft listings of one table. Prints each object (set, chain, counter …) as one line, so that they can be sorted.
/^table / || /^\}/ || /^$/ { next }
/^\t[^\t}]/ { if (block != "") print block; block = $0; next }
/^\t\}/ { if (block != "") print block "}"; block = ""; next }
{ block = block "\001" $0 }
END { if (block != "") print block }
