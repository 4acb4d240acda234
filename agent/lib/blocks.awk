# nft listings of one table. Prints each object (set, chain, counter …) as one line, so that they can be sorted, without
# what some nft print of traffic in spite of -s: 0.9.8 the values of counters, 1.1.7 how many elements a set has.
/^\t\tsize [0-9]+[[:space:]]*# count [0-9]+$/ { sub(/[[:space:]]*# count [0-9]+$/, "") }
/^\t\tpackets [0-9]+ bytes [0-9]+\t[}]$/ { $0 = "\t}" }
/counter packets [0-9]+ bytes [0-9]+/ { sub(/counter packets [0-9]+ bytes [0-9]+/, "counter") }
/^table / || /^\}/ || /^$/ { next }
/^\t[^\t}]/ { if (block != "") print block; block = $0; next }
/^\t\}/ { if (block != "") print block "}"; block = ""; next }
{ block = block "\001" $0 }
END { if (block != "") print block }
