# "ID PATH" lines → "ID":"PATH" members, of the ids in file `used` only.
BEGIN { while ((getline id < used) > 0) keep[id] = 1 }
($1 in keep) {
  id = $1
  sub(/^[0-9]+ /, "")
  printf "%s\"%s\":%s", (n++ ? "," : ""), id, json_string($0, 512)
}
