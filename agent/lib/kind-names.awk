# "KIND<tab>NAME" lines → a JSON array of both, at most 64, the first of each kind before all others: many containers must not hide another kind.
function put(line) {
  if (n >= 64) return
  split(line, part, "\t")
  printf "%s{\"kind\":%s,\"name\":%s}", (n++ ? "," : ""), json_string(part[1], 32), json_string(part[2], 200)
}
BEGIN { printf "[" }
NF >= 1 { if ($1 in seen) rest[++rests] = $0; else { seen[$1] = 1; put($0) } }
END { for (i = 1; i <= rests; i++) put(rest[i]); printf "]" }
