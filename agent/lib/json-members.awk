# argv TYPE:NAME VALUE … → "NAME":VALUE,… (no braces). TYPE s: string, S: string or null when empty, n: number or null, b: boolean, r: raw JSON;
# o: an object of that name begins, c: it ends (their VALUE is not looked at).
BEGIN {
  for (i = 1; i + 1 < ARGC; i += 2) {
    type = substr(ARGV[i], 1, 1)
    v = ARGV[i + 1]
    if (type == "c") { printf "}"; opened = 0; continue }
    printf "%s\"%s\":", (i > 1 && !opened) ? "," : "", substr(ARGV[i], 3)
    opened = 0
    if (type == "o") { printf "{"; opened = 1; continue }
    if (type == "s") v = json_string(v, 1024)
    else if (type == "S") v = (v == "") ? "null" : json_string(v, 1024)
    else if (type == "n") v = json_number(v)
    else if (type == "b") v = (v == "true") ? "true" : "false"
    printf "%s", v
  }
}
