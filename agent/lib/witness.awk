# nft's listings of the witness's sets → "seen":[[POINT,SOURCE,SOURCE-PORT,DESTINATION,PORT],…],"full":BOOL. `size`: how many a set holds.
BEGIN { printf "\"seen\":[" }
/^\tset / { point = $2; sub(/[46]$/, "", point); held = 0 }
{
  gsub(/[{},=]/, " ")
  count = split($0, words, " ")
  for (i = 1; i + 6 <= count; i++) {
    if (words[i + 1] != "." || words[i + 3] != "." || words[i + 5] != "." || from_text(words[i]) == "" || words[i + 2] !~ /^[0-9]+$/ || from_text(words[i + 4]) == "" || words[i + 6] !~ /^[0-9]+$/) continue
    printf "%s[\"%s\",\"%s\",%d,\"%s\",%d]", (n++ ? "," : ""), point, from_text(words[i]), words[i + 2], from_text(words[i + 4]), words[i + 6]
    i += 6
    if (++held >= size) full = 1
  }
}
END { printf "],\"full\":%s", (full ? "true" : "false") }
